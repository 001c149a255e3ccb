"""What the ops pages call parts, faults and findings, and in which tone."""

from collections.abc import Mapping
from typing import Final

from models.door_status import DeliveryStatus
from models.status import HoldCause, IncidentKind, MessageStatus
from secunda.adapters.signing.held import Purpose
from secunda.operating.certificates import Standing
from secunda.operating.components import Part, Trouble
from secunda.operating.stuck import Why
from secunda.recipients import RecipientKind
from secunda.web.catalogues import N_
from secunda.web.coordinator import case_words

PARTS: Final[Mapping[Part, str]] = {
    Part.DATABASE: N_("Database (PostgreSQL)"),
    Part.CLOCK: N_("Clock"),
    Part.PREFECT: N_("Prefect's server"),
    Part.DEPLOYMENTS: N_("Deployments"),
    Part.POOL: N_("Work pool"),
    Part.DISK: N_("Disk"),
}
TROUBLES: Final[Mapping[Trouble, str]] = {
    Trouble.SILENT: N_("does not answer"),
    Trouble.REFUSED: N_("refuses us: check its password"),
    Trouble.APART: N_("differs too much from the database's: set both by NTP"),
    Trouble.MISSING: N_("some are missing: run “secunda deploy”"),
    Trouble.PAUSED: N_("is paused in Prefect: no case is taken up"),
    Trouble.FULL: N_("is nearly full"),
}
WHYS: Final[Mapping[Why, tuple[str, str]]] = {
    Why.OVERDUE: (N_("Overdue"), N_("Their deadline has passed, and no worker has taken them up.")),
    Why.MARKED: (N_("To be woken"), N_("Something happened to them, and no worker has taken them up yet.")),
    Why.FAILING: (N_("Failing"), N_("Their last step failed. It is tried again by itself.")),
    Why.STOPPED: (N_("Stopped by a fault"), N_("They go on when the fault is mended and their run is retried.")),
    Why.CANCELLED: (N_("Cancelled in Prefect"), N_("Somebody cancelled their run. They go on when it is retried.")),
}
HOLDS: Final[Mapping[HoldCause, str]] = {
    HoldCause.COORDINATOR: N_("by a coordinator"),
    HoldCause.RUN_CANCELLED: N_("its run was cancelled"),
    HoldCause.RUN_FAILED: N_("its run failed"),
    HoldCause.CONSENT_EXPIRED: N_("the consent has ended"),
    HoldCause.SIGNING_FAILED: N_("the report could not be signed"),
}
INCIDENTS: Final[Mapping[IncidentKind, tuple[str, str]]] = {
    IncidentKind.WORKER_LOST: (N_("Worker lost"), N_("A worker died or fell silent; another took its cases over.")),
    IncidentKind.RUN_REBUILT: (N_("Run made anew"), N_("Prefect had lost the run of a case.")),
    IncidentKind.SLEPT_TOO_LONG: (N_("Slept too long"), N_("A case was parked past its deadline, and was woken.")),
    IncidentKind.ENDED_TOO_EARLY: (N_("Ended too early"), N_("A run had ended before its case, and was woken.")),
    IncidentKind.CLOCK_SET_BACK: (N_("Clock set back"), N_("A wait lay too far ahead, and was ended.")),
    IncidentKind.HOUSEKEEPING_LOST: (N_("Housekeeping lost"), N_("A housekeeping run had lost its worker.")),
    IncidentKind.PREFECT_UNREACHABLE: (N_("Prefect away"), N_("Prefect did not answer for a while.")),
    IncidentKind.DATABASE_UNREACHABLE: (N_("Database away"), N_("The database did not answer for a while.")),
}
RECIPIENTS: Final[Mapping[str, str]] = {**case_words.RECIPIENTS, RecipientKind.EXPERT: N_("Expert")}
CHANNELS: Final[Mapping[str, str]] = {**case_words.CHANNELS, "webhook": N_("Webhooks")}
MESSAGES: Final[Mapping[MessageStatus, tuple[str, str]]] = {
    MessageStatus.QUEUED: (N_("tried again"), "warn"),
    MessageStatus.CLAIMED: (N_("being sent"), "accent"),
    MessageStatus.SENT: (N_("sent"), "good"),
    MessageStatus.FAILED: (N_("failed"), "bad"),
    MessageStatus.UNKNOWN: (N_("sent or not, nobody knows"), "warn"),
    MessageStatus.CANCELLED: (N_("cancelled"), "outline"),
}
DELIVERIES: Final[Mapping[DeliveryStatus, tuple[str, str]]] = {
    DeliveryStatus.QUEUED: (N_("tried again"), "warn"),
    DeliveryStatus.FAILED: (N_("failed"), "bad"),
}
PURPOSES: Final[Mapping[Purpose, str]] = {
    Purpose.SEAL: N_("Seal of the organisation"),
    Purpose.EXPERT: N_("Expert"),
    Purpose.TIMESTAMP: N_("Time-stamp service"),
    Purpose.AUTHORITY: N_("Trusted authority"),
}
STANDINGS: Final[Mapping[Standing, tuple[str, str]]] = {
    Standing.GOOD: (N_("valid"), "good"),
    Standing.RENEW: (N_("renew it soon"), "warn"),
    Standing.SOON: (N_("renew it now"), "bad"),
    Standing.ENDED: (N_("has ended"), "bad"),
    Standing.FAULT: (N_("cannot be used"), "bad"),
}
FAULTS: Final[Mapping[str, str]] = {
    "does not open": N_("does not open: check the file and its passphrase"),
    "no certificate": N_("the file holds a key without its certificate"),
    "missing": N_("there is none: no report can be sealed"),
    "does not answer": N_("the service does not answer"),
}
FOLDERS: Final[Mapping[str, str]] = {"home": N_("The installation"), "documents": N_("Documents")}
