"""Where a case is, told to whoever asked for the second opinion: what `stages` tells the patient, about the patient."""

from typing import Final

from models import Case
from models.status import CaseStatus, Outcome
from secunda.web.catalogues import N_
from secunda.web.patient.stages import Stage, stage_of

Words = tuple[str, str]

STEPS: Final = (N_("Consent"), N_("Documents"), N_("The experts read"), N_("The report"))
CHOOSING: Final = (
    N_("We are choosing the experts"),
    N_("We are asking the right specialists for this case. You need not do anything."),
)
WAITING: Final[dict[CaseStatus, Words]] = {
    CaseStatus.REQUESTED: (N_("The request has arrived"), N_("We are looking at what it needs.")),
    CaseStatus.AWAITING_CONSENT: (
        N_("We wait for the patient's consent"),
        N_("Nobody looks at medical records before the patient allows it."),
    ),
    CaseStatus.AWAITING_DOCUMENTS: (
        N_("We are collecting the documents"),
        N_("As soon as all of them are here, the experts begin."),
    ),
    CaseStatus.ASSIGNING: CHOOSING,
    CaseStatus.AWAITING_PANEL: CHOOSING,
    CaseStatus.AWAITING_ACCEPTANCE: CHOOSING,
    CaseStatus.AWAITING_OPINIONS: (
        N_("The experts are reading the case"),
        N_("They study the documents one by one and write down what they think. You need not do anything."),
    ),
    CaseStatus.AWAITING_ADJUDICATION: (
        N_("The experts are comparing their opinions"),
        N_("Where they differ, they talk about it. You need not do anything."),
    ),
    CaseStatus.REPORTING: (
        N_("The report is being made"),
        N_("It is written, checked and signed. We tell you when it is ready."),
    ),
    CaseStatus.AWAITING_CORRECTION: (
        N_("The report is being checked"),
        N_("An expert corrects something first. We tell you when it is ready."),
    ),
    CaseStatus.ON_HOLD: (
        N_("The request is paused"),
        N_("The coordinator who looks after it knows, and goes on with it as soon as possible."),
    ),
}
ENDED: Final[dict[Outcome, Words]] = {
    Outcome.DELIVERED: (N_("The report is ready"), N_("It answers every question that was asked.")),
    Outcome.WITHDRAWN: (N_("The request has ended"), N_("It was withdrawn. Nobody works on it any more.")),
    Outcome.NOT_ELIGIBLE: (
        N_("The request has ended"),
        N_("A second opinion is not foreseen for it. The coordinator explains why."),
    ),
    Outcome.EMERGENCY_REDIRECT: (
        N_("The patient should get medical help now"),
        N_(
            "What we know of them should not wait for a second opinion. "
            "Call 112 or send them to the emergency department."
        ),
    ),
}


def requesters_stage_of(case: Case) -> Stage:
    """The same step as the patient's, in words for the requester."""
    is_closed = case.status is CaseStatus.CLOSED
    said = ENDED[case.outcome or Outcome.WITHDRAWN] if is_closed else WAITING[case.status]
    return Stage(stage_of(case).step, *said)
