"""One's own account: where one is signed in, the password, new recovery codes, the language."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Form, Request, Response
from sqlmodel import col, select

from models import User, UserSession
from secunda import clock
from secunda.accounts import passwords, second_factor
from secunda.accounts.sessions import revoke
from secunda.db import transaction
from secunda.errors import BadInputError
from secunda.permissions import Permission
from secunda.web.catalogues import LANGUAGES
from secunda.web.pages import page
from secunda.web.public.sign_in import change_password
from secunda.web.routes import see_other, web_router
from secunda.web.security import cookie_name, cookies_are_secure, is_local
from secunda.web.session import SignedIn, allowed, open_to_all, who_is_it

router = web_router()
Oneself = Annotated[SignedIn, Depends(allowed(Permission.OWN_ACCOUNT))]


@router.get("/account")
def show(request: Request, person: Oneself) -> Response:
    """Sessions that are open, and what can be changed."""
    return _shown(request, person)


@router.post("/account/password")
def new_password(
    request: Request, person: Oneself, current: Annotated[str, Form()] = "", password: Annotated[str, Form()] = ""
) -> Response:
    """Another password, by showing the one there is."""
    with transaction() as session:
        right = passwords.matches(session.get_one(User, person.user_id).password_hash, current)
    try:
        if not right:
            raise BadInputError("The current password is not right.")
        change_password(person, password)
    except BadInputError as error:
        return _shown(request, person, fault=error.message, status=422)
    return _shown(request, person, done="password")


@router.post("/account/recovery-codes")
def new_codes(request: Request, person: Oneself) -> Response:
    """Ten new recovery codes; the old ones are void."""
    with transaction() as session:
        codes = second_factor.new_recovery_codes(session, session.get_one(User, person.user_id))
    return page(request, "public/recovery_codes.html.j2", codes=codes, onward="/account")


@router.post("/account/sessions/{session_id}/revoke")
def end_session(session_id: UUID, person: Oneself) -> Response:
    """Sign out in one other browser."""
    with transaction() as session:
        revoke(session, person.user_id, only=session_id)
    return see_other("/account")


@router.post("/account/sessions/revoke-others")
def end_others(person: Oneself) -> Response:
    """Sign out everywhere else."""
    with transaction() as session:
        revoke(session, person.user_id, but=person.session_id)
    return see_other("/account")


@router.post("/account/keys")
def choose_keys(person: Oneself, keys: Annotated[str, Form()] = "") -> Response:  # noqa: ARG001 - the permission
    """Whether keys without Ctrl or Alt do something, in this browser (WCAG 2.2, 2.1.4: who speaks turns them off)."""
    response = see_other("/account#keys")
    chosen = "off" if keys == "off" else "on"
    _remember(response, "keys", chosen)
    return response


@router.post("/language", dependencies=[Depends(open_to_all("everybody reads in their own language"))])
def choose_language(
    request: Request, language: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "/"
) -> Response:
    """Kept in this browser, and in the account of whoever is signed in."""
    response = see_other(back if is_local(back) else "/")
    person = who_is_it(request)
    if language in LANGUAGES:
        _remember(response, "language", language)
        if person is not None:
            with transaction() as session:
                session.get_one(User, person.user_id).language = language
    return response


def _remember(response: Response, name: str, value: str) -> None:
    """In this browser, for a year."""
    safe = cookies_are_secure()
    response.set_cookie(cookie_name(name), value, max_age=31536000, httponly=True, secure=safe, samesite="lax")


def _shown(request: Request, person: SignedIn, *, fault: str = "", done: str = "", status: int = 200) -> Response:
    query = select(UserSession).where(
        UserSession.user_id == person.user_id,
        col(UserSession.revoked_at).is_(None),
        col(UserSession.expires_at) > clock.wall(),
    )
    with transaction() as session:
        sessions = session.exec(query.order_by(col(UserSession.last_seen_at).desc()).limit(50)).all()
        left = second_factor.recovery_codes_left(session, session.get_one(User, person.user_id))
    return page(
        request,
        "public/account.html.j2",
        status=status,
        sessions=sessions,
        codes_left=left,
        fault=fault,
        done=done,
        reader=person,
    )
