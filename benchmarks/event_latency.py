"""How long from the commit of an event to the beginning of the next step, while thousands of cases are parked."""

import argparse
import time
from datetime import datetime
from statistics import median

from sqlmodel import col, select

from benchmarks import cloning, installation, measuring
from benchmarks.caseload import accept
from benchmarks.installation import Installation
from benchmarks.parked import copy, park_one
from models import Case, Event
from models.status import CaseStatus
from secunda import clock
from secunda.db import transaction

SETTLED_WITHIN = 120.0


def began(reference: str) -> datetime | None:
    """When the step after the acceptance began: the moment that its own event carries."""
    query = select(Event).join(Case).where(Case.reference == reference, Event.kind == "status_changed")
    with transaction() as session:
        events = session.exec(query.order_by(col(Event.sequence).desc())).all()
    return next((one.at for one in events if one.data["after"] == CaseStatus.AWAITING_OPINIONS), None)


def wake(system: Installation, events: int, rate: float) -> tuple[list[str], list[float], float]:
    """Which cases were told of an event, how long each waited for its next step in ms, and the CPU seconds of all."""
    references = [cloning.reference_of(number) for number in range(1, events + 1)]
    committed = {}
    begun, before = time.monotonic(), system.cpu()
    for number, reference in enumerate(references):
        time.sleep(max(0.0, begun + number / rate - time.monotonic()))
        accept(reference)
        committed[reference] = clock.wall()
    until = time.monotonic() + SETTLED_WITHIN
    while any(began(reference) is None for reference in references[-20:]) and time.monotonic() < until:
        time.sleep(0.5)
    used = sum(measuring.difference(before, system.cpu()).values())
    moments = {reference: began(reference) for reference in references}
    waited = [1000 * (at - committed[name]).total_seconds() for name, at in moments.items() if at is not None]
    return references, waited, used


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--parked", type=int, default=1_000)
    options.add_argument("--events", type=int, default=200, help="how many of them are woken, one after another")
    options.add_argument("--rate", type=float, default=2.0, help="events a second")
    given = options.parse_args()
    installation.prepare("event_latency")
    with installation.running() as system:
        copy(system, park_one(), given.parked)
    begun = time.monotonic()
    with installation.running() as system:
        print(f"Everything started with {given.parked:,} parked in {time.monotonic() - begun:.1f} s", flush=True)
        references, waited, used = wake(system, given.events, given.rate)
    quarters = [waited[start : start + len(waited) // 4] for start in range(0, len(waited), max(1, len(waited) // 4))]
    print(f"{len(waited)} of {len(references)} events, {given.rate:g} a second, {given.parked:,} parked")
    figures = [
        ["median", median(waited)],
        ["p90", measuring.percentile(waited, 0.9)],
        ["p99", measuring.percentile(waited, 0.99)],
        ["longest", max(waited)],
    ]
    print(measuring.table(["ms from commit to the next step", ""], figures))
    print("median of each quarter in turn, ms:", ", ".join(f"{median(one):.0f}" for one in quarters[:4]))
    print(f"CPU of everything: {1000 * used / len(references):.0f} ms an event")


if __name__ == "__main__":
    main()
