"""Pinning a case to the pathway as it is now."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from models import PathwayVersion
from pathways import loader
from pathways.loader import LoadedPathway


def pin(session: Session, loaded: LoadedPathway, at: datetime) -> str:
    """Keep this version of the pathway, if it is not kept yet; returns its hash."""
    if session.exec(select(PathwayVersion.hash).where(col(PathwayVersion.hash) == loaded.hash)).first() is None:
        row = {
            "hash": loaded.hash,
            "specialty": loaded.pathway.pathway.value,
            "version": loaded.pathway.version,
            "content": loader.content(loaded.pathway),
            "first_used_at": at,
        }
        session.execute(insert(PathwayVersion).values(row).on_conflict_do_nothing())
    return loaded.hash
