"""Every state machine of Secunda: the states, the legal transitions, who must act, and the badge that Prefect shows."""

from enum import StrEnum


class CaseStatus(StrEnum):
    """Where a case is; `ServiceRequest.businessStatus` in FHIR terms."""

    REQUESTED = "requested"
    AWAITING_CONSENT = "awaiting_consent"
    AWAITING_DOCUMENTS = "awaiting_documents"
    ASSIGNING = "assigning"
    AWAITING_PANEL = "awaiting_panel"
    AWAITING_ACCEPTANCE = "awaiting_acceptance"
    AWAITING_OPINIONS = "awaiting_opinions"
    AWAITING_ADJUDICATION = "awaiting_adjudication"
    REPORTING = "reporting"
    AWAITING_CORRECTION = "awaiting_correction"
    ON_HOLD = "on_hold"
    CLOSED = "closed"


class Owner(StrEnum):
    """Who must act next."""

    SECUNDA = "secunda"
    PATIENT = "patient"
    REQUESTER = "requester"
    COORDINATOR = "coordinator"
    EXPERTS = "experts"
    BOARD = "board"
    NOBODY = "nobody"


class Outcome(StrEnum):
    """How a closed case ended."""

    DELIVERED = "delivered"
    EMERGENCY_REDIRECT = "emergency_redirect"
    NOT_ELIGIBLE = "not_eligible"
    WITHDRAWN = "withdrawn"


class HoldCause(StrEnum):
    """Why a case is on hold; a hold that Prefect caused ends when the run is retried there."""

    COORDINATOR = "coordinator"
    RUN_CANCELLED = "run_cancelled"
    RUN_FAILED = "run_failed"
    CONSENT_EXPIRED = "consent_expired"  # ends when the patient consents again
    SIGNING_FAILED = "signing_failed"  # a certificate or a service is to be mended first


class RequirementStatus(StrEnum):
    PENDING = "pending"
    RECEIVED = "received"
    WAIVED = "waived"
    LIMITED = "limited"  # cannot be obtained: proceed with limitation


