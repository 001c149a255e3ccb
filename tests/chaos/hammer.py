"""Events that are committed just when a case parks, one after the other: each must be followed by an execution."""

import time
from collections.abc import Iterable
from random import Random

from sqlmodel import col, select

from models import Case
from secunda import cases, clock
from secunda.db import transaction

AROUND_PARKING = 0.15  # wall seconds from taking a case up, within which it parks again


def hammer(references: Iterable[str], times: int, seed: int, patience: float) -> list[float]:
    """Wake each case `times` times, at a random moment after it was taken up for the time before.

    Returns the wall seconds that each event waited until the case was taken up; fewer than there were to be when
    `patience` (wall seconds for one event) was at its end.
    """
    dice = Random(seed)
    left = dict.fromkeys(references, times)
    strikes_at = dict.fromkeys(left, time.monotonic())
    since: dict[str, float] = {}
    waited: list[float] = []
    while left and all(time.monotonic() - begun < patience for begun in since.values()):
        unseen = _marked(left)
        now = time.monotonic()
        for reference in list(left):
            if reference in since and reference not in unseen:
                waited.append(now - since.pop(reference))
                strikes_at[reference] = now + dice.uniform(0, AROUND_PARKING)
                left[reference] -= 1
            if not left[reference]:
                del left[reference]
            elif reference not in since and strikes_at[reference] <= now:
                _wake(reference)
                since[reference] = time.monotonic()
        time.sleep(0.01)
    return waited


def _marked(references: Iterable[str]) -> set[str]:
    with transaction() as session:
        marked = col(Case.wake_requested_at).is_not(None)
        return set(session.exec(select(Case.reference).where(col(Case.reference).in_(list(references)), marked)))


def _wake(reference: str) -> None:
    with transaction() as session:
        cases.request_wake(session, cases.lock_by_reference(session, reference), clock.wall())
