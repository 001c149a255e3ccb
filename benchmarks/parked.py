"""What waiting costs: thousands of parked cases in an otherwise idle installation."""

import argparse
import time

from sqlalchemy import text

from benchmarks import cloning, installation, measuring
from benchmarks.caseload import Caseload
from benchmarks.cloning import Template
from benchmarks.installation import Installation
from benchmarks.workload_w import idle
from models.status import CaseStatus
from secunda import postgres

KILOBYTE, MEGABYTE = 1000, 1_000_000
DATABASES = (postgres.DOMAIN_DATABASE, postgres.PREFECT_DATABASE)
SIZES = text(
    "select relname, pg_total_relation_size(oid) from pg_class"
    " where relkind = 'r' and relnamespace = 'public'::regnamespace"
)


def park_one() -> Template:
    """Carry one case to the wait for acceptance, its timer armed."""
    caseload = Caseload()
    (reference,) = caseload.launch(["parked"])
    caseload.carry([reference], to=CaseStatus.AWAITING_ACCEPTANCE)
    time.sleep(5)  # Prefect writes task runs and events a little later
    return Template.of(reference)


def copy(system: Installation, template: Template, count: int) -> None:
    """`count` more of them."""
    domain, prefect = (system.engine_of(name) for name in DATABASES)
    cloning.copy(domain, prefect, template, count)
    domain.dispose()
    prefect.dispose()


def tables(system: Installation) -> dict[str, int]:
    """Bytes on disk of each table with its indexes, in both databases."""
    sizes: dict[str, int] = {}
    for name in DATABASES:
        engine = system.engine_of(name)
        with engine.connect() as connection:
            sizes |= {f"{name}.{table}": size for table, size in connection.execute(SIZES).tuples()}
        engine.dispose()
    return sizes


def look(system: Installation, seconds: float) -> dict[str, dict[str, float]]:
    """Memory in MB and CPU-ms a second of each part, nothing happening."""
    time.sleep(20)  # what started with it settles first
    used = idle(system, seconds)
    memory = {part: size / MEGABYTE for part, size in system.memory().items()}
    return {"memory": memory | {"total": sum(memory.values())}, "idle": used | {"total": sum(used.values())}}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=10_000)
    options.add_argument("--seconds", type=float, default=60, help="how long to look at the idle system")
    given = options.parse_args()
    installation.prepare("parked")
    with installation.running() as system:
        template = park_one()
        looked = {"one parked": look(system, given.seconds)}
        before, tables_before = system.disk(), tables(system)
        begun = time.monotonic()
        copy(system, template, given.count)
        print(f"{given.count:,} copies made in {time.monotonic() - begun:.0f} s")
        after, tables_after = system.disk(), tables(system)
        looked[f"{given.count:,} parked"] = look(system, given.seconds)
    begun = time.monotonic()
    with installation.running() as system:
        started = time.monotonic() - begun
        looked["restarted"] = look(system, given.seconds)
    print(f"\nStart of everything with {given.count:,} parked: {started:.1f} s\n")
    for what, unit in (("memory", "MB"), ("idle", "CPU-ms a second")):
        parts = sorted({part for one in looked.values() for part in one[what]})
        rows = [[part, *(one[what].get(part, 0.0) for one in looked.values())] for part in parts]
        print(measuring.table([unit, *looked], rows), "\n")
    print(measuring.table(["kB on disk a case", ""], _grown(given.count, before, after)))
    print(measuring.table(["of that, by table", ""], _grown(given.count, tables_before, tables_after)[:12]))


def _grown(count: int, before: dict[str, int], after: dict[str, int]) -> list[tuple[str, float]]:
    """kB a case that each has grown by, the largest first."""
    grown = {name: (size - before.get(name, 0)) / count / KILOBYTE for name, size in after.items()}
    return sorted(grown.items(), key=lambda one: -one[1])


if __name__ == "__main__":
    main()
