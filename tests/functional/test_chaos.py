"""A few cases while every part is killed at random; `make chaos` does it with many, for long."""

import pytest

from tests.chaos.plan import PROMPT, Plan, blows, scripts
from tests.chaos.storm import storm

pytestmark = [pytest.mark.system, pytest.mark.timeout(600), pytest.mark.xdist_group("chaos")]

SHORT = Plan(
    cases=4,
    kills=8,
    seed=5,
    open_at_once=4,
    speed=6000,
    stories=(PROMPT,),
    lease_seconds=2,
    events=(8, 40),
    downtime=(0.0, 0.5),
)
WORKERS = ["worker-1", "worker-2"]


def test_nothing_is_lost_or_done_twice_while_every_part_is_killed() -> None:
    figures = storm(SHORT, print)
    assert figures.wrongs == []
    assert figures.kills.total() == SHORT.kills
    assert set(figures.kills) == {"postgres", "server", "worker"}


def test_a_seed_repeats_cases_people_and_kills() -> None:
    again = Plan(**{**vars(SHORT), "seed": 3})
    assert list(blows(SHORT, WORKERS)) == list(blows(SHORT, WORKERS)) != list(blows(again, WORKERS))
    many, others = Plan(cases=50, kills=0, seed=2), Plan(cases=50, kills=0, seed=3)
    assert scripts(many) == scripts(many) != scripts(others)
