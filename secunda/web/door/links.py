"""A link is opened: the page says what it is for and sends a code; the code opens what the link is about.

Opening a link sends nothing and uses nothing up, so that a mail program that looks at links does no harm.
"""

from typing import Annotated
from uuid import UUID

from fastapi import BackgroundTasks, Depends, Form, Request, Response
from sqlmodel import Session

from models import Case
from secunda import logs, outbox, recipients
from secunda.api.limits import hit_sign_in
from secunda.db import transaction
from secunda.errors import NotFoundError, SecundaError
from secunda.links import LinkTarget, read_expired_link, read_link
from secunda.recipients import Recipient, RecipientKind
from secunda.visits import opening
from secunda.visits.renewing import send_new_link
from secunda.visits.subject import VISITORS, Subject, subject_of
from secunda.web.by_link import cookie_of, give_cookie, home_of, visitor
from secunda.web.catalogues import N_
from secunda.web.door.masking import Way, way_of_code
from secunda.web.pages import page
from secunda.web.routes import see_other, web_router
from secunda.web.session import open_to_all

router = web_router(dependencies=[Depends(open_to_all("one comes in here, by a link and a code"))])
WRONG = N_("This code is not right. Look at the newest message and try again.")


@router.get("/d/{token}")
def follow(token: str, request: Request) -> Response:
    """What the link is for. Whoever is in already goes on; an old or used link offers a new one."""
    target = _target(token)
    if target is None:
        return page(request, "door/invalid.html.j2", status=404)
    if target.kind not in VISITORS:
        return _elsewhere(request, target)
    if visitor(request, target.kind, target.subject_id) is not None:
        return see_other(home_of(target.kind, target.subject_id))
    with transaction() as session:
        _, to = _known(request, session, target)
        used = opening.was_used(session, token)
    expired = read_expired_link(token) is not None
    if used or expired:
        return page(request, "door/again.html.j2", status=410, why="used" if used else "expired", target=target)
    return page(request, "door/link.html.j2", kind=target.kind.value, token=token, way=way_of_code(to, target))


@router.post("/d/{token}/code")
def send_code(token: str, request: Request, later: BackgroundTasks) -> Response:
    """Send a code, another way than the link went where there is one."""
    target = read_link(token)
    try:
        hit_sign_in(f"link:{request.client.host if request.client else '-'}")
        with transaction() as session:
            subject, to = _known(request, session, target)
            asked = opening.ask_for_code(session, subject, token, target)
    except opening.TooManyCodesError as error:
        return _form(request, token, way_of_code(to, target), error.message, 429)
    later.add_task(deliver_quietly, subject.case_id)
    response = see_other(f"/d/{token}/code")
    give_cookie(response, target.subject_id, asked.token)
    return response


@router.get("/d/{token}/code")
def ask_for_code(token: str, request: Request) -> Response:
    """The form for the code."""
    target = read_link(token)
    with transaction() as session:
        _, to = _known(request, session, target)
    return _form(request, token, way_of_code(to, target))


@router.post("/d/{token}/open")
def come_in(token: str, request: Request, code: Annotated[str, Form(max_length=40)] = "") -> Response:
    """Check the code. What it opens is only what the link is about."""
    target = read_link(token)
    try:
        hit_sign_in(f"link:{request.client.host if request.client else '-'}")
        with transaction() as session:
            subject, to = _known(request, session, target)
            kept = opening.come_in(session, subject, request.cookies.get(cookie_of(target.subject_id), ""), code)
    except opening.WrongCodeError as error:
        return _form(request, token, way_of_code(to, target), error.message, 422)
    if kept is None:
        logs.info("code_refused")
        return _form(request, token, way_of_code(to, target), WRONG, 422)
    response = see_other(home_of(target.kind, target.subject_id))
    give_cookie(response, target.subject_id, kept)
    return response


@router.post("/link/{kind}/{subject}/new")
def renew(kind: RecipientKind, subject: UUID, request: Request, later: BackgroundTasks) -> Response:
    """Send a new link to where the old one went. The answer is the same whether or not there is such a one."""
    fault = ""
    try:
        hit_sign_in(f"link:{request.client.host if request.client else '-'}")
        with transaction() as session:
            known, _ = _known(request, session, LinkTarget(kind, subject))
            send_new_link(session, known)
        later.add_task(deliver_quietly, known.case_id)
    except NotFoundError:
        pass
    except SecundaError as error:
        fault = error.message
    return page(request, "door/sent.html.j2", status=429 if fault else 200, fault=fault)


def deliver_quietly(case_id: UUID) -> None:
    """Send what waits for this case now: somebody sits there. What fails here is sent by the worker."""
    try:
        outbox.deliver_due(case_id=case_id)
    except Exception as problem:  # noqa: BLE001 - the page is answered already; the worker tries again
        logs.unexpected("code_not_sent_at_once", problem)


def _target(token: str) -> LinkTarget | None:
    try:
        return read_link(token)
    except NotFoundError:
        return read_expired_link(token)


def _known(request: Request, session: Session, target: LinkTarget) -> tuple[Subject, Recipient]:
    """Whom the link means; the page speaks their language. Raises NotFoundError."""
    subject = subject_of(session, target)
    to = recipients.resolve(session, session.get_one(Case, subject.case_id), subject.key)
    request.state.visitor_language = to.language.value
    return subject, to


def _elsewhere(request: Request, target: LinkTarget) -> Response:
    """Coordinators and medical directors sign in; payers use their own system."""
    if target.kind in recipients.ON_THE_PAYERS_SIDE:
        return page(request, "door/invalid.html.j2", status=404)
    with transaction() as session:
        case = session.get(Case, target.subject_id)
    return see_other(f"/cases/{case.reference}" if case else "/")


def _form(request: Request, token: str, way: Way, fault: str = "", status: int = 200) -> Response:
    return page(request, "door/code.html.j2", status=status, token=token, way=way, fault=fault)
