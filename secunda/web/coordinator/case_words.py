"""What the case page calls states, reasons and messages."""

from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from models.status import AssignmentStatus, MessageStatus, RequirementStatus
from pathways.overlay import StopReason
from pathways.requirements import Mismatch
from secunda.adapters.file_facts import FileWarning
from secunda.web.catalogues import N_

REQUIREMENTS: Final[Mapping[RequirementStatus, str]] = {
    RequirementStatus.PENDING: N_("asked for"),
    RequirementStatus.RECEIVED: N_("received"),
    RequirementStatus.WAIVED: N_("waived"),
    RequirementStatus.LIMITED: N_("limitation"),
}
REQUIREMENT_TONES: Final[Mapping[RequirementStatus, str]] = {
    RequirementStatus.PENDING: "warn",
    RequirementStatus.RECEIVED: "good",
    RequirementStatus.WAIVED: "",
    RequirementStatus.LIMITED: "",
}
MISMATCHES: Final[Mapping[Mismatch, str]] = {
    Mismatch.OTHER_TYPE: N_("it is of another type"),
    Mismatch.WRONG_FORMAT: N_("it has another format"),
    Mismatch.UNDATED: N_("it has no date"),
    Mismatch.TOO_OLD: N_("it is too old"),
}
WARNINGS: Final[Mapping[str, str]] = {
    FileWarning.PATIENT_NAME_DIFFERS: N_("The name in the file differs from the patient's."),
    FileWarning.PATIENT_BIRTH_DATE_DIFFERS: N_("The birth date in the file differs from the patient's."),
    FileWarning.PATIENT_SEX_DIFFERS: N_("The sex in the file differs from the patient's."),
    FileWarning.PATIENT_NOT_NAMED: N_("The file names no patient."),
    FileWarning.DICOM_NO_MODALITY: N_("The images do not say of which kind they are."),
    FileWarning.DICOM_NO_STUDY: N_("The images do not say to which study they belong."),
    FileWarning.DICOM_NO_PIXELS: N_("The file has no picture in it."),
    FileWarning.DICOM_NO_TRANSFER_SYNTAX: N_("The images do not say how they are encoded."),
    FileWarning.DICOM_WITHOUT_PREAMBLE: N_("The images lack their preamble."),
    FileWarning.DICOM_DEVIATES: N_("The images deviate from the DICOM standard."),
    FileWarning.PDF_DAMAGED: N_("The PDF is damaged."),
    FileWarning.PDF_HAS_ATTACHMENTS: N_("The PDF has other files inside."),
    FileWarning.PDF_RESTRICTED: N_("The PDF is restricted."),
    FileWarning.CDA_BODY_ELSEWHERE: N_("The text of the clinical document lies elsewhere."),
    FileWarning.CDA_ENTRY_SKIPPED: N_("A part of the clinical document could not be read."),
}
ASSIGNMENTS: Final[Mapping[AssignmentStatus, str]] = {
    AssignmentStatus.REQUESTED: N_("offered"),
    AssignmentStatus.ACCEPTED: N_("accepted"),
    AssignmentStatus.IN_PROGRESS: N_("writing"),
    AssignmentStatus.COMPLETED: N_("signed"),
    AssignmentStatus.REJECTED: N_("declined"),
    AssignmentStatus.CANCELLED: N_("taken back"),
}
ASSIGNMENT_TONES: Final[Mapping[AssignmentStatus, str]] = {
    AssignmentStatus.REQUESTED: "warn",
    AssignmentStatus.ACCEPTED: "accent",
    AssignmentStatus.IN_PROGRESS: "accent",
    AssignmentStatus.COMPLETED: "good",
}
MESSAGES: Final[Mapping[MessageStatus, str]] = {
    MessageStatus.QUEUED: N_("on its way"),
    MessageStatus.CLAIMED: N_("on its way"),
    MessageStatus.SENT: N_("sent"),
    MessageStatus.FAILED: N_("failed"),
    MessageStatus.UNKNOWN: N_("not known"),
    MessageStatus.CANCELLED: N_("taken back"),
}
MESSAGE_TONES: Final[Mapping[MessageStatus, str]] = {
    MessageStatus.QUEUED: "",
    MessageStatus.CLAIMED: "",
    MessageStatus.SENT: "good",
    MessageStatus.FAILED: "bad",
    MessageStatus.UNKNOWN: "warn",
    MessageStatus.CANCELLED: "outline",
}
CHANNELS: Final[Mapping[str, str]] = {"email": N_("e-mail"), "sms": N_("SMS")}
STOPS: Final[Mapping[StopReason, str]] = {
    StopReason.TEST_PENDING: N_("a test is pending"),
    StopReason.WAITING_FOR_PATIENT: N_("the patient is waited for"),
}
RECIPIENTS: Final[Mapping[str, str]] = {
    "patient": N_("Patient"),
    "requester": N_("Requester"),
    "coordinator": N_("Coordinator"),
    "medical_director": N_("Medical director"),
    "payer": N_("Payer"),
    "payer_medical_director": N_("Payer's medical director"),
}
EVENTS: Final[Mapping[str, str]] = {
    "consent_requested": N_("Consent asked for"),
    "consent_reminder": N_("Reminder: consent"),
    "documents_requested": N_("Documents asked for"),
    "documents_reminder": N_("Reminder: documents"),
    "offer": N_("Place on the panel offered"),
    "offer_reminder": N_("Reminder: offer"),
    "offer_withdrawn": N_("Offer withdrawn"),
    "opinion_requested": N_("Opinion asked for"),
    "opinion_reminder": N_("Reminder: opinion"),
    "opinion_overdue": N_("Opinion overdue"),
    "first_opinion_shown": N_("First opinion shown"),
    "expert_replaced": N_("Expert replaced"),
    "no_expert_available": N_("No expert is available"),
    "adjudication_requested": N_("Board asked to decide"),
    "adjudication_reminder": N_("Reminder: board"),
    "correction_requested": N_("Correction asked for"),
    "report_ready": N_("Report ready"),
    "review_answered": N_("Payer answered"),
    "determination_escalation": N_("Answer to the payer is due"),
    "escalation_coordinator": N_("Escalated to the coordinator"),
    "escalation_medical_director": N_("Escalated to the medical director"),
    "delivery_failed": N_("A message could not be delivered"),
    "emergency_redirect": N_("Sent to emergency care"),
    "case_on_hold": N_("Case on hold"),
    "case_resumed": N_("Case resumed"),
    "case_stuck": N_("Case is stuck"),
    "case_withdrawn": N_("Request withdrawn"),
    "access_code": N_("Code to come in with"),
    "new_link": N_("New link"),
    "person_asks": N_("Somebody asks for something"),
    "rights_reply": N_("Answer about their rights"),
}
ITSELF: Final = N_("Secunda itself")
ACTORS: Final = ("user:", "cli:", "expert:", "client:")
Key = TypeVar("Key")


def message_title(event: str) -> str:
    return EVENTS.get(event, event.replace("_", " "))


def recipient(name: str) -> str:
    """An expert stands by the code of the directory."""
    return RECIPIENTS.get(name, name.removeprefix("expert:"))


def actor(name: str) -> str:
    """Who did something, without the mark that says how they came in."""
    for mark in ACTORS:
        name = name.removeprefix(mark)
    return ITSELF if name == "secunda" else name


def named(keys: Iterable[Key], words: Mapping[Key, str]) -> dict[Key, str]:
    """Of the words those of these keys."""
    return {key: words[key] for key in keys}
