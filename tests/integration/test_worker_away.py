"""People go on while no worker runs, and the worker died wherever it was: whatever they did, the case then goes on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlmodel import update

from models import Case
from models.status import CaseStatus, Outcome
from pathways.vocabulary import Specialty
from secunda.db import transaction
from tests.integration.walk import Walk
from tests.integration.walking import Death, Died, Walker

WRITES_TO_THE_PANEL = 7  # take up, screen, look for documents, gather, triage, assign, collect


@contextmanager
def no_worker(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as away:
        away.setattr(walker, "settle", lambda reference: None)
        yield
    with transaction() as session:  # the time of whoever held it is up by now
        session.exec(update(Case).values(lease_until=None))


@pytest.mark.parametrize("committed", [True, False])
@pytest.mark.parametrize("write", range(1, WRITES_TO_THE_PANEL + 1))
def test_a_panel_answers_and_signs_before_anybody_carries_the_case_on(
    launched: Callable[..., Walk], walker: Walker, monkeypatch: pytest.MonkeyPatch, write: int, committed: bool
) -> None:
    walk = launched(Specialty.ORTHOPEDICS)
    walk.consents()
    with no_worker(walker, monkeypatch):
        walk.sends_everything()
        with pytest.raises(Died):
            walker.execute(walk.reference, Death(write, committed=committed))
        walk.accepts()
        walk.signs()
    walker.execute(walk.reference)  # the lost run is found and woken
    walk.goes_to_its_end()
    assert (walk.status, walk.case.outcome) == (CaseStatus.CLOSED, Outcome.DELIVERED)
    assert len(walk.reports) == 1
