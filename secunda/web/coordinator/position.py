"""The case's place on its pathway: the steps as everybody calls them, which are done, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from models import Case
from models.status import CaseStatus, Step
from secunda.web.catalogues import N_

TITLES: Final[Mapping[Step, str]] = {
    Step.CONSENT: N_("Consent"),
    Step.GATHER: N_("Documents"),
    Step.TRIAGE: N_("Triage"),
    Step.ASSIGN: N_("Panel"),
    Step.COLLECT: N_("Opinions"),
    Step.ADJUDICATE: N_("One position"),
    Step.RENDER: N_("Report"),
    Step.DELIVER: N_("Delivery"),
}


@dataclass(frozen=True)
class Station:
    """`state`: done, here, ahead, or left (the case ended before)."""

    title: str
    state: str


STATES: Final[Mapping[str, str]] = {
    "done": N_("done"),
    "here": N_("the case is here"),
    "ahead": N_("ahead"),
    "left": N_("not reached"),
}


#: Where the state says it more exactly than the finished steps.
PLACES: Final[Mapping[CaseStatus, Step]] = {
    CaseStatus.ASSIGNING: Step.ASSIGN,
    CaseStatus.AWAITING_PANEL: Step.ASSIGN,
    CaseStatus.AWAITING_ACCEPTANCE: Step.ASSIGN,
    CaseStatus.AWAITING_OPINIONS: Step.COLLECT,
    CaseStatus.AWAITING_ADJUDICATION: Step.ADJUDICATE,
}


def stations(case: Case) -> list[Station]:
    """In the order of the flow."""
    finished = set(case.finished_steps)
    is_over = case.status is CaseStatus.CLOSED
    status = case.held_from or case.status
    here = PLACES.get(status) or next((step for step in TITLES if step.value not in finished), None)
    order = list(TITLES)
    return [
        Station(
            title, _state(step, here, is_done=step.value in finished or _is_before(step, here, order), is_over=is_over)
        )
        for step, title in TITLES.items()
    ]


def _is_before(step: Step, here: Step | None, order: list[Step]) -> bool:
    return here is not None and order.index(step) < order.index(here)


def _state(step: Step, here: Step | None, *, is_done: bool, is_over: bool) -> str:
    if step is here and not is_over:
        return "here"
    if is_done:
        return "done"
    return "left" if is_over else "ahead"
