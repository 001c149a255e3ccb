"""The versions of a pathway: those that cases are pinned to, and finding the one that a person names."""

import re
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, col, func, select

from models import Case, PathwayVersion
from models.status import CaseStatus
from pathways import loader
from pathways.schema import Pathway
from pathways.vocabulary import Specialty
from secunda.db import transaction
from secunda.errors import BadInputError, NotFoundError
from secunda.settings import settings

_HASH = re.compile(r"[0-9a-f]{6,64}")
FORMS = "Name a specialty, a specialty and version like cardiology@0.1.0, the beginning of a hash, or a file."


@dataclass(frozen=True)
class Version:
    """One version of a pathway. `name`: how it is told to people."""

    name: str
    hash: str
    pathway: Pathway


def find(written: str) -> Version:
    """The version that is meant: `cardiology` or `its.yaml` (the file as it is now), `cardiology@0.1.0`, `a1b2c3d4`.

    Raises NotFoundError, BadInputError where it may be several, PathwayFileError.
    """
    if written.endswith((".yaml", ".yml")):
        return _of_file(Path(written))
    if written in set(Specialty):
        return _of_file(loader.path_of(written, settings().pathway_folder))
    specialty, at, version = written.partition("@")
    if not at and not _HASH.fullmatch(written.lower()):
        raise BadInputError(f"{written!r} names no version of a pathway.", FORMS)
    with transaction() as session:
        found = _kept(session, specialty, version) if at else _of_hash(session, written.lower())
    if len(found) > 1:
        listed = ", ".join(one.hash[:12] for one in found)
        raise BadInputError(f"{written!r} may be several: {listed}.", "Name the beginning of one hash.")
    if not found:
        raise NotFoundError(f"No case was ever pinned to {written}.", "`secunda pathway diff` lists the versions.")
    return found[0]


def pinned(specialty: str) -> list[tuple[Version, int]]:
    """The versions that open cases of a specialty are pinned to, with how many, the oldest first."""
    with transaction() as session:
        query = (
            select(PathwayVersion, func.count())
            .join(Case, col(Case.pathway_hash) == PathwayVersion.hash)
            .where(Case.specialty == specialty, col(Case.status) != CaseStatus.CLOSED)
            .group_by(col(PathwayVersion.hash))
            .order_by(col(PathwayVersion.first_used_at))
        )
        return [(_version(row), count) for row, count in session.exec(query)]


def _of_file(path: Path) -> Version:
    loaded = loader.load(path)
    return Version(f"{path} ({loaded.pathway.version})", loaded.hash, loaded.pathway)


def _kept(session: Session, specialty: str, version: str) -> list[Version]:
    query = select(PathwayVersion).where(PathwayVersion.specialty == specialty, PathwayVersion.version == version)
    return [_version(row) for row in session.exec(query.order_by(col(PathwayVersion.first_used_at)))]


def _of_hash(session: Session, beginning: str) -> list[Version]:
    query = select(PathwayVersion).where(col(PathwayVersion.hash).startswith(beginning))
    return [_version(row) for row in session.exec(query.limit(9))]


def _version(row: PathwayVersion) -> Version:
    return Version(f"{row.specialty}@{row.version} ({row.hash[:12]})", row.hash, loader.from_content(row.content))
