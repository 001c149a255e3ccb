"""Whether this installation can do its work now: the questions behind /health/ready."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from secunda import prefect_environment, probes
from secunda.settings import Settings

LEAST_FREE_BYTES = 512 * 2**20  # below this a report or a document may not be written whole


@dataclass(frozen=True)
class Check:
    """One part and whether it answers; `detail` says nothing that a stranger could use."""

    name: str
    ok: bool
    detail: str = ""


def database(_using: Settings) -> Check:
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    from secunda.db import transaction

    try:
        with transaction() as session:
            session.connection().execute(text("select 1"))
    except SQLAlchemyError as error:
        return Check("database", ok=False, detail=type(error).__name__)
    return Check("database", ok=True)


def prefect(using: Settings) -> Check:
    ok = probes.answers(f"{prefect_environment.api_url(using)}/ready")
    return Check("prefect", ok, "" if ok else "does not answer")


def disk(using: Settings) -> Check:
    free = free_bytes(using.home)
    return Check("disk", free >= LEAST_FREE_BYTES, f"{free // 2**20} MiB free")


def free_bytes(folder: Path) -> int:
    """Free space where `folder` is, or will be."""
    existing = next(parent for parent in (folder.resolve(), *folder.resolve().parents) if parent.exists())
    return shutil.disk_usage(existing).free


PARTS: tuple[Callable[[Settings], Check], ...] = (database, prefect, disk)


def check(using: Settings) -> list[Check]:
    """Ask every part; takes a few milliseconds when all is well, a few seconds when something hangs."""
    return [part(using) for part in PARTS]
