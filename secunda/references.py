"""Case references: the only name of a case that leaves the domain store, so they say nothing and are not guessable."""

import secrets
from collections.abc import Callable, Sequence

from sqlmodel import Session, col, select

from models import Case

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no letter that is misheard or misread
LENGTH = 8


def new_reference(session: Session, choose: Callable[[Sequence[str]], str] = secrets.choice) -> str:
    """A reference that no case has: `SO-` and eight characters (40 bits)."""
    while True:
        characters = "".join(choose(ALPHABET) for _ in range(LENGTH))
        reference = f"SO-{characters[:4]}-{characters[4:]}"
        if session.exec(select(Case.id).where(col(Case.reference) == reference)).first() is None:
            return reference
