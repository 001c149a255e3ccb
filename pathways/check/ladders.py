"""Chase ladders that make sense: rungs in order, reminders before the deadline, experts where one is replaced."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from pathways.check.deadlines import CLASSES, length
from pathways.check.subject import Subject
from pathways.errors import Problem
from pathways.placed import Steps
from pathways.schema import Chase, ChaseAction, ChaseStep
from pathways.spans import Span

WITHOUT_EXPERT = ("consent", "documents", "adjudication")  # the chair adjudicates, and cannot be replaced alone
REMINDERS = (ChaseAction.REMIND, ChaseAction.CHANGE_CHANNEL)


def ladders(subject: Subject) -> Iterator[Problem]:
    """Rungs that come too late, out of order, or cannot be climbed."""
    for wait in Chase.model_fields:
        steps: Sequence[ChaseStep] = getattr(subject.pathway.chase, wait)
        if not steps:
            what = f"nobody is chased while waiting for {wait}"
            yield subject.problem(("chase", wait), what, "add a rung: {at: 50 %, do: remind}", at_key=True)
        for index, step in enumerate(steps):
            yield from _rung(subject, wait, index, step)
            if step.do in REMINDERS:
                yield from _late(subject, wait, index, step)
        yield from _order(subject, wait, steps)


def _rung(subject: Subject, wait: str, index: int, step: ChaseStep) -> Iterator[Problem]:
    place: Steps = ("chase", wait, index)
    if step.do is ChaseAction.REPLACE_EXPERT and wait in WITHOUT_EXPERT:
        yield subject.problem((*place, "do"), f"the wait for {wait} has no expert to replace", "escalate instead")
    if step.do is ChaseAction.ESCALATE and step.to is None:
        yield subject.problem((*place, "do"), "an escalation to nobody", "add `to: coordinator` or `medical_director`")
    if step.do is not ChaseAction.ESCALATE and step.to is not None:
        yield subject.problem((*place, "to"), f"`to` says nothing of {step.do}", "remove it, or escalate", at_key=True)


def _late(subject: Subject, wait: str, index: int, step: ChaseStep) -> Iterator[Problem]:
    for name, deadline in _deadlines(subject, wait):
        moment = _moment(step.at, deadline)
        end = length(deadline)
        if moment is not None and end is not None and moment >= end:
            what = f"a reminder at {step.at}, but the wait for {wait} ends after {name}"
            yield subject.problem(("chase", wait, index, "at"), what, "remind earlier, or escalate then")
            return


def _order(subject: Subject, wait: str, steps: Sequence[ChaseStep]) -> Iterator[Problem]:
    for index, (earlier, later) in enumerate(pairwise(steps), start=1):
        for _, deadline in _deadlines(subject, wait):
            before, after = _moment(earlier.at, deadline), _moment(later.at, deadline)
            if before is not None and after is not None and after < before:
                what = f"a rung at {later.at} below one at {earlier.at}"
                yield subject.problem(("chase", wait, index, "at"), what, "put the rungs in order of time")
                break


def _deadlines(subject: Subject, wait: str) -> list[tuple[str, Span]]:
    """The lengths that the wait may have, each as it is told."""
    found = getattr(subject.pathway.deadlines, wait)
    if isinstance(found, Span):
        return [(str(found), found)]
    return [(f"{found[urgency]} ({urgency})", found[urgency]) for urgency in CLASSES if urgency in found]


def _moment(at: Span, deadline: Span) -> timedelta | None:
    """How long after the start of the wait the rung comes."""
    whole = length(deadline)
    if at.is_share:
        return None if whole is None else whole * at.amount / 100
    return at.roughly
