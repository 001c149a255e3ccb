"""Workers die on purpose at places of the engine: before and after commits, calls of Prefect, sendings."""

import json
import shutil
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from models import Case, Document, Message
from models.status import CaseStatus, MessageStatus
from pathways.vocabulary import Specialty
from secunda import clock, outbox
from secunda.db import transaction
from secunda.faults import EVERY
from secunda.outbox import Courier
from tests.chaos import verdict
from tests.chaos.installation import Installation, installation
from tests.functional import carrying

LEASE_SECONDS = 2
LATECOMERS = 2  # cases that are launched when places are left where nobody has died yet


def both(kind: str, *names: str) -> set[str]:
    return {f"{when}{kind}:{name}" for when in ("before", "after") for name in names}


CALLS = both("", "begin", "create_run", "park", "complete", "send", "force_awake") | {"after:execution"}
COMMITS = both("_commit", "taking.take", "execution.release_now", "taking.remember_run", "delivery.claim_one")
STEPS = ("consent", "gather", "triage", "assign", "collect", "adjudicate", "render", "deliver", "close")
STEP_COMMITS = both("_commit", "take_up", "screen", "fetch.fetch_document", "render.render_report", *STEPS)
CERTAIN = CALLS | COMMITS | STEP_COMMITS  # places that every case passes; a sweep over every place finds more
AFTER = {place for place in CERTAIN if place.startswith("after")}  # what a death before one leaves, one of these left


@dataclass(frozen=True)
class Swept:
    """What a sweep came to; it is good when every armed place was passed and nothing is wrong."""

    passed: frozenset[str]
    left: frozenset[str]  # places where nobody has died, although they were armed
    cases: int
    deaths: int
    seconds: float
    wrongs: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """An installation whose workers can be made to die at places, and a hospital that it may fetch a document from."""

    running: Installation
    faults: Path
    hospital: str


@contextmanager
def field(workers: int) -> Iterator[Field]:
    """An installation of its own, whose workers are at work."""
    with a_hospital() as hospital, faults_folder() as faults:
        environment = {
            "SECUNDA_FAULTS": str(faults),
            "SECUNDA_LEASE_SECONDS": str(LEASE_SECONDS),
            "SECUNDA_WORKER_CONCURRENCY": "1",  # a death costs one case's time; the others go on and die elsewhere
            "SECUNDA_FETCH_ALLOWED_HOSTS": json.dumps([hospital]),
        }
        with installation(environment, workers, speed=6000) as running:
            carrying.import_example_experts()
            for worker in running.workers:
                running.start(worker)
            yield Field(running, faults, hospital)


def sweep(over: Field, armed: Iterable[str], cases: int, seconds: float) -> Swept:
    """Carry a few prompt cases while the first worker to pass each armed place dies there.

    Raises AssertionError, with where the cases stand, when they are not closed within `seconds` of wall time.
    """
    began, died = time.monotonic(), len(over.running.died_by_itself)
    for name in armed:
        (over.faults / "armed" / name).touch()
    with over.running.kept_alive():
        references = _carry(range(cases), over.hospital, seconds)
        while (left := names_in(over.faults / "armed") - {EVERY}) and len(references) < cases + LATECOMERS:
            references += _carry([len(references)], over.hospital, seconds)
    outbox.deliver_due(courier=Courier(wall=lambda: clock.wall() + timedelta(minutes=2)))
    return Swept(
        passed=names_in(over.faults / "passed"),
        left=left,
        cases=len(references),
        deaths=len(over.running.died_by_itself) - died,
        seconds=time.monotonic() - began,
        wrongs=tuple(wrong for reference in references for wrong in _wrongs(reference)),
    )


def _carry(numbers: Iterable[int], hospital: str, seconds: float) -> list[str]:
    references = [
        carrying.launch_example(Specialty.ORTHOPEDICS, number, edit=_pointing_at(hospital)) for number in numbers
    ]
    scripts = {reference: carrying.script() for reference in references}
    carrying.carry(scripts, lambda: all_settled(references), seconds, every=0.4)
    time.sleep(LEASE_SECONDS)  # for the last of what comes after a case is closed
    return references


def all_settled(references: Iterable[str]) -> bool:
    """All closed and nothing queued. What a dead worker has claimed to send is asked about when its minute is over."""
    with transaction() as session:
        mine = col(Case.reference).in_(list(references))
        still_open = select(Case.id).where(mine, col(Case.status) != CaseStatus.CLOSED)
        queued = select(Message.id).join(Case).where(mine, Message.status == MessageStatus.QUEUED)
        return session.exec(still_open).first() is None and session.exec(queued).first() is None


def _wrongs(reference: str) -> Iterator[str]:
    with transaction() as session:
        case = session.exec(select(Case).where(Case.reference == reference)).one()
        yield from verdict.wrongs(session, case)
        pointed = session.exec(select(Document).where(Document.case_id == case.id, Document.source_url != "")).one()
        if pointed.sha256 is None:
            yield "the document that it pointed at was not fetched"


def names_in(folder: Path) -> frozenset[str]:
    """The places in the folder `armed` or `passed`."""
    return frozenset(path.name for path in folder.iterdir())


@contextmanager
def faults_folder() -> Iterator[Path]:
    """A folder for `SECUNDA_FAULTS`, with nothing armed."""
    folder = Path(tempfile.mkdtemp(prefix="secunda-faults-"))
    for name in ("armed", "passed"):
        (folder / name).mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def a_hospital() -> Iterator[str]:
    """A server that has one document; its host and port."""

    class Hospital(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"Invented for a test; no real patient.\n" + self.path.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hospital)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _pointing_at(host: str) -> Any:
    """Makes of a bundle one that only points at one of its documents."""

    def point(bundle: dict[str, Any]) -> None:
        patient = next(e["fullUrl"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Patient")
        reference = {
            "resourceType": "DocumentReference",
            "id": "pointer",
            "status": "current",
            "type": {"coding": [{"system": "http://loinc.org", "code": "11506-3"}]},
            "subject": {"reference": patient},
            "content": [{"attachment": {"contentType": "text/plain", "url": f"http://{host}/letter"}}],
        }
        bundle["entry"].append({"fullUrl": "urn:uuid:00000000-0000-4000-8000-00000000000d", "resource": reference})

    return point
