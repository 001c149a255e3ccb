"""Workers die on purpose at the places of the engine; `make chaos` kills them at random."""

import pytest

from tests.chaos.sweep import CERTAIN, sweep

pytestmark = [pytest.mark.system, pytest.mark.timeout(600), pytest.mark.xdist_group("chaos")]


def test_cases_finish_whole_although_a_worker_dies_at_each_commit_and_call() -> None:
    swept = sweep(CERTAIN, cases=4, workers=3, seconds=500)
    assert swept.wrongs == ()
    assert swept.left == frozenset(), "nobody has died there"
    assert swept.deaths >= len(CERTAIN)
