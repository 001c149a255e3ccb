"""What an administrator does to accounts, from the command line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, delete, select

from models import RecoveryCode, User
from models.user_status import Role
from secunda import clock
from secunda.accounts import passwords
from secunda.accounts.sessions import revoke
from secunda.errors import BadInputError, ConflictError, NotFoundError

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


@dataclass(frozen=True)
class Made:
    """`password` is told once; it has to be changed at the first sign-in."""

    user: User
    password: str


def add_user(
    session: Session,
    email: str,
    name: str,
    role: Role,
    *,
    payer: str = "",
    language: str = "",
    elsewhere: bool = False,
) -> Made:
    """A new account with a temporary password; without any for somebody who signs in `elsewhere` only.

    Raises BadInputError, and ConflictError for an address that has an account.
    """
    address = email.strip().lower()
    if not _EMAIL.fullmatch(address):
        raise BadInputError(f"{email!r} is no e-mail address.", "Write it as name@example.org.", place="email")
    if (role is Role.PAYER_VIEWER) != bool(payer):
        raise BadInputError("A payer's viewer needs the payer, others have none.", "Use `--payer SLUG`.", place="payer")
    if session.exec(select(User).where(User.email == address)).first() is not None:
        raise ConflictError(f"{address} has an account.", "`secunda user list` shows the accounts.")
    password = "" if elsewhere else passwords.temporary()
    user = User(
        email=address,
        name=name.strip() or address.split("@")[0],
        role=role,
        payer=payer,
        language=language,
        password_hash=passwords.hashed(password) if password else "",
        created_at=clock.wall(),
    )
    session.add(user)
    return Made(user, password)


def user_by_email(session: Session, email: str) -> User:
    """Raises NotFoundError."""
    found = session.exec(select(User).where(User.email == email.strip().lower())).first()
    if found is None:
        raise NotFoundError(f"Nobody here has the address {email!r}.", "`secunda user list` shows the accounts.")
    return found


def all_users(session: Session) -> Sequence[User]:
    return session.exec(select(User).order_by(col(User.email))).all()


def disable(session: Session, email: str) -> User:
    """The account signs in no more, and is signed out everywhere. Doing it again changes nothing."""
    user = user_by_email(session, email)
    user.is_active = False
    session.add(user)
    revoke(session, user.id)
    return user


def enable(session: Session, email: str) -> User:
    """Undo `disable`."""
    user = user_by_email(session, email)
    user.is_active = True
    session.add(user)
    return user


def reset(session: Session, email: str) -> Made:
    """A new temporary password and no second factor any more, for somebody who lost theirs; signed out everywhere."""
    user, password = user_by_email(session, email), passwords.temporary()
    user.password_hash, user.password_is_temporary = passwords.hashed(password), True
    user.totp_sealed, user.totp_confirmed_at, user.totp_last_step = "", None, 0
    user.failed_attempts, user.locked_until = 0, None
    session.add(user)
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user.id))
    revoke(session, user.id)
    return Made(user, password)
