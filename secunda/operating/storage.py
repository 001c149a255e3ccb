"""Room: what the documents and the database take, what is free, and when the last archive was made."""

import shutil
from pathlib import Path

from sqlalchemy import text
from sqlmodel import Session

from pathways.vocabulary import Frozen
from secunda import health
from secunda.backup.noting import LastBackup, last_backup
from secunda.doctor.machine import ENOUGH_FREE_BYTES
from secunda.settings import Settings


class Disk(Frozen):
    """Where a folder lies. `enough`: as `secunda doctor` sees it; `working`: below it nothing may be written whole."""

    folder: str
    free_bytes: int
    size_bytes: int
    enough: bool
    working: bool


class Storage(Frozen):
    """`documents` and their bytes as the database knows them; one that several cases have counts for each."""

    disks: tuple[Disk, ...]
    documents: int
    document_bytes: int
    database_bytes: int
    log_bytes: int
    last_backup: LastBackup | None


DOCUMENTS = """
    select count(*) as documents, coalesce(sum(size), 0)::bigint as bytes from document where sha256 is not null
"""


def storage(session: Session, using: Settings) -> Storage:
    """All of it; reads the whole table of documents."""
    documents = session.execute(text(DOCUMENTS)).mappings().one()
    return Storage(
        disks=tuple(disks(using)),
        documents=documents["documents"],
        document_bytes=documents["bytes"],
        database_bytes=database_bytes(session),
        log_bytes=sum(file.stat().st_size for file in using.log_folder.glob("*") if file.is_file()),
        last_backup=last_backup(using),
    )


def database_bytes(session: Session) -> int:
    """What the domain store takes on the disk of its server."""
    found: int = session.execute(text("select pg_database_size(current_database())")).scalar_one()
    return found


def disks(using: Settings) -> list[Disk]:
    """The installation's folder, and that of the documents where it lies on another disk."""
    folders = {"home": using.home, "documents": using.documents_folder}
    found: dict[int, Disk] = {}
    for name, folder in folders.items():
        place = _existing(folder)
        found.setdefault(place.stat().st_dev, _disk(name, place))
    return list(found.values())


def _disk(name: str, place: Path) -> Disk:
    usage = shutil.disk_usage(place)
    free = usage.free
    return Disk(
        folder=name,
        free_bytes=free,
        size_bytes=usage.total,
        enough=free >= ENOUGH_FREE_BYTES,
        working=free >= health.LEAST_FREE_BYTES,
    )


def _existing(folder: Path) -> Path:
    return next(parent for parent in (folder.resolve(), *folder.resolve().parents) if parent.exists())
