"""What a run of chaos does: which cases, how their people behave, and who is killed when. A seed repeats all of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from pathways.vocabulary import Specialty
from secunda.demo.scenario import DECLINES, DISAGREES, SILENT, DemoCase, Manner
from tests.chaos.installation import POSTGRES, SERVER

PROMPT = Manner(accepts_after=timedelta(hours=1), writes_after=timedelta(hours=3))
STORIES = (PROMPT, PROMPT, PROMPT, DECLINES, DISAGREES, SILENT)
WEIGHTS = {POSTGRES: 1, SERVER: 1}  # how often each part is hit; a worker counts WORKER_WEIGHT
WORKER_WEIGHT = 2


@dataclass(frozen=True)
class Plan:
    """`open_at_once`: how many cases are under way together; `speed`: pathway seconds a wall second."""

    cases: int
    kills: int
    seed: int
    workers: int = 2
    open_at_once: int = 12
    speed: float = 3000
    lease_seconds: int = 4
    pause: tuple[float, float] = (0.5, 4.0)  # wall seconds between two kills
    downtime: tuple[float, float] = (0.0, 2.5)  # wall seconds that a killed part stays away


@dataclass(frozen=True)
class Blow:
    """`after` the one before it, `victim` is killed and stays away for `downtime` (wall seconds)."""

    after: float
    victim: str
    downtime: float


def blows(plan: Plan, workers: list[str]) -> Iterator[Blow]:
    dice = Random(plan.seed)
    victims = [*WEIGHTS, *workers]
    weights = [*WEIGHTS.values(), *(WORKER_WEIGHT for _ in workers)]
    for _ in range(plan.kills):
        (victim,) = dice.choices(victims, weights)
        yield Blow(dice.uniform(*plan.pause), victim, dice.uniform(*plan.downtime))


def scripts(plan: Plan) -> list[DemoCase]:
    """One script a case: specialties in turn, people as the dice fall."""
    dice = Random(plan.seed + 1)
    ordinary = DemoCase(
        "chaos",
        Specialty.ONCOLOGY,
        "",
        documents_after=timedelta(hours=1),
        consent_after=timedelta(hours=1),
        board_after=timedelta(hours=2),
        manners={"*": PROMPT},
    )
    specialties = list(Specialty)
    return [
        replace(
            ordinary,
            key=f"chaos-{number}",
            specialty=specialties[number % len(specialties)],
            language=dice.choice(("en", "es")),
            first_role=dice.choice(STORIES),
            last_role=dice.choice(STORIES),
        )
        for number in range(plan.cases)
    ]
