"""Which payers this installation knows, so that a mistyped name is not taken for another payer."""

from sqlmodel import Session, select

from models import ApiClient, Review
from pathways import payer_files
from pathways.wording import suggestion
from secunda.errors import NotFoundError
from secunda.settings import settings

SHOWN = 10


def is_known(session: Session, payer: str) -> bool:
    """Whether it has a file, a registered client, or a review."""
    if payer in payer_files.names(settings().payer_folder):
        return True
    client = select(ApiClient.id).where(ApiClient.payer == payer).limit(1)
    review = select(Review.id).where(Review.payer == payer).limit(1)
    return session.exec(client).first() is not None or session.exec(review).first() is not None


def known(session: Session) -> list[str]:
    """All of them, in alphabetical order."""
    clients = session.exec(select(ApiClient.payer).distinct())
    reviews = session.exec(select(Review.payer).distinct())
    return sorted({*payer_files.names(settings().payer_folder), *clients, *reviews})


def check_is_known(session: Session, payer: str) -> None:
    """Raises NotFoundError, which names the payer that may be meant and those that there are."""
    if not is_known(session, payer):
        new = "A new payer is known once it has a file or a client (`secunda client add`)."
        raise NotFoundError(f"There is no payer {payer!r}.", f"{_meant(session, payer)} {new}", place="--payer")


def unknown(session: Session, payer: str) -> str:
    """A line of warning for a payer that nothing is known of; empty for one that is known."""
    if is_known(session, payer):
        return ""
    return f"Nothing was known of a payer {payer!r} so far. {_meant(session, payer)}"


def _meant(session: Session, payer: str) -> str:
    there = known(session)
    near = suggestion(payer, there, "")
    more = f" and {len(there) - SHOWN} more" if len(there) > SHOWN else ""
    listed = f"Known: {', '.join(there[:SHOWN])}{more}." if there else "None is known yet."
    return f"{near[:1].upper()}{near[1:]} {listed}".strip()
