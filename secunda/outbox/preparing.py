"""From a row of the outbox to a message that can leave: address, language, link and texts, as they are now."""

from datetime import datetime
from typing import Any
from uuid import UUID

import jinja2
from sqlmodel import Session, col, select

from models import Assignment, Case, Message, PathwayVersion
from secunda import recipients
from secunda.channels import DeliveryError, OutgoingMessage
from secunda.links import LinkTarget, link_to
from secunda.messages import EVENTS, Words, render
from secunda.messages.events import ASSIGNMENT
from secunda.recipients import Recipient, RecipientKind
from secunda.visits.code import code_of


def prepare(session: Session, message: Message, wall: datetime) -> OutgoingMessage:
    """The message as it leaves at `wall`; notes the language that it is written in on the row.

    Raises DeliveryError (permanent) when the recipient has no address on its channel, or the texts cannot be made.
    """
    case = session.get_one(Case, message.case_id)
    to = recipients.resolve(session, case, message.recipient)
    address = to.addresses.get(message.channel)
    if address is None:
        raise DeliveryError("no_address", permanent=True)
    message.language = to.language.value
    words = Words(
        event=message.event,
        language=to.language,
        zone=to.zone,
        reference=case.reference,
        link=_link(session, case, to, message, wall),
        parameters=_parameters(session, case, message),
    )
    try:
        texts = render(message.channel, words)
    except (KeyError, ValueError, jinja2.TemplateError):
        raise DeliveryError("cannot_be_written", permanent=True) from None
    return OutgoingMessage(message.id, address, texts.text, texts.subject, texts.html)


def _parameters(session: Session, case: Case, message: Message) -> dict[str, Any]:
    parameters = {name: value for name, value in message.parameters.items() if name != ASSIGNMENT}
    if "code" in parameters:
        parameters["code"] = code_of(UUID(parameters["code"]))
    if "role" in parameters:
        parameters["role"] = role_title(session, case, parameters["role"], message.language)
    return parameters


def role_title(session: Session, case: Case, role: str, language: str) -> str:
    """What the case's pathway calls a role in that language; the key in plain words when the pathway lacks it."""
    panel = session.get_one(PathwayVersion, case.pathway_hash).content.get("panel", {})
    roles = [*panel.get("roles", ()), *filter(None, [panel.get("extra_reader")])]
    titles: dict[str, str | None] = next((known["title"] for known in roles if known["key"] == role), {})
    return str(titles.get(language) or titles.get("en") or role.replace("_", " ").capitalize())


def _link(session: Session, case: Case, to: Recipient, message: Message, wall: datetime) -> str:
    if to.kind not in EVENTS[message.event].linked:
        return ""
    subject = _assignment(session, case, message) if to.kind is RecipientKind.EXPERT else case.id
    return link_to(LinkTarget(to.kind, subject, message.channel), wall) if subject else ""


def _assignment(session: Session, case: Case, message: Message) -> UUID | None:
    """The assignment that the message names, else the expert's newest one on the case."""
    if ASSIGNMENT in message.parameters:
        return UUID(message.parameters[ASSIGNMENT])
    expert = recipients.expert_of(session, message.recipient)
    mine = select(Assignment.id).where(col(Assignment.case_id) == case.id, col(Assignment.expert_id) == expert.id)
    return session.exec(mine.order_by(col(Assignment.offered_at).desc()).limit(1)).first()
