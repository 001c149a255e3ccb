"""What the console calls urgency, owners, waits and outcomes, and in which tone."""

from collections.abc import Mapping
from typing import Final

from models.status import CaseStatus, Outcome, Owner
from pathways.vocabulary import Specialty, Urgency
from secunda.views.work_list import Part
from secunda.web.catalogues import N_

URGENCIES: Final[Mapping[Urgency, str]] = {
    Urgency.P0: N_("P0 emergency"),
    Urgency.P1: N_("P1 within 72 hours"),
    Urgency.P2: N_("P2 urgent"),
    Urgency.P3: N_("P3 routine"),
}
URGENCY_TONES: Final[Mapping[Urgency, str]] = {
    Urgency.P0: "bad",
    Urgency.P1: "bad",
    Urgency.P2: "warn",
    Urgency.P3: "",
}
SPECIALTIES: Final[Mapping[Specialty, str]] = {
    Specialty.ONCOLOGY: N_("Oncology"),
    Specialty.CARDIOLOGY: N_("Cardiology"),
    Specialty.ORTHOPEDICS: N_("Orthopaedics"),
    Specialty.RARE_DISEASE: N_("Rare disease"),
    Specialty.NEUROLOGY: N_("Neurology"),
    Specialty.RADIOLOGY: N_("Radiology"),
    Specialty.CHRONIC_DISEASE: N_("Chronic disease"),
}
OWNERS: Final[Mapping[Owner, str]] = {
    Owner.SECUNDA: N_("Secunda itself"),
    Owner.PATIENT: N_("Patient"),
    Owner.REQUESTER: N_("Requester"),
    Owner.COORDINATOR: N_("Coordinator"),
    Owner.EXPERTS: N_("Experts"),
    Owner.BOARD: N_("Board"),
    Owner.NOBODY: N_("Nobody"),
}
STAGE_TONES: Final[Mapping[CaseStatus, str]] = {
    CaseStatus.AWAITING_PANEL: "warn",
    CaseStatus.AWAITING_CORRECTION: "warn",
    CaseStatus.AWAITING_ADJUDICATION: "warn",
    CaseStatus.ON_HOLD: "warn",
    CaseStatus.REQUESTED: "accent",
    CaseStatus.ASSIGNING: "accent",
    CaseStatus.REPORTING: "accent",
    CaseStatus.CLOSED: "outline",
}
OUTCOME_TONES: Final[Mapping[Outcome, str]] = {Outcome.DELIVERED: "good", Outcome.EMERGENCY_REDIRECT: "bad"}
PARTS: Final[Mapping[Part, str]] = {
    Part.MINE: N_("Needs me now"),
    Part.OPEN: N_("All open"),
    Part.CLOSED: N_("Closed"),
}
SORTS: Final[Mapping[str, str]] = {
    "urgency": N_("Most urgent first"),
    "due": N_("Due soonest first"),
    "waiting": N_("Waiting longest first"),
    "newest": N_("Newest first"),
}
