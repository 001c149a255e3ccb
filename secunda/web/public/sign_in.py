"""Signing in: a password, a new one where it was a temporary one, a code of the second factor."""

from typing import Annotated

from fastapi import Depends, Form, Request, Response

from models import User
from secunda import logs
from secunda.accounts import passwords, second_factor, signing_in
from secunda.accounts.sessions import revoke
from secunda.api.limits import hit_sign_in
from secunda.db import transaction
from secunda.errors import BadInputError, SecundaError
from secunda.settings import settings
from secunda.web.catalogues import N_
from secunda.web.pages import language_of, page
from secunda.web.refusals import in_words
from secunda.web.routes import see_other, web_router
from secunda.web.security import is_local
from secunda.web.session import (
    NotSignedInError,
    SignedIn,
    give_cookie,
    open_session,
    open_to_all,
    renew_session,
    take_cookie,
    who_is_it,
)

router = web_router(dependencies=[Depends(open_to_all("one signs in here"))])
#: One sentence for an address without an account, a wrong password, and an account that is locked for a while.
REFUSED = N_(
    "The e-mail address or the password is not right, or there were too many attempts: after five, the wait grows with"
    " each, up to half an hour."
)
WRONG = N_("The e-mail address, the password or the code is not right.")


def halfway(request: Request) -> SignedIn:
    """Whoever showed the right password. Raises NotSignedInError."""
    person = who_is_it(request)
    if person is None:
        raise NotSignedInError("Nobody is signed in.", "Sign in first.")
    return person


Halfway = Annotated[SignedIn, Depends(halfway)]


@router.get("/sign-in")
def ask(request: Request, next: str = "/") -> Response:
    """The form. Whoever is signed in already goes on."""
    person = who_is_it(request)
    if person is not None:
        return see_other(onward(person, next))
    return _form(request, next)


@router.post("/sign-in")
def sign_in(
    request: Request,
    email: Annotated[str, Form(max_length=254)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Check the password; the same answer whatever was wrong."""
    address = request.client.host if request.client else "-"
    try:
        hit_sign_in(f"web:{address}")
        with transaction() as session:
            user = signing_in.check_password(session, email, password)
            token = open_session(session, user, request.headers.get("user-agent", ""), verified=False) if user else ""
    except SecundaError as error:
        return _form(request, next, email, in_words(error, language_of(request)), 429)
    if user is None:
        logs.info("sign_in_refused")
        return _form(request, next, email, REFUSED, 422)
    response = see_other(_step(user, next))
    give_cookie(response, token)
    return response


@router.get("/sign-in/code")
def ask_for_code(request: Request, person: Halfway, next: str = "/") -> Response:
    """The form for the code."""
    if person.verified or not person.has_second_factor:
        return see_other(onward(person, next))
    return page(request, "public/code.html.j2", next=next, fault="")


@router.post("/sign-in/code")
def check_code(
    request: Request,
    person: Halfway,
    code: Annotated[str, Form(max_length=40)] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Check the application's code, or a recovery code."""
    try:
        with transaction() as session:
            right = signing_in.check_code(session, person.user_id, code)
            if right:
                signing_in.finish(session, person.session_id)
                token = renew_session(request, session, person.session_id)
    except signing_in.LockedError as error:
        return page(request, "public/code.html.j2", status=429, next=next, fault=in_words(error, language_of(request)))
    if not right:
        return page(request, "public/code.html.j2", status=422, next=next, fault=WRONG)
    response = see_other("/sign-in/password" if person.must_change_password else _safe(next))
    give_cookie(response, token)
    return response


@router.get("/sign-in/enrol")
def show_secret(request: Request, person: Halfway) -> Response:
    """A new secret for the authenticator application, while there is none that was confirmed."""
    if person.has_second_factor:
        return see_other(onward(person, "/"))
    with transaction() as session:
        user = session.get_one(User, person.user_id, with_for_update=True)
        if not user.totp_sealed:
            second_factor.new_secret(user)
        return _enrolment(request, user, "")


@router.post("/sign-in/enrol")
def enrol(request: Request, person: Halfway, code: Annotated[str, Form(max_length=40)] = "") -> Response:
    """The first right code makes the second factor count; recovery codes are shown once."""
    if person.has_second_factor:
        return see_other(onward(person, "/"))
    with transaction() as session:
        user = session.get_one(User, person.user_id)
        if not signing_in.check_code(session, person.user_id, code):
            return _enrolment(request, user, WRONG)
        user.totp_confirmed_at = user.last_signed_in_at
        codes = second_factor.new_recovery_codes(session, user)
        signing_in.finish(session, person.session_id)
        token = renew_session(request, session, person.session_id)
    onward_to = "/sign-in/password" if person.must_change_password else "/"
    response = page(request, "public/recovery_codes.html.j2", codes=codes, onward=onward_to)
    give_cookie(response, token)
    return response


@router.get("/sign-in/password")
def ask_for_new_password(request: Request, person: Halfway) -> Response:
    """The form for one's own password instead of the temporary one."""
    if not person.verified or not person.must_change_password:
        return see_other(onward(person, "/"))
    return page(request, "public/new_password.html.j2", fault="")


@router.post("/sign-in/password")
def set_password(request: Request, person: Halfway, password: Annotated[str, Form()] = "") -> Response:
    """Keep the new password and end all other sessions."""
    if not person.verified:
        return see_other(onward(person, "/"))
    try:
        change_password(person, password)
    except BadInputError as error:
        return page(request, "public/new_password.html.j2", status=422, fault=error.message)
    return see_other("/")


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End this session."""
    person = who_is_it(request)
    if person is not None:
        with transaction() as session:
            revoke(session, person.user_id, only=person.session_id)
    response = see_other("/sign-in")
    take_cookie(response)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def change_password(person: SignedIn, password: str) -> None:
    """Raises BadInputError for one that is not good."""
    passwords.check_is_good(password, person.email, person.name)
    with transaction() as session:
        user = session.get_one(User, person.user_id)
        if passwords.matches(user.password_hash, password):
            raise BadInputError("This is the password that you have.", "Choose another.")
        user.password_hash, user.password_is_temporary = passwords.hashed(password), False
        revoke(session, user.id, but=person.session_id)


def onward(person: SignedIn, next: str) -> str:
    """What comes after what was shown so far."""
    if not person.verified:
        return "/sign-in/code" if person.has_second_factor else "/sign-in/enrol"
    return "/sign-in/password" if person.must_change_password else _safe(next)


def _step(user: User, next: str) -> str:
    if user.totp_confirmed_at is None:
        return "/sign-in/enrol"
    return "/sign-in/code" if _safe(next) == "/" else f"/sign-in/code?next={_safe(next)}"


def _safe(next: str) -> str:
    return next if is_local(next) else "/"


def _form(request: Request, next: str, email: str = "", fault: str = "", status: int = 200) -> Response:
    name = (settings().oidc_name or "OpenID Connect") if settings().oidc_issuer else ""
    return page(
        request, "public/sign_in.html.j2", status=status, next=_safe(next), email=email, fault=fault, oidc_name=name
    )


def _enrolment(request: Request, user: User, fault: str) -> Response:
    address = second_factor.address_of(user)
    return page(
        request,
        "public/enrol.html.j2",
        status=422 if fault else 200,
        picture=second_factor.drawn(address),
        secret=second_factor.secret_of(user),
        fault=fault,
    )
