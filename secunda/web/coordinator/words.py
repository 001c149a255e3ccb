"""What the console calls urgency, owners, waits and outcomes, and in which tone."""

from collections.abc import Mapping
from typing import Final

from models.rights_request import Right, RightAnswer
from models.status import CaseStatus, Outcome, Owner
from pathways.vocabulary import Specialty, Urgency
from secunda.adapters.fhir.incoming import BundleWarning
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
    Part.CLOSED: N_("Closed cases"),
}
SORTS: Final[Mapping[str, str]] = {
    "urgency": N_("Most urgent first"),
    "due": N_("Due soonest first"),
    "waiting": N_("Waiting longest first"),
    "newest": N_("Newest first"),
}
#: What a patient may ask for by law, and how it was answered.
RIGHTS: Final[Mapping[Right, str]] = {
    Right.ACCESS: N_("A copy of the data"),
    Right.ERASURE: N_("Erasure of the data"),
}
RIGHT_ANSWERS: Final[Mapping[RightAnswer, str]] = {
    RightAnswer.GRANTED: N_("Granted"),
    RightAnswer.PARTLY: N_("Granted in part"),
    RightAnswer.REFUSED: N_("Refused"),
}
RIGHT_TONES: Final[Mapping[RightAnswer, str]] = {
    RightAnswer.GRANTED: "good",
    RightAnswer.PARTLY: "warn",
    RightAnswer.REFUSED: "bad",
}
NOTICED: Final[Mapping[BundleWarning, str]] = {
    BundleWarning.SUBJECT_NOT_IN_BUNDLE: N_("This is about somebody who is not in the bundle; it was left out."),
    BundleWarning.REFERENCE_TO_NOWHERE: N_("This refers to something that is not in the bundle."),
    BundleWarning.MODIFIER_NOT_UNDERSTOOD: N_("This has a modifier that is not understood; it was left out."),
    BundleWarning.NO_BIRTH_DATE: N_("The patient has no birth date."),
    BundleWarning.BIRTH_DATE_PARTIAL: N_("Of the birth date only a part is known."),
    BundleWarning.PATIENT_DECEASED: N_("The patient is recorded as deceased."),
    BundleWarning.PATIENT_IS_MINOR: N_("The patient is a minor: who consents?"),
    BundleWarning.SEVERAL_REQUESTS: N_("There are several requests, so none is taken over."),
    BundleWarning.ATTACHMENT_WITHOUT_CONTENT: N_("A document is named, but its content is not here."),
    BundleWarning.ATTACHMENT_SIZE_DIFFERS: N_("A document is not as large as it says."),
    BundleWarning.ATTACHMENT_HASH_UNKNOWN: N_("The hash of a document is of no kind that is known here."),
}
