"""The options that several commands share, and reading their values with errors that say what would be right."""

import getpass
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, TypeVar

import typer

from pathways.wording import suggestion
from secunda.errors import BadInputError

Reference = Annotated[str, typer.Argument(metavar="CASE", help="The case's reference, like SO-7K2M-Q9XD.")]
Assignment = Annotated[
    str, typer.Argument(metavar="ASSIGNMENT", help="CASE/role, CASE/role/seat, CASE/expert-code, or the id.")
]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept and shown.", show_default=False)]
Actor = Annotated[
    str, typer.Option("--actor", help="Who does this; without it, cli:<your login name>.", show_default=False)
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many at most.")]

W = TypeVar("W", bound=StrEnum)


def who(actor: str) -> str:
    """The actor that the events name."""
    return actor.strip() or f"cli:{getpass.getuser()}"


def word_of(words: type[W], written: str | None, option: str) -> W | None:
    """The word of the vocabulary that was written, None where nothing was. Raises BadInputError."""
    if written is None:
        return None
    known = [word.value for word in words]
    return words(known_word(written.strip(), known, option))


def known_word(written: str, known: Iterable[str], option: str) -> str:
    """`written`, in the letters of the known word. Raises BadInputError, with the nearest known one as remedy."""
    by_lower = {word.lower(): word for word in known}
    if written.lower() in by_lower:
        return by_lower[written.lower()]
    remedy = suggestion(written.lower(), by_lower, f"known: {', '.join(by_lower.values())}.")
    raise BadInputError(f"{written!r} is not known here.", remedy[:1].upper() + remedy[1:], place=option)


def owed_word_of(words: type[W], written: str, option: str) -> W:
    """The same where a word is owed."""
    found = word_of(words, written, option)
    if found is None:
        raise BadInputError("A value is owed.", f"Known: {', '.join(words)}.", place=option)
    return found


def day(written: str | None, option: str) -> date | None:
    """A calendar day in ISO 8601, or `today`; None where none was written. Raises BadInputError."""
    if written is None:
        return None
    if written.strip().lower() == "today":
        from secunda import clock

        return clock.now().date()
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise BadInputError(
            f"{written!r} is no calendar day.", "Write it as ISO 8601 has it, 2026-03-31, or today.", place=option
        ) from None


def end_of(last: date | None) -> datetime | None:
    """When that day ends, in the time zone of the terminal."""
    return datetime.combine(last + timedelta(days=1), time()).astimezone() if last else None
