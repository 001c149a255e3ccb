"""What the form lets an expert choose between, in the order shown."""

from typing import Final

from pathways.opinion import Confidence, Stance
from pathways.vocabulary import Concordance
from secunda.web.catalogues import N_

CONCORDANCE: Final = (
    (Concordance.CONFIRMED.value, N_("Confirmed")),
    (Concordance.CLARIFIED.value, N_("Clarified")),
    (Concordance.CHANGED.value, N_("Changed")),
)
STANCE: Final = (
    (Stance.SUPPORTED.value, N_("Supported")),
    (Stance.UNCERTAIN.value, N_("Uncertain")),
    (Stance.NOT_SUPPORTED.value, N_("Not supported")),
)
CONFIDENCE: Final = (
    (Confidence.LOW.value, N_("Low")),
    (Confidence.MODERATE.value, N_("Moderate")),
    (Confidence.HIGH.value, N_("High")),
)
CHECK: Final = (("met", N_("Met")), ("unmet", N_("Not met")))
