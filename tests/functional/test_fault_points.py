"""Workers die on purpose at the places of the engine; `make chaos` goes through every place there is."""

import pytest

from tests.chaos.sweep import CALLS, COMMITS, STEP_COMMITS, sweep

pytestmark = [pytest.mark.system, pytest.mark.timeout(500)]


@pytest.mark.parametrize("places", [CALLS | COMMITS, STEP_COMMITS], ids=["calls", "steps"])
def test_cases_finish_whole_whose_workers_die_at(places: set[str]) -> None:
    swept = sweep(places, cases=3, workers=2, seconds=400)
    assert swept.wrongs == ()
    assert swept.left == frozenset()
    assert swept.deaths >= len(places)
