"""Runs the demonstration: the whole system on a fast clock, five cases from records to PDF, and what came of them."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

from rich.console import Console
from rich.live import Live
from sqlmodel import col, select

from models import Case, Report
from models.status import CaseStatus
from pathways.vocabulary import Specialty
from secunda import clock, db, events
from secunda.actions.experts import import_experts
from secunda.actions.launch import Request, launch
from secunda.adapters import storage
from secunda.adapters.fhir.bundle import read_bundle
from secunda.db import transaction
from secunda.demo.accounts import accounts
from secunda.demo.people import act
from secunda.demo.progress import Standing, final_table, live_table, standing
from secunda.demo.scenario import CASES, DemoCase
from secunda.demo.sources import CHECKOUT, bundles
from secunda.demo.writing import example_questions
from secunda.errors import SecundaError
from secunda.prefect_environment import DASHBOARD
from secunda.settings import settings

SPEED = 8000.0  # pathway seconds a wall second: a working week takes less than a minute
STARTS = datetime(2026, 3, 2, 8, tzinfo=UTC)  # a Monday
LONGEST_SECONDS = 170.0
STARTUP_SECONDS = 90.0
ROUND_SECONDS = 0.25
WIDE = 132  # columns where the output is no terminal: a log is read unfolded


def run(folder: Path, *, stay: bool) -> int:
    """Run the demonstration in `folder`, which is emptied first; 0 when every case was delivered and verifies."""
    console = Console(width=None if sys.stdout.isatty() else WIDE)
    _prepare(folder)
    with _system(console):
        started = time.monotonic()
        import_experts(CHECKOUT / "examples" / "experts.csv")
        references = _play(console)
        delivered = _tell(console, folder, references, time.monotonic() - started)
        for line in accounts():
            console.print(line, highlight=False)
        direct = f"http://127.0.0.1:{settings().prefect_port}{DASHBOARD}/"
        behind = f"{settings().public_url}{DASHBOARD}/"
        console.print(f"Prefect dashboard, for ops: {behind} or, on this machine, {direct}", highlight=False)
        if stay:
            console.print("The system stays up until Ctrl-C.")
            signal.pause()
    console.print(f"Look again at any time: SECUNDA_HOME={_shown(settings().home)} .venv/bin/secunda up")
    return 0 if delivered else 1


def _prepare(folder: Path) -> None:
    """An empty installation of its own, whose clock starts now."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ |= {
        "SECUNDA_ENVIRONMENT": "demo",
        "SECUNDA_HOME": str(folder / "system"),
        "SECUNDA_CLOCK_SPEED": str(SPEED),
        "SECUNDA_CLOCK_STARTED_AT": (clock.wall() + timedelta(seconds=1)).isoformat(),
        "SECUNDA_CLOCK_SHOWS": STARTS.isoformat(),
    }
    settings.cache_clear()
    db.engine.cache_clear()


@contextmanager
def _system(console: Console) -> Iterator[None]:
    """`secunda up` as a child, from ready to stopped."""
    command = [str(Path(sys.executable).parent / "secunda"), "up"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        with console.status("Starting database, Prefect, worker and API …"):
            _wait_until_ready(process)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _wait_until_ready(process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + STARTUP_SECONDS
    address = f"http://{settings().api_host}:{settings().api_port}/health/ready"
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SecundaError("The system did not start.", f"See {_shown(settings().home)}/log.")
        try:
            with urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.3)
    raise SecundaError("The system was not ready in time.", f"See {_shown(settings().home)}/log.")


def _play(console: Console) -> dict[str, str]:
    """Launch the cases when their time comes and let the people act, until all are closed."""
    begun, sources = clock.now(), bundles()
    references: dict[str, str] = {}
    until = time.monotonic() + LONGEST_SECONDS
    stories = {script.key: script.story for script in CASES}
    with Live(console=console, refresh_per_second=4) as live:
        while time.monotonic() < until:
            for script in CASES:
                if script.key not in references and clock.now() >= begun + script.starts_after:
                    references[script.key] = _launch(script, sources)
                elif script.key in references:
                    act(script, references[script.key])
            standings = _standings(references)
            live.update(live_table(standings, stories, clock.now()))
            if len(standings) == len(CASES) and all(one.status is CaseStatus.CLOSED for one in standings.values()):
                return references
            time.sleep(ROUND_SECONDS)
    raise SecundaError("Not every case was closed in time.", f"See {_shown(settings().home)}/log.")


def _launch(script: DemoCase, sources: dict[Specialty, list[Path]]) -> str:
    fitting = sources[script.specialty]
    bundle = (fitting.pop(0) if len(fitting) > 1 else fitting[0]).read_bytes()
    asked = read_bundle(bundle, clock.now()).request
    today = clock.now().date()
    in_days = script.treatment_in_days
    request = Request(
        specialty=script.specialty,
        requester=f"Demo Hospital, {script.key}",
        requester_email="requester@example.org",
        language=script.language,
        payer=script.payer,
        questions=() if asked and asked.questions else example_questions(script.specialty, script.language),
        treatment_starts_on=today + timedelta(days=in_days) if in_days is not None else None,
    )
    return launch(bundle, request, "demo").reference


def _standings(references: dict[str, str]) -> dict[str, Standing]:
    with transaction() as session:
        return {key: standing(session, reference) for key, reference in references.items()}


def _tell(console: Console, folder: Path, references: dict[str, str], seconds: float) -> bool:
    """The final table, the audit chains, and the PDFs where one finds them."""
    if not console.is_terminal:
        console.line()  # the live table ends without a line's end where it is not redrawn
    standings = _standings(references)
    rows = [(one, _copy_report(folder, one.reference)) for one in standings.values()]
    console.print(final_table(rows))
    intact = _verify(console)
    console.print(f"{len(rows)} cases in {seconds:.0f} s of wall time.")
    return intact and all(path for _, path in rows)


def _copy_report(folder: Path, reference: str) -> str:
    with transaction() as session:
        query = select(Report).join(Case).where(Case.reference == reference).order_by(col(Report.version).desc())
        report = session.exec(query.limit(1)).first()
    if report is None:
        return ""
    target = folder / f"{reference}.pdf"
    with storage.open_document(report.sha256) as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy)
    return _shown(target)


def _verify(console: Console) -> bool:
    with transaction() as session:
        cases = session.exec(select(Case)).all()
        broken = [link for link in (events.verify(session, case) for case in cases) if link is not None]
    total = sum(case.event_count for case in cases)
    console.print(f"Audit: {total} events in {len(cases)} chains, {len(broken)} broken.")
    return not broken


def _shown(path: Path) -> str:
    return os.path.relpath(path)