class AssignmentStatus(StrEnum):
    """FHIR Task.status, the part that an assignment uses."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class OpinionStatus(StrEnum):
    DRAFT = "draft"
    PROVISIONAL = "provisional"  # locked before the first opinion was shown (blind-first)
    FINAL = "final"


class MessageStatus(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"  # claimed by a process that died: sent or not, nobody knows
    CANCELLED = "cancelled"


class IncidentKind(StrEnum):
    """What was found wrong around a case, and mended."""

    RUN_REBUILT = "run_rebuilt"  # Prefect had lost the run, or could never execute it: another one was made
    WORKER_LOST = "worker_lost"  # pending or running, and nobody executed it: woken
    SLEPT_TOO_LONG = "slept_too_long"  # parked, and its deadline had passed: woken
    ENDED_TOO_EARLY = "ended_too_early"  # its run had ended, and the case had not: woken
    CLOCK_SET_BACK = "clock_set_back"  # parked for a time that a clock which was set back will not reach soon: woken
    HOUSEKEEPING_LOST = "housekeeping_lost"  # a run that keeps house had lost its worker: ended, the next one does it
    PREFECT_UNREACHABLE = "prefect_unreachable"  # its API did not answer, and answers again
    DATABASE_UNREACHABLE = "database_unreachable"  # the domain store did not answer, and answers again


class Step(StrEnum):
    """The steps of the flow, in order."""

    CONSENT = "consent"
    GATHER = "gather"
    TRIAGE = "triage"
    ASSIGN = "assign"
    COLLECT = "collect"
    ADJUDICATE = "adjudicate"
    RENDER = "render"
    DELIVER = "deliver"
    CLOSE = "close"


S = CaseStatus
_MOVES_ON = {S.ON_HOLD, S.CLOSED}

CASE_TRANSITIONS: dict[CaseStatus, set[CaseStatus]] = {
    S.REQUESTED: {S.AWAITING_CONSENT, S.AWAITING_DOCUMENTS, S.ASSIGNING} | _MOVES_ON,
    S.AWAITING_CONSENT: {S.AWAITING_DOCUMENTS, S.ASSIGNING} | _MOVES_ON,
    S.AWAITING_DOCUMENTS: {S.AWAITING_CONSENT, S.ASSIGNING} | _MOVES_ON,
    S.ASSIGNING: {  # while no worker runs, the experts may have answered, and signed
        S.AWAITING_CONSENT,
        S.AWAITING_PANEL,
        S.AWAITING_ACCEPTANCE,
        S.AWAITING_OPINIONS,
        S.AWAITING_ADJUDICATION,
        S.REPORTING,
    }
    | _MOVES_ON,
    S.AWAITING_PANEL: {
        S.AWAITING_CONSENT,
        S.AWAITING_ACCEPTANCE,
        S.AWAITING_OPINIONS,
        S.AWAITING_ADJUDICATION,
        S.REPORTING,
    }
    | _MOVES_ON,
    S.AWAITING_ACCEPTANCE: {
        S.AWAITING_CONSENT,
        S.AWAITING_PANEL,
        S.AWAITING_OPINIONS,
        S.AWAITING_ADJUDICATION,
        S.REPORTING,
    }
    | _MOVES_ON,
    S.AWAITING_OPINIONS: {
        S.AWAITING_CONSENT,
        S.AWAITING_PANEL,
        S.AWAITING_ACCEPTANCE,
        S.AWAITING_ADJUDICATION,
        S.REPORTING,
    }
    | _MOVES_ON,
    S.AWAITING_ADJUDICATION: {
        S.AWAITING_CONSENT,
        S.AWAITING_PANEL,
        S.AWAITING_ACCEPTANCE,
        S.AWAITING_OPINIONS,
        S.REPORTING,
    }
    | _MOVES_ON,
    S.REPORTING: {S.AWAITING_CONSENT, S.AWAITING_CORRECTION} | _MOVES_ON,
    S.AWAITING_CORRECTION: {
        S.AWAITING_CONSENT,
        S.AWAITING_PANEL,
        S.AWAITING_ACCEPTANCE,
        S.AWAITING_OPINIONS,
        S.AWAITING_ADJUDICATION,
        S.REPORTING,
    }
    | _MOVES_ON,
    S.ON_HOLD: set(S) - {S.ON_HOLD},
    S.CLOSED: {S.AWAITING_CORRECTION},  # a delivered report is amended
}

CASE_OWNERS: dict[CaseStatus, Owner] = {
    S.REQUESTED: Owner.SECUNDA,
    S.AWAITING_CONSENT: Owner.PATIENT,
    S.AWAITING_DOCUMENTS: Owner.REQUESTER,
    S.ASSIGNING: Owner.SECUNDA,
    S.AWAITING_PANEL: Owner.COORDINATOR,
    S.AWAITING_ACCEPTANCE: Owner.EXPERTS,
    S.AWAITING_OPINIONS: Owner.EXPERTS,
    S.AWAITING_ADJUDICATION: Owner.BOARD,
    S.REPORTING: Owner.SECUNDA,
    S.AWAITING_CORRECTION: Owner.COORDINATOR,
    S.ON_HOLD: Owner.COORDINATOR,
    S.CLOSED: Owner.NOBODY,
}

CASE_BADGES: dict[CaseStatus, str] = {
    S.REQUESTED: "Requested",
    S.AWAITING_CONSENT: "Awaiting consent",
    S.AWAITING_DOCUMENTS: "Awaiting documents",
    S.ASSIGNING: "Assigning experts",
    S.AWAITING_PANEL: "Awaiting an available expert",
    S.AWAITING_ACCEPTANCE: "Awaiting acceptance",
    S.AWAITING_OPINIONS: "Awaiting opinions",
    S.AWAITING_ADJUDICATION: "Awaiting adjudication",
    S.REPORTING: "Preparing report",
    S.AWAITING_CORRECTION: "Awaiting correction",
    S.ON_HOLD: "On hold",
    S.CLOSED: "Closed",
}

A = AssignmentStatus
ASSIGNMENT_TRANSITIONS: dict[AssignmentStatus, set[AssignmentStatus]] = {
    A.REQUESTED: {A.ACCEPTED, A.REJECTED, A.CANCELLED},
    A.ACCEPTED: {A.IN_PROGRESS, A.COMPLETED, A.CANCELLED},
    A.IN_PROGRESS: {A.COMPLETED, A.CANCELLED},
    A.COMPLETED: {A.IN_PROGRESS, A.CANCELLED},  # back to in-progress when the report needs a correction
    A.REJECTED: set(),
    A.CANCELLED: set(),
}
OPEN_ASSIGNMENT = (A.REQUESTED, A.ACCEPTED, A.IN_PROGRESS)  # the expert still owes something
LIVE_ASSIGNMENT = (*OPEN_ASSIGNMENT, A.COMPLETED)  # the seat is taken

R = RequirementStatus
REQUIREMENT_TRANSITIONS: dict[RequirementStatus, set[RequirementStatus]] = {
    R.PENDING: {R.RECEIVED, R.WAIVED, R.LIMITED},
    R.RECEIVED: {R.PENDING},  # a document is found to be wrong or out of date
    R.WAIVED: {R.PENDING, R.RECEIVED},
    R.LIMITED: {R.PENDING, R.RECEIVED},
}

M = MessageStatus
MESSAGE_TRANSITIONS: dict[MessageStatus, set[MessageStatus]] = {
    M.QUEUED: {M.CLAIMED, M.CANCELLED},
    M.CLAIMED: {M.SENT, M.QUEUED, M.FAILED, M.UNKNOWN},
    M.SENT: set(),
    M.FAILED: {M.QUEUED},
    M.UNKNOWN: {M.QUEUED, M.SENT},  # sent: whoever was taken for dead comes back with a receipt
    M.CANCELLED: set(),
}

O = OpinionStatus  # noqa: E741
OPINION_TRANSITIONS: dict[OpinionStatus, set[OpinionStatus]] = {
    O.DRAFT: {O.PROVISIONAL, O.FINAL},
    O.PROVISIONAL: set(),
    O.FINAL: set(),
}
