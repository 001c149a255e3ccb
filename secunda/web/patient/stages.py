"""Where a case is, told to the patient: a title, a sentence, and which of the four steps it is."""

from dataclasses import dataclass
from typing import Final

from models import Case
from models.status import CaseStatus, Outcome
from secunda.web.catalogues import N_

STEPS: Final = (N_("Your consent"), N_("Your documents"), N_("The experts read"), N_("Your report"))
DONE: Final = len(STEPS)


@dataclass(frozen=True)
class Stage:
    """`step` counts from 0; DONE when all are done."""

    step: int
    title: str
    text: str


READING: Final = N_("They study your documents one by one and write down what they think. You need not do anything.")
SEARCHING: Final = N_("We are asking the right specialists for your illness. You need not do anything.")

STAGES: Final = {
    CaseStatus.REQUESTED: Stage(0, N_("Your request has arrived"), N_("We are looking at what it needs.")),
    CaseStatus.AWAITING_CONSENT: Stage(
        0, N_("We need your consent"), N_("Nobody looks at your medical records before you allow it.")
    ),
    CaseStatus.AWAITING_DOCUMENTS: Stage(
        1, N_("We are collecting your documents"), N_("As soon as all of them are here, the experts begin.")
    ),
    CaseStatus.ASSIGNING: Stage(2, N_("We are choosing your experts"), SEARCHING),
    CaseStatus.AWAITING_PANEL: Stage(2, N_("We are choosing your experts"), SEARCHING),
    CaseStatus.AWAITING_ACCEPTANCE: Stage(2, N_("We are choosing your experts"), SEARCHING),
    CaseStatus.AWAITING_OPINIONS: Stage(2, N_("The experts are reading your case"), READING),
    CaseStatus.AWAITING_ADJUDICATION: Stage(
        2,
        N_("The experts are comparing their opinions"),
        N_("Where they differ, they talk about it. You need not do anything."),
    ),
    CaseStatus.REPORTING: Stage(
        3, N_("Your report is being made"), N_("It is written, checked and signed. We tell you when it is ready.")
    ),
    CaseStatus.AWAITING_CORRECTION: Stage(
        3, N_("Your report is being checked"), N_("An expert corrects something first. We tell you when it is ready.")
    ),
}
PAUSED: Final = (
    N_("Your request is paused"),
    N_("The coordinator who looks after it knows, and goes on with it as soon as possible."),
)
ENDS: Final = {
    Outcome.DELIVERED: Stage(
        DONE, N_("Your report is ready"), N_("Read it in peace, and talk about it with your own doctor.")
    ),
    Outcome.WITHDRAWN: Stage(0, N_("Your request has ended"), N_("It was withdrawn. Nobody works on it any more.")),
    Outcome.NOT_ELIGIBLE: Stage(
        0, N_("Your request has ended"), N_("A second opinion is not foreseen for it. The coordinator explains why.")
    ),
    Outcome.EMERGENCY_REDIRECT: Stage(
        0,
        N_("Please get medical help now"),
        N_("What we know of you should not wait for a second opinion. Call 112 or go to the emergency department."),
    ),
}


def stage_of(case: Case) -> Stage:
    """The stage as it is told."""
    if case.status is CaseStatus.CLOSED:
        return ENDS[case.outcome or Outcome.WITHDRAWN]
    if case.status is CaseStatus.ON_HOLD:
        return Stage(STAGES[case.held_from or CaseStatus.REQUESTED].step, *PAUSED)
    return STAGES[case.status]
