"""What the board's page calls stances, concordances and confidence."""

from collections.abc import Mapping
from typing import Final

from pathways.opinion import Confidence, Stance
from pathways.vocabulary import Concordance
from secunda.web.catalogues import N_

STANCES: Final[Mapping[Stance, str]] = {
    Stance.SUPPORTED: N_("Supported"),
    Stance.UNCERTAIN: N_("Uncertain"),
    Stance.NOT_SUPPORTED: N_("Not supported"),
}
STANCE_TONES: Final[Mapping[Stance, str]] = {
    Stance.SUPPORTED: "good",
    Stance.UNCERTAIN: "warn",
    Stance.NOT_SUPPORTED: "bad",
}
CONCORDANCES: Final[Mapping[Concordance, str]] = {
    Concordance.CONFIRMED: N_("Confirmed"),
    Concordance.CLARIFIED: N_("Clarified"),
    Concordance.CHANGED: N_("Changed"),
}
CONFIDENCES: Final[Mapping[Confidence, str]] = {
    Confidence.LOW: N_("Low"),
    Confidence.MODERATE: N_("Moderate"),
    Confidence.HIGH: N_("High"),
}
