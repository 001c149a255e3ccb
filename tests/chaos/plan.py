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
    open_at_once: int = 20
    speed: float = 3000
    stories: tuple[Manner, ...] = STORIES  # how experts behave; each case's first and last draw one
    lease_seconds: int = 10
    events: tuple[int, int] = (10, 60)  # that are recorded between two kills: these hit all stages of all cases
    patience: float = 30  # wall seconds that a kill waits for that
    pause: tuple[float, float] = (0.0, 0.5)  # wall seconds after that
    downtime: tuple[float, float] = (0.0, 2.5)  # wall seconds that a killed part stays away


@dataclass(frozen=True)
class Blow:
    """When `events` were recorded since the blow before, and `pause` after that, `victim` is killed.

    It stays away for `downtime`. Both are wall seconds.
    """

    events: int
    pause: float
    victim: str
    downtime: float


def blows(plan: Plan, workers: list[str]) -> Iterator[Blow]:
    dice = Random(plan.seed)
    victims = [*WEIGHTS, *workers]
    weights = [*WEIGHTS.values(), *(WORKER_WEIGHT for _ in workers)]
    for _ in range(plan.kills):
        (victim,) = dice.choices(victims, weights)
        yield Blow(dice.randint(*plan.events), dice.uniform(*plan.pause), victim, dice.uniform(*plan.downtime))


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
            first_role=dice.choice(plan.stories),
            last_role=dice.choice(plan.stories),
        )
        for number in range(plan.cases)
    ]
