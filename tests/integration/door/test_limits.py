"""How often a client may call is counted once, for however many processes serve the API."""

from datetime import timedelta

import pytest

from models import RateWindow
from secunda import clock
from secunda.api import limits
from secunda.api.problems import ProblemError
from secunda.db import transaction
from tests.integration.door.conftest import set_to


@pytest.fixture(autouse=True)
def nobody_has_called(store: str) -> None:
    limits.forget()


def allowed(tries: int, forgets_after: int) -> int:
    """How many of so many calls are let through; each time after a few of them, another process serves."""
    count = 0
    for number in range(tries):
        if number % forgets_after == 0:
            limits.forget()
        try:
            limits.hit("one")
        except ProblemError as refused:
            assert refused.status == 429
            assert int(refused.headers["Retry-After"]) <= limits.WINDOW
        else:
            count += 1
    return count


@pytest.mark.parametrize("forgets_after", [1, 3, 100])
def test_a_few_calls_are_counted_one_by_one(forgets_after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    set_to(monkeypatch, api_requests_per_minute=7)
    assert allowed(20, forgets_after) == 7


def test_many_are_counted_in_blocks_and_never_more_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    set_to(monkeypatch, api_requests_per_minute=1000)
    assert allowed(1010, 2000) == 1000
    with transaction() as session:
        session.query(RateWindow).delete()
    assert 100 < allowed(1010, 3) <= 1000


def test_clients_and_windows_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    set_to(monkeypatch, api_requests_per_minute=1)
    limits.hit("one")
    limits.hit("two")
    with pytest.raises(ProblemError):
        limits.hit("one")
    past = clock.wall() - timedelta(seconds=1)
    with transaction() as session:
        for row in session.query(RateWindow):
            row.ends_at = past
    limits.forget()
    assert limits.hit("one")["RateLimit"].startswith('"client";r=0;')


def test_a_clock_that_was_set_back_locks_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    set_to(monkeypatch, api_requests_per_minute=1)
    limits.hit("one")
    with transaction() as session:
        for row in session.query(RateWindow):
            row.ends_at = clock.wall() + timedelta(days=1)
    limits.forget()
    limits.hit("one")
