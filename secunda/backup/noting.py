"""When the last archive was made, written down beside the data: a backup that nobody makes is noticed."""

import json
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from pathways.vocabulary import Frozen
from secunda import clock
from secunda.settings import Settings


class LastBackup(Frozen):
    """`damaged`: how many documents could not be put into it."""

    made_at: datetime
    size_bytes: int
    cases: int
    damaged: int


def note_backup(using: Settings, size_bytes: int, cases: int, damaged: int) -> None:
    """Write it down; the file is there whole or as it was."""
    found = LastBackup(made_at=clock.wall(), size_bytes=size_bytes, cases=cases, damaged=damaged)
    path = _path(using)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(found.model_dump_json() + "\n", encoding="utf-8")
    beside.replace(path)


def last_backup(using: Settings) -> LastBackup | None:
    """What was noted last; None where no archive was made in this installation, or the note cannot be read."""
    try:
        return LastBackup.model_validate(json.loads(_path(using).read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError):
        return None


def _path(using: Settings) -> Path:
    return using.home / "last-backup.json"
