"""Reading one resource, or a page of them: the payer's own only, each look an event of the case."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from models import Assignment, Case, Document, Event, Report, Review
from secunda import cases, clock
from secunda.adapters import storage
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.errors import NotFoundError, SecundaError
from secunda.fhir_door.answer import ReviewAnswer
from secunda.fhir_door.audit import audit_event
from secunda.fhir_door.claim_response import claim_response
from secunda.fhir_door.document_reference import PDF, document_reference, report_reference
from secunda.fhir_door.listing import Key, page
from secunda.fhir_door.looking import answer_of
from secunda.fhir_door.names import Json
from secunda.fhir_door.opinion import document, opinion_resource
from secunda.fhir_door.outcome import Issue, not_found, operation_outcome
from secunda.fhir_door.response_bundle import searchset
from secunda.fhir_door.search_parameters import OTHER_NAMES, REVIEW_NAMES, Search, cursor
from secunda.fhir_door.sender import Sender, base_url
from secunda.fhir_door.service_request import service_request
from secunda.fhir_door.task import assignment_task, attachment_task
from secunda.fhir_door.telling import delivered_content
from secunda.reporting.content import ReportContent
from secunda.reviews.reading import record_read

UNWATCHED = ("AuditEvent",)  # it holds references only; a look at it leaves no event, or they would never end


@dataclass
class Seen:
    """One review while resources of it are built."""

    session: Session
    review: Review
    case: Case
    sender: Sender
    rows: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def context(self) -> CaseContext:
        return CaseContext(self.session, self.case, clock.now())

    @cached_property
    def answer(self) -> ReviewAnswer:
        return answer_of(self.session, self.review, self.case, self.context.now)

    @cached_property
    def content(self) -> ReportContent:
        return delivered_content(self.context, self.answer)


def _task(seen: Seen, key: Key) -> Json:
    if key.table == "review":
        return attachment_task(seen.answer, base_url())
    assignment = seen.session.get_one(Assignment, UUID(key.identity))
    roles = {role.key: role.title.en for role in seen.context.pathway.panel.roles}
    return assignment_task(assignment, seen.answer, roles.get(assignment.role, assignment.role.replace("_", " ")))


def _document(seen: Seen, key: Key) -> Json:
    if key.table == "report":
        return report_reference(seen.answer)
    row = seen.session.get_one(Document, UUID(key.identity))
    return document_reference(row, seen.answer, readable=is_theirs(row))


def is_theirs(row: Document) -> bool:
    """Whether the payer sent it: what others sent of the patient is not theirs to have."""
    return row.received_from.startswith("client:") and row.is_usable


BUILDERS: dict[str, Callable[[Seen, Key], Json]] = {
    "ClaimResponse": lambda seen, _: claim_response(seen.answer),
    "ServiceRequest": lambda seen, _: service_request(seen.answer),
    "Task": _task,
    "DocumentReference": _document,
    "Composition": lambda seen, _: opinion_resource("Composition", seen.answer, seen.content),
    "DiagnosticReport": lambda seen, _: opinion_resource("DiagnosticReport", seen.answer, seen.content),
    "AuditEvent": lambda seen, key: audit_event(seen.session.get_one(Event, UUID(key.identity)), seen.case.reference),
}


def read(kind: str, identity: str, sender: Sender) -> Json:
    """One resource. Raises DoorError 404 for what is not there, and the same for what is somebody else's."""
    wanted = identity.upper() if kind in ("ClaimResponse", "ServiceRequest") else identity
    by_reference = frozenset({wanted}) if kind in ("ClaimResponse", "ServiceRequest") else None
    ids = None if by_reference else frozenset({wanted})
    with transaction() as session:
        keys, _, _ = page(session, Search(kind=kind, reviews=by_reference, ids=ids, count=1), sender)
        if not keys:
            raise not_found()
        return _build(session, keys, kind, sender)[0]


def search(asked: Search, sender: Sender) -> Json:
    """One page as a searchset."""
    with transaction() as session:
        keys, total, more = page(session, asked, sender)
        resources = _build(session, keys, asked.kind, sender)
        known_total: int | None = total
        if "status" in asked.tokens:  # that of the Task for papers follows from the checklist, which no table holds
            resources = [one for one in resources if one.get("status") in asked.tokens["status"]]
            known_total = None
        following = cursor(keys[-1].at, keys[-1].identity) if more else None
        found = searchset(resources, known_total, base_url(), asked.kind, list(asked.used), following)
    return found | {"entry": [*found.get("entry", []), _of_ignored(asked)]} if asked.ignored else found


def _of_ignored(asked: Search) -> Json:
    """An entry of the searchset that says which parameters did not count (FHIR R4, 3.1.1.3.1)."""
    text = f"{len(asked.ignored)} parameters of the search are not known here and did not count."
    known = ", ".join((*REVIEW_NAMES[asked.kind], *OTHER_NAMES[asked.kind]))
    issue = Issue("not-supported", text, f"{asked.kind} is searched by: {known}.", severity="warning")
    return {"resource": operation_outcome([issue]), "search": {"mode": "outcome"}}


def _build(session: Session, keys: Sequence[Key], kind: str, sender: Sender) -> list[Json]:
    seen: dict[UUID, Seen] = {}
    for case_id in sorted({key.case_id for key in keys}):  # one order, so that no two wait for each other
        case = session.get_one(Case, case_id) if kind in UNWATCHED else cases.lock(session, case_id)
        review = session.exec(select(Review).where(Review.case_id == case_id)).one()
        seen[case_id] = Seen(session, review, case, sender)
        if kind not in UNWATCHED:
            record_read(session, case, sender.actor, kind)
    return [BUILDERS[kind](seen[key.case_id], key) for key in keys]


def opinion_document(identity: str, sender: Sender) -> Json:
    """`Composition/…/$document`: the whole opinion as a FHIR document."""
    with transaction() as session:
        keys, _, _ = page(session, Search(kind="Composition", ids=frozenset({identity}), count=1), sender)
        if not keys:
            raise not_found()
        case = cases.lock(session, keys[0].case_id)
        review = session.exec(select(Review).where(Review.case_id == case.id)).one()
        record_read(session, case, sender.actor, "opinion")
        return document(Seen(session, review, case, sender).content)


@dataclass(frozen=True)
class Bytes:
    """The content of a Binary."""

    content: bytes = field(repr=False)
    media_type: str = PDF
    filename: str = ""


def read_binary(identity: str, sender: Sender) -> Bytes:
    """The delivered report's PDF, or a document that the payer sent. Raises DoorError 404."""
    with transaction() as session:
        keys, _, _ = page(session, Search(kind="DocumentReference", ids=frozenset({identity}), count=1), sender)
        if not keys:
            raise not_found()
        row = _row(session, keys[0])
        if isinstance(row, Document) and not is_theirs(row):
            raise not_found()
        case = cases.lock(session, keys[0].case_id)
        record_read(session, case, sender.actor, "report" if isinstance(row, Report) else "document")
        sha256 = row.sha256 or ""
        media_type = row.media_type if isinstance(row, Document) else PDF
    return Bytes(_bytes(sha256), media_type, f"{case.reference}-{sha256[:8]}")


def _row(session: Session, key: Key) -> Report | Document:
    identity = UUID(key.identity)
    return session.get_one(Report, identity) if key.table == "report" else session.get_one(Document, identity)


def _bytes(sha256: str) -> bytes:
    try:
        if not storage.verify(sha256):
            raise SecundaError("A stored file is not the one that was stored.", "Restore it from the backup.")
        with storage.open_document(sha256) as file:
            return file.read()
    except NotFoundError:
        raise not_found() from None
