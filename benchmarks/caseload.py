"""The people around the cases of workload W, doing the least that moves a case: a paper, a yes, an opinion."""

import json
import time
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from uuid import UUID

from sqlmodel import Session, col, select

from benchmarks import STUB
from benchmarks.measuring import Acts, Yardsticks
from models import Assignment, Case
from models.status import CaseStatus
from pathways.vocabulary import Specialty
from secunda import clock
from secunda.actions import assignment, attach, opinion
from secunda.actions.launch import Request, launch
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.demo.writing import opinion_for
from secunda.documents import Said

LOOK_SECONDS = 0.25
CONSENT, FIRST_OPINION = "59284-0", "11488-4"  # LOINC
PAPER = b"First opinion.\n\nInvented for a benchmark; no real patient.\n"


def bundle(number: str) -> bytes:
    """The smallest request that is complete but for the first opinion: a patient, a disease, a signed consent."""
    signed = b64encode(b"Consent form, signed. Invented for a benchmark.\n").decode()
    resources: list[dict[str, object]] = [
        {
            "resourceType": "Patient",
            "identifier": [{"system": "https://example.org/identifiers/benchmark", "value": number}],
            "name": [{"family": "Benchmark", "given": [f"Number {number}"]}],
            "telecom": [{"system": "email", "value": "patient@example.org"}],
            "birthDate": "1950-05-04",
            "gender": "female",
        },
        {
            "resourceType": "Condition",
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": "44054006"}]},
            "subject": {"reference": "urn:uuid:patient"},
        },
        {
            "resourceType": "DocumentReference",
            "status": "current",
            "type": {"coding": [{"system": "http://loinc.org", "code": CONSENT}]},
            "content": [{"attachment": {"contentType": "text/plain", "data": signed}}],
        },
    ]
    entries = [{"fullUrl": f"urn:uuid:{str(one['resourceType']).lower()}", "resource": one} for one in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def launch_one(number: str, requester: str = STUB) -> str:
    """Register a case; returns its reference."""
    request = Request(
        specialty=Specialty.CHRONIC_DISEASE,
        requester=requester,
        requester_email="requester@example.org",
        questions=("Can any of the eleven medicines be stopped?",),
        language="en",
    )
    return launch(bundle(number), request, "benchmark").reference


def send_paper(reference: str) -> None:
    said = Said(title="First opinion", loinc=FIRST_OPINION, documented_on=date(2026, 1, 5), source="Benchmark")
    attach.attach(reference, BytesIO(PAPER), "requester", said)


def accept(reference: str) -> None:
    assignment.accept(_seat(reference), "expert", no_conflict_attested=True)


def write(reference: str) -> None:
    with transaction() as session:
        context = CaseContext(session, _case(session, reference), clock.now())
        seat = _assignment(session, context.case)
        written = opinion_for(context, seat, None, None)
    opinion.submit(seat.id, written, "expert")
    opinion.lock(seat.id, "expert")


#: What the people do when a case waits for them.
DEEDS: dict[CaseStatus, Callable[[str], None]] = {
    CaseStatus.AWAITING_DOCUMENTS: send_paper,
    CaseStatus.AWAITING_ACCEPTANCE: accept,
    CaseStatus.AWAITING_OPINIONS: write,
}


def _case(session: Session, reference: str) -> Case:
    return session.exec(select(Case).where(Case.reference == reference)).one()


def _assignment(session: Session, case: Case) -> Assignment:
    return session.exec(select(Assignment).where(Assignment.case_id == case.id)).one()


def _seat(reference: str) -> UUID:
    with transaction() as session:
        return _assignment(session, _case(session, reference)).id


@dataclass
class Caseload:
    """Cases on their way. Each deed is done once for each case; `acts` counts its CPU."""

    acts: Acts = field(default_factory=Acts)
    yardsticks: Yardsticks = field(default_factory=Yardsticks)
    done: set[tuple[str, CaseStatus]] = field(default_factory=set)

    def launch(self, numbers: Iterable[str], requester: str = STUB) -> list[str]:
        references = []
        for number in numbers:
            with self.acts.counted():
                references.append(launch_one(number, requester))
        return references

    def carry(self, references: list[str], to: CaseStatus = CaseStatus.CLOSED, seconds: float = 300) -> None:
        """Do what is due until every case is `to`. Raises TimeoutError with where they stand."""
        until = time.monotonic() + seconds
        while True:
            standing = statuses(references)
            if all(status is to for status in standing.values()):
                return
            if time.monotonic() > until:
                raise TimeoutError(f"not all {to}: {sorted(standing.values())}")
            acted = [self._act(reference, status) for reference, status in standing.items() if status is not to]
            self.yardsticks.lay()
            if not any(acted):
                time.sleep(LOOK_SECONDS)

    def _act(self, reference: str, status: CaseStatus) -> bool:
        deed = DEEDS.get(status)
        if deed is None or (reference, status) in self.done:
            return False
        self.done.add((reference, status))
        with self.acts.counted():
            deed(reference)
        return True


def statuses(references: list[str]) -> dict[str, CaseStatus]:
    query = select(Case.reference, Case.status).where(col(Case.reference).in_(references))
    with transaction() as session:
        return {reference: CaseStatus(status) for reference, status in session.exec(query)}
