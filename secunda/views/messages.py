"""The messages of the outbox: what was said to whom, and whether it left."""

from datetime import datetime
from uuid import UUID

from models.status import MessageStatus
from pathways.vocabulary import Frozen
from secunda.views.reading import Reader, case_id, rows


class MessageLine(Frozen):
    """One message. `failure` says why it did not leave, in our words; `due_at` and `sent_at` are pathway time."""

    id: UUID
    case: str
    event: str
    recipient: str
    channel: str
    language: str
    status: MessageStatus
    due_at: datetime
    sent_at: datetime | None
    attempts: int
    failure: str


QUERY = """
    select message.id, reference as case, event, recipient, channel, message.language, message.status, due_at,
           sent_at, attempts, failure
      from message join care_case on care_case.id = message.case_id
     where message.case_id = coalesce(%(case)s, message.case_id)
       and message.status = coalesce(%(status)s, message.status)
     order by due_at desc, event
     limit %(limit)s
"""


def message_list(
    reader: Reader, *, reference: str | None = None, status: MessageStatus | None = None, limit: int = 100
) -> list[MessageLine]:
    """The newest first; raises NotFoundError for an unknown case."""
    case = case_id(reader, reference) if reference else None
    found = rows(reader, QUERY, {"case": case, "status": status, "limit": limit})
    return [MessageLine.model_validate(row) for row in found]
