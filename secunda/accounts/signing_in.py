"""Checking who somebody is: password, then code; slower with every failure, and the same answer for all of them."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from models import User, UserSession
from secunda import clock
from secunda.accounts import passwords, second_factor
from secunda.errors import BadInputError

FREE_ATTEMPTS: Final = 5
LONGEST_LOCK: Final = timedelta(minutes=30)


class WrongError(BadInputError):
    """Something of what was shown is wrong; it is not said what."""

    code = "sign_in_refused"


class LockedError(BadInputError):
    """Too many failures; try again later."""

    code = "sign_in_locked"


def check_password(session: Session, email: str, password: str) -> User | None:
    """The account that both belong to; None, with the failure counted, for anything wrong.

    None as well while the account is locked, for the right password too: an address that has no account is never
    locked, and whoever guesses must not learn the difference. The caller commits either way.
    """
    user = session.exec(select(User).where(User.email == email.strip().lower()).with_for_update()).first()
    now = clock.wall()
    right = passwords.matches(user.password_hash if user else "", password)
    if user is None or _locked_for(user, now):
        return None
    if not right or not user.is_active:
        _count_failure(user, now)
        return None
    if passwords.needs_new_hash(user.password_hash):
        user.password_hash = passwords.hashed(password)
    return user


def check_code(session: Session, user_id: UUID, code: str) -> bool:
    """Whether the code of the application, or a recovery code, is right; counts failures. Raises LockedError."""
    user = session.get_one(User, user_id, with_for_update=True)
    now = clock.wall()
    _check_is_not_locked(user, now)
    if second_factor.accept_code(user, code, now) or second_factor.use_recovery_code(session, user, code):
        user.failed_attempts, user.locked_until, user.last_signed_in_at = 0, None, now
        return True
    _count_failure(user, now)
    return False


def finish(session: Session, session_id: UUID) -> None:
    """From here on the session counts."""
    row = session.exec(select(UserSession).where(col(UserSession.id) == session_id)).one()
    row.verified_at = clock.wall()


def _count_failure(user: User, now: datetime) -> None:
    """After a few, each doubles the wait: whoever guesses gets nowhere, whoever mistypes waits for seconds."""
    user.failed_attempts += 1
    over = user.failed_attempts - FREE_ATTEMPTS
    if over >= 0:
        user.locked_until = now + min(LONGEST_LOCK, timedelta(seconds=15) * 2 ** min(over, 10))


def _locked_for(user: User, now: datetime) -> int:
    """Seconds; 0 when it is not locked."""
    if user.locked_until is None or user.locked_until <= now:
        return 0
    return int((user.locked_until - now).total_seconds()) + 1


def _check_is_not_locked(user: User, now: datetime) -> None:
    if seconds := _locked_for(user, now):
        raise LockedError("There were too many failed attempts.", f"Try again in {seconds} seconds.")
