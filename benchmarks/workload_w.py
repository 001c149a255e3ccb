"""Workload W on the real engine: register → documents → triage → assign → acceptance → opinion → report → close."""

import itertools
import time
from collections import Counter
from dataclasses import dataclass, field

from benchmarks import STUB, api_calls, measuring, truths
from benchmarks.caseload import Caseload
from benchmarks.installation import Installation
from benchmarks.measuring import Round
from secunda.settings import settings

PDF = "Requester of a real report"
_number = itertools.count(1)


@dataclass
class Workload:
    """Rounds of W of one kind: with the report stubbed, or with the real PDF."""

    system: Installation
    requester: str = STUB
    rounds: list[Round] = field(default_factory=list)
    facts: list[dict[str, float]] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    last: str = ""  # the reference of a case that this workload finished

    def warm_up(self, cases: int = 5) -> None:
        """A round that does not count: everything imported, connected and prepared."""
        self.round(cases)
        self.rounds.clear()
        self.facts.clear()
        self.calls.clear()

    def round(self, cases: int) -> Round:
        """Carry that many cases together from launch to closing, and check what must stay true."""
        noted = settings().log_folder / api_calls.FILE
        _, position = api_calls.noted_since(noted, 0)
        caseload = Caseload()
        before, begun = self.system.cpu(), time.monotonic()
        references = caseload.launch((f"{next(_number)}" for _ in range(cases)), self.requester)
        caseload.carry(references)
        wall = time.monotonic() - begun
        facts = truths.check(references)  # also waits until Prefect has written all that belongs to the round
        seconds = measuring.difference(before, self.system.cpu()) | {"driver": caseload.acts.seconds}
        calls, _ = api_calls.noted_since(noted, position)
        self.calls += calls
        self.facts.append(facts | {"API calls": calls.total() / cases})
        self.rounds.append(Round(cases, wall, seconds, caseload.yardsticks.median))
        self.last = references[0]
        return self.rounds[-1]

    def summary(self) -> dict[str, float]:
        """Medians over the rounds: CPU-ms a case by part and in all, cases a second, and counts a case."""
        both = zip(self.rounds, self.facts, strict=True)
        return measuring.medians([one.per_case | facts for one, facts in both])

    def calls_a_case(self) -> list[tuple[str, float]]:
        """API calls a case by route, the most frequent first."""
        cases = sum(one.cases for one in self.rounds)
        return [(route, count / cases) for route, count in self.calls.most_common()]


def idle(system: Installation, seconds: float) -> measuring.Seconds:
    """CPU-ms a wall second of each part while nothing happens."""
    before, begun = system.cpu(), time.monotonic()
    time.sleep(seconds)
    passed = time.monotonic() - begun
    return {part: 1000 * used / passed for part, used in measuring.difference(before, system.cpu()).items()}
