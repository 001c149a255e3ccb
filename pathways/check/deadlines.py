"""Deadlines that can be kept: every class has one, and the waits on experts fit into the report's term."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from pathways.check.subject import Subject
from pathways.errors import Problem
from pathways.placed import Steps
from pathways.spans import Span
from pathways.vocabulary import Urgency

CLASSES = (Urgency.P1, Urgency.P2, Urgency.P3)
BY_CLASS = ("acceptance", "opinion", "adjudication", "report")
WAITS_OF_REPORT = ("acceptance", "opinion", "adjudication")


def deadlines(subject: Subject) -> Iterator[Problem]:
    """Missing classes, spans without a length, a report due before its opinions are."""
    found = subject.pathway.deadlines
    for wait in ("consent", "documents"):
        yield from _lengths(subject, ("deadlines", wait), getattr(found, wait))
    for wait in BY_CLASS:
        by_class: dict[Urgency, Span] = getattr(found, wait)
        yield from _classes(subject, wait, by_class)
        for urgency, span in by_class.items():
            yield from _lengths(subject, ("deadlines", wait, urgency.value), span)
        yield from _order(subject, wait, by_class)
    for urgency in CLASSES:
        yield from _fit(subject, urgency)


def length(span: Span) -> timedelta | None:
    """How long the span roughly is; None for a share of another."""
    return None if span.is_share else span.roughly


def _classes(subject: Subject, wait: str, by_class: dict[Urgency, Span]) -> Iterator[Problem]:
    missing = [urgency for urgency in CLASSES if urgency not in by_class]
    if missing:
        what = f"`{wait}` has no deadline for {' and '.join(missing)}"
        yield subject.problem(("deadlines", wait), what, f"add `{missing[0]}: …`", at_key=True)
    if Urgency.P0 in by_class:
        steps = ("deadlines", wait, "P0")
        yield subject.problem(steps, "P0 waits for nothing: it is redirected at once", "remove it", at_key=True)


def _lengths(subject: Subject, steps: Steps, span: Span) -> Iterator[Problem]:
    if span.is_share:
        yield subject.problem(steps, f"a deadline cannot be a share: {span}", "write hours, days or working days")
    elif span.amount == 0:
        yield subject.problem(steps, "a deadline of no length", "write how long the wait may last")


def _order(subject: Subject, wait: str, by_class: dict[Urgency, Span]) -> Iterator[Problem]:
    for urgent, calmer in pairwise(CLASSES):
        if urgent not in by_class or calmer not in by_class:
            continue
        longer, shorter = length(by_class[urgent]), length(by_class[calmer])
        if longer is not None and shorter is not None and longer > shorter:
            what = f"`{wait}` of {urgent} ({by_class[urgent]}) is longer than of {calmer} ({by_class[calmer]})"
            yield subject.problem(("deadlines", wait, urgent.value), what, f"give {urgent} at most that")


def _fit(subject: Subject, urgency: Urgency) -> Iterator[Problem]:
    found = subject.pathway.deadlines
    waits = [length(getattr(found, wait)[urgency]) for wait in WAITS_OF_REPORT if urgency in getattr(found, wait)]
    term = length(found.report[urgency]) if urgency in found.report else None
    if term is None or None in waits:
        return
    total = sum((wait for wait in waits if wait), timedelta())
    if total > term:
        what = (
            f"the report of {urgency} is due after {found.report[urgency]}, but acceptance, opinion and adjudication "
            f"may take {_hours(total)} h together, more than its {_hours(term)} h"
        )
        yield subject.problem(("deadlines", "report", urgency.value), what, "shorten the waits or lengthen the report")


def _hours(length: timedelta) -> str:
    return f"{length.total_seconds() / 3600:g}"
