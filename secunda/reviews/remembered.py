"""Reading a review again and again: what has not changed since the last look is remembered, not read anew.

Every change of a case is an event, and the hash of its newest one that is more than a read (`Case.change_head`) names
the state that it led to. As long as it stays, and the review's own row too, only time has passed.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, select
from sqlmodel import Session

from models import Case, Review
from pathways.determination import Determination
from secunda import events
from secunda.case_context import CaseContext
from secunda.errors import NotFoundError
from secunda.events import Chain
from secunda.reviews.determining import Running, running
from secunda.reviews.finding import NO_SUCH_REVIEW
from secunda.reviews.standing import ReviewStanding, etag_of, standing_of

MOST = 2000  # reviews in memory, some ten kilobytes each

_case, _review = Case.__table__.c, Review.__table__.c  # type: ignore[attr-defined]
_ROW = (
    select(
        _case.id,
        _case.event_count,
        _case.event_head,
        _case.change_head,
        _case.next_deadline_at,
        _case.report_due_at,
        _review.id.label("review_id"),
        _review.version,
        _review.updated_at,
    )
    .select_from(Case.__table__.join(Review.__table__, _review.case_id == _case.id))  # type: ignore[attr-defined]
    .where(_review.payer == bindparam("payer"), _case.reference == bindparam("reference"))
    .with_for_update(of=Case.__table__)  # type: ignore[attr-defined]
)


@dataclass(frozen=True)
class Form:
    """How a door writes what is steady of a standing; `name` tells its forms apart, one a language, say."""

    name: str
    write: Callable[[ReviewStanding], str]


@dataclass(frozen=True)
class Remembered:
    """A review after its last change, as it was written, by the names of the forms."""

    mark: tuple[object, ...]
    steady: str
    running: Running
    texts: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class Seen:
    """A review as it stands now: `text` is what is steady, as it was written, the rest what time has changed since."""

    text: str = field(repr=False)
    steady: str
    clock: Determination | None
    next_deadline_at: datetime | None
    report_due_at: datetime | None

    @property
    def etag(self) -> str:
        return etag_of(self.steady, self.clock, self.next_deadline_at, self.report_due_at)


class Look:
    """One look at a review, whose case is held locked meanwhile: `seen`, and `record` to write that it was read."""

    def __init__(self, connection: Connection, row: Row[Any], seen: Seen) -> None:
        self._connection, self._row, self.seen = connection, row, seen

    def record(self, actor: str, at: datetime) -> None:
        """The read as an event of the case."""
        chain = Chain(self._row.id, self._row.event_count, self._row.event_head)
        events.record_read(self._connection, chain, actor, at, "review")


_known: OrderedDict[UUID, Remembered] = OrderedDict()
_lock = Lock()


def look(session: Session, payer: str, reference: str, now: datetime, form: Form) -> Look:
    """The payer's review with that reference, in that form. Raises NotFoundError."""
    connection = session.connection()
    row = connection.execute(_ROW, {"payer": payer, "reference": reference}).first()
    if row is None:
        raise NotFoundError(*NO_SUCH_REVIEW)
    found = _remembered(session, row, now, form)
    clock = found.running.at(now)
    seen = Seen(found.texts[form.name], found.steady, clock, row.next_deadline_at, row.report_due_at)
    return Look(connection, row, seen)


def _remembered(session: Session, row: Row[Any], now: datetime, form: Form) -> Remembered:
    mark = (row.change_head, row.version, row.updated_at)
    with _lock:
        found = _known.get(row.id)
        if found is not None and found.mark == mark and form.name in found.texts:
            _known.move_to_end(row.id)
            return found
    case = session.get_one(Case, row.id)
    review = session.get_one(Review, row.review_id)
    context = CaseContext(session, case, now)
    standing = standing_of(context, review)
    earlier = found.texts if found is not None and found.mark == mark else {}
    texts = {**earlier, form.name: form.write(standing)}
    found = Remembered(mark, standing.steady, running(context, review), texts)
    with _lock:
        _known[row.id] = found
        _known.move_to_end(row.id)
        while len(_known) > MOST:
            _known.popitem(last=False)
    return found
