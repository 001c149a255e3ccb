"""Everything that the first page of ops shows, read once."""

from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from secunda import clock, prefect_questions
from secunda.backup.noting import last_backup
from secunda.db import transaction
from secunda.operating import backlog, failures, workers
from secunda.operating.attention import State
from secunda.operating.certificates import known_certificates
from secunda.operating.components import components
from secunda.prefect_questions import HeardOf
from secunda.settings import Settings


def state(using: Settings, wall: datetime) -> State:
    """The state now, whatever does not answer; `backlog` is None while the database does not."""
    backup = last_backup(using)
    parts = tuple(components(using))
    known = {
        "parts": parts,
        "certificates": tuple(known_certificates(wall) or ()),
        "backup": backup,
        "backup_age": wall - backup.made_at if backup else None,
    }
    heard = _heard(using)
    try:
        with transaction() as session:
            now = clock.now()
            work = backlog.backlog(backlog.tallies(session, now), now, wall)
            return State(
                backlog=work,
                queues=tuple(backlog.queues(session, now, wall)),
                failed_messages=sum(one.count for one in failures.failed_by_channel(session)),
                failed_webhooks=failures.count_webhooks(session),
                disabled_endpoints=failures.count_disabled(session),
                workers=tuple(workers.worker_lines(heard, workers.holders(session), wall)),
                **known,
            )
    except SQLAlchemyError:
        nothing = {"failed_messages": 0, "failed_webhooks": 0, "disabled_endpoints": 0, "queues": ()}
        return State(backlog=None, workers=tuple(workers.worker_lines(heard, {}, wall)), **nothing, **known)


def _heard(using: Settings) -> list[HeardOf]:
    try:
        return prefect_questions.workers(using)
    except OSError:
        return []
