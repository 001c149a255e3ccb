"""Pinning a review to its payer's file as it is now: clocks, escalations and what agreement means stay as agreed.

Whom the payer wants written to is not pinned: people change.
"""

from datetime import datetime
from functools import lru_cache

from pydantic import ValidationError
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from models import PayerVersion, Review
from pathways.payer import Payer
from secunda import events, logs
from secunda.case_context import as_json

_PAYERS: dict[str, Payer | None] = {}  # by hash: what a hash names never changes


def pin(session: Session, payer: Payer | None, at: datetime) -> str | None:
    """Keep this version of the payer's file, if it is not kept yet; returns its hash, None where there is no file."""
    if payer is None:
        return None
    name = _hash_of(payer)
    if session.exec(select(PayerVersion.hash).where(col(PayerVersion.hash) == name)).first() is None:
        row = PayerVersion(
            hash=name, payer=payer.payer, version=payer.version, content=as_json(payer), first_used_at=at
        )
        session.execute(insert(PayerVersion).values(row.model_dump()).on_conflict_do_nothing())
    return name


def pinned_payer(session: Session, review: Review) -> Payer | None:
    """The payer's file as it was when the review was asked for; None where there was none.

    One that this version of Secunda cannot read is as none: the clocks of the law hold and nothing certifies.
    """
    if review.payer_hash is None:
        return None
    if review.payer_hash not in _PAYERS:
        content = session.get_one(PayerVersion, review.payer_hash).content
        try:
            _PAYERS[review.payer_hash] = Payer.model_validate(content)
        except ValidationError:
            logs.warning("payer_version_unreadable", payer=review.payer)
            _PAYERS[review.payer_hash] = None
    return _PAYERS[review.payer_hash]


@lru_cache(maxsize=64)
def _hash_of(payer: Payer) -> str:
    return events.digest(as_json(payer))
