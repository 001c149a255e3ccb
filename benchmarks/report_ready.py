"""How long from the last signature to the sealed PDF, through the whole engine: `python -m benchmarks.report_ready`."""

import argparse
import time
from statistics import median

from sqlmodel import select

from benchmarks import installation
from benchmarks.caseload import Caseload, write
from benchmarks.workload_w import PDF
from models import Case, Report
from models.status import CaseStatus
from secunda.db import transaction

LOOK_SECONDS = 0.02
GIVEN_UP_AFTER = 120.0


def has_report(reference: str) -> bool:
    query = select(Report.id).join(Case).where(Case.reference == reference)
    with transaction() as session:
        return session.exec(query).first() is not None


def seconds_to_report(number: int) -> float:
    """Wall seconds of one case alone, from the commit of its last signature until its report is there."""
    (reference,) = (caseload := Caseload()).launch([f"{number}"], PDF)
    caseload.carry([reference], to=CaseStatus.AWAITING_OPINIONS)
    write(reference)
    signed = time.monotonic()
    while not has_report(reference):
        if time.monotonic() - signed > GIVEN_UP_AFTER:
            raise TimeoutError(reference)
        time.sleep(LOOK_SECONDS)
    taken = time.monotonic() - signed
    caseload.done.add((reference, CaseStatus.AWAITING_OPINIONS))
    caseload.carry([reference])
    return taken


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=20)
    given = options.parse_args()
    installation.prepare("report_ready")
    with installation.running():
        found = [seconds_to_report(number) for number in range(given.cases + 2)]
    first, rest = found[0], found[2:]  # the first ones warm the worker up
    print(f"from the last signature to the sealed PDF, s: median {median(rest):.2f}, longest {max(rest):.2f}")
    print(f"the very first report after the start: {first:.2f}")


if __name__ == "__main__":
    main()
