"""What people receive: the messages that the system has really sent, from the folder that its channels write to."""

import email
import re
from email import policy
from uuid import UUID

from sqlmodel import col, select

from models import Message
from secunda.db import transaction
from secunda.settings import settings
from tests.functional.conftest import wait_until


def letter(event: str, recipient: str, case: UUID, assignment: UUID | None = None) -> str:
    """The text of the newest message of that kind, once it was sent."""
    return str(wait_until(lambda: _sent(event, recipient, case, assignment), what=f"{event} to {recipient}"))


def _sent(event: str, recipient: str, case: UUID, assignment: UUID | None) -> str:
    query = select(Message).where(Message.case_id == case, Message.event == event, Message.recipient == recipient)
    with transaction() as session:
        found = session.exec(query.order_by(col(Message.created_at).desc(), col(Message.sent_at).desc())).all()
    mine = [one for one in found if assignment is None or one.parameters.get("assignment") == str(assignment)]
    return _read(mine[0].id) if mine else ""


def _read(message: UUID) -> str:
    folder = settings().outbox_folder
    if (sms := folder / f"{message}.txt").is_file():
        return sms.read_text(encoding="utf-8")
    if (mail := folder / f"{message}.eml").is_file():
        body = email.message_from_bytes(mail.read_bytes(), policy=policy.default).get_body(("plain",))
        return str(body.get_content()) if body else ""
    return ""


def link_in(text: str) -> str:
    """The address of the link, as somebody would tap it."""
    return re.findall(rf"{re.escape(settings().public_url)}/d/\S+", text)[0]


def code_in(text: str) -> str:
    return re.findall(r"\b\d{6}\b", text)[-1]
