"""Who is signed in: a random cookie, a row in the database that can be revoked, and what its owner may do."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from fastapi import Request, Response
from sqlmodel import Session, col, select

from models import User, UserSession
from models.user_status import Role
from secunda import clock
from secunda.db import transaction
from secunda.errors import SecundaError
from secunda.permissions import Permission, may
from secunda.settings import settings
from secunda.web.security import cookie_name, cookies_are_secure

RENEWAL: Final = "X-Renewal"  # sent by pages that renew themselves
SEEN_EVERY: Final = timedelta(minutes=1)  # how exactly a session's last use is known


@dataclass(frozen=True)
class SignedIn:
    """Somebody with an account, in one browser. `actor` is how events name them."""

    user_id: UUID
    session_id: UUID
    name: str
    email: str
    role: Role
    payer: str
    language: str
    verified: bool
    must_change_password: bool
    has_second_factor: bool

    @property
    def actor(self) -> str:
        return f"user:{self.email}"

    def may(self, permission: Permission) -> bool:
        return may(self.role, permission)


class NotSignedInError(SecundaError):
    """Nobody is signed in; the page leads to the sign-in page."""

    code = "not_signed_in"


class UnfinishedSignInError(SecundaError):
    """The password was right, but something is still owed; the page leads to `where`."""

    code = "unfinished_sign_in"

    def __init__(self, where: str) -> None:
        super().__init__("Signing in is not finished.")
        self.where = where


class NotAllowedError(SecundaError):
    """The role may not do this."""

    code = "not_allowed"


def open_session(session: Session, user: User, browser: str, *, verified: bool) -> str:
    """A new session; returns what its cookie holds."""
    token = secrets.token_urlsafe(32)
    now = clock.wall()
    session.add(
        UserSession(
            user_id=user.id,
            token_hash=hash_of(token),
            browser=browser[:200],
            created_at=now,
            verified_at=now if verified else None,
            last_seen_at=now,
            expires_at=now + timedelta(hours=settings().session_hours),
        )
    )
    return token


def renew_session(request: Request, session: Session, session_id: UUID) -> str:
    """Another cookie for the same session, now that it may do more (OWASP, session fixation); returns what it holds."""
    token = secrets.token_urlsafe(32)
    row = session.get_one(UserSession, session_id)
    row.token_hash = hash_of(token)
    session.add(row)
    request.state.renewed = token
    return token


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def give_cookie(response: Response, token: str) -> None:
    """Kept until the browser closes; the server decides how long it is good for."""
    response.set_cookie(
        cookie_name("session"), token, httponly=True, secure=cookies_are_secure(), samesite="lax", path="/"
    )
    response.delete_cookie(cookie_name("visit"), path="/", secure=cookies_are_secure(), httponly=True)


def take_cookie(response: Response) -> None:
    response.delete_cookie(cookie_name("session"), path="/", secure=cookies_are_secure(), httponly=True)


def who_is_it(request: Request) -> SignedIn | None:
    """Who is signed in with this browser, whether or not the second factor was shown; None for nobody."""
    if hasattr(request.state, "signed_in"):
        known: SignedIn | None = request.state.signed_in
        return known
    token = request.cookies.get(cookie_name("session"), "")
    request.state.signed_in = _look_up(token, clock.wall(), renews=RENEWAL in request.headers) if token else None
    found: SignedIn | None = request.state.signed_in
    return found


def _look_up(token: str, now: datetime, *, renews: bool) -> SignedIn | None:
    """`renews`: the page asks by itself; nobody may be sitting there, and the session grows old."""
    idle = timedelta(minutes=settings().session_idle_minutes)
    query = (
        select(UserSession, User)
        .join(User, col(User.id) == UserSession.user_id)
        .where(
            UserSession.token_hash == hash_of(token),
            col(UserSession.revoked_at).is_(None),
            col(UserSession.expires_at) > now,
            col(UserSession.last_seen_at) > now - idle,
            col(User.is_active).is_(True),
        )
    )
    with transaction() as session:
        found = session.exec(query).first()
        if found is None:
            return None
        row, user = found
        if now - row.last_seen_at > SEEN_EVERY and not renews:
            row.last_seen_at = now
            session.add(row)
        return _signed_in(row, user)


def _signed_in(row: UserSession, user: User) -> SignedIn:
    return SignedIn(
        user_id=user.id,
        session_id=row.id,
        name=user.name,
        email=user.email,
        role=user.role,
        payer=user.payer,
        language=user.language,
        verified=row.verified_at is not None,
        must_change_password=user.password_is_temporary and bool(user.password_hash),
        has_second_factor=user.totp_confirmed_at is not None,
    )


class Allowed:
    """A page's permission, as its dependency: `person: Annotated[SignedIn, Depends(allowed(Permission.…))]`."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def __call__(self, request: Request) -> SignedIn:
        person = who_is_it(request)
        if person is None:
            raise NotSignedInError("Nobody is signed in.", "Sign in first.")
        if not person.verified:
            raise UnfinishedSignInError("/sign-in/code" if person.has_second_factor else "/sign-in/enrol")
        if person.must_change_password:
            raise UnfinishedSignInError("/sign-in/password")
        if not person.may(self.permission):
            raise NotAllowedError("Your role does not open this page.", "Ask whoever administers the accounts.")
        return person


def allowed(permission: Permission) -> Allowed:
    return Allowed(permission)


class OpenToAll:
    """Instead of a permission, for pages that anybody may open; says why."""

    def __init__(self, why: str) -> None:
        self.why = why

    def __call__(self) -> None:
        return None


def open_to_all(why: str) -> OpenToAll:
    return OpenToAll(why)
