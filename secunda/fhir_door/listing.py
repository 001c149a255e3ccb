"""What there is of a type among a payer's reviews, page by page: by time and id, so that none is skipped.

Each type draws on one or two tables. Only keys are listed here; what they stand for is built for the page alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, false, func, literal, or_, tuple_
from sqlmodel import Session, col, select

from models import Assignment, Case, Document, Event, Report, Review
from models.status import Outcome
from secunda.fhir_door.search_parameters import Search
from secunda.fhir_door.sender import Sender
from secunda.fhir_door.task import ATTACHMENTS


@dataclass(frozen=True)
class Key:
    """One resource: of which table, when it came to be, under which id, of which case."""

    table: str
    at: datetime
    identity: str
    case_id: UUID


Source = Callable[[Search, Sender], Any]


def _of_reviews(suffix: str = "") -> Source:
    def source(search: Search, sender: Sender) -> Any:  # noqa: ARG001 - the shape of a source
        identity = col(Case.reference) + suffix if suffix else col(Case.reference)
        return select(literal("review"), col(Review.created_at), identity, col(Case.id)).join(
            Case, col(Review.case_id) == col(Case.id)
        )

    return source


def _assignments(search: Search, sender: Sender) -> Any:  # noqa: ARG001 - the shape of a source
    query = _rows("assignment", Assignment, col(Assignment.offered_at))
    if "status" in search.tokens:
        query = query.where(cast(col(Assignment.status), String).in_(search.tokens["status"]))
    return query


def _documents(search: Search, sender: Sender) -> Any:  # noqa: ARG001 - the shape of a source
    query = _rows("document", Document, col(Document.received_at))
    return query.where(col(Document.loinc).in_(search.tokens["type"])) if "type" in search.tokens else query


def _reports(search: Search, sender: Sender) -> Any:  # noqa: ARG001 - the shape of a source
    newest = select(func.max(col(Report.version))).where(Report.case_id == Case.id).correlate(Case).scalar_subquery()
    query = _rows("report", Report, col(Report.rendered_at)).where(
        col(Case.outcome) == Outcome.DELIVERED, col(Report.version) == newest
    )
    return query if "47040-1" in search.tokens.get("type", {"47040-1"}) else query.where(false())


def _accesses(search: Search, sender: Sender) -> Any:  # noqa: ARG001 - the shape of a source
    return _rows("event", Event, col(Event.at)).where(col(Event.actor).startswith("client:"))


def _rows(name: str, table: Any, at: Any) -> Any:
    query = select(literal(name), at, cast(col(table.id), String), col(Case.id))
    query = query.join(Case, col(table.case_id) == col(Case.id))
    return query.join(Review, col(Review.case_id) == col(Case.id))


SOURCES: dict[str, tuple[Source, ...]] = {
    "ClaimResponse": (_of_reviews(),),
    "ServiceRequest": (_of_reviews(),),
    "Task": (_of_reviews(f".{ATTACHMENTS}"), _assignments),
    "DocumentReference": (_documents, _reports),
    "Composition": (_reports,),
    "DiagnosticReport": (_reports,),
    "AuditEvent": (_accesses,),
}


def page(session: Session, search: Search, sender: Sender) -> tuple[list[Key], int, bool]:
    """The keys of one page, how many there are in all, and whether more follow. The oldest come first."""
    found: list[Key] = []
    total = 0
    for source in SOURCES[search.kind]:
        query = _narrowed(source(search, sender), search, sender)
        inner = query.subquery()
        total += session.exec(select(func.count()).select_from(inner)).one()
        at, identity = inner.c[1], inner.c[2]
        rows = select(*inner.c).order_by(at, identity).limit(search.count + 1)
        if search.after is not None:
            rows = rows.where(tuple_(at, identity) > tuple_(literal(search.after[0]), literal(search.after[1])))
        found += [Key(*row) for row in session.execute(rows)]
    found.sort(key=lambda key: (key.at, key.identity))
    return found[: search.count], total, len(found) > search.count


def _narrowed(query: Any, search: Search, sender: Sender) -> Any:
    """To the payer's own, and to what is looked for."""
    query = query.where(Review.payer == sender.payer)
    at, identity = query.selected_columns[1], query.selected_columns[2]
    if search.reviews is not None:
        query = query.where(col(Case.reference).in_(search.reviews))
    if search.identifiers:
        values = {one.rpartition("|")[2].upper() for one in search.identifiers}
        query = query.where(or_(col(Case.reference).in_(values), col(Review.claim_identifier).in_(search.identifiers)))
    if search.ids is not None:
        query = query.where(identity.in_(search.ids))
    for span in search.dates:
        query = query.where(at >= span.start) if span.start else query
        query = query.where(at < span.end) if span.end else query
    return query
