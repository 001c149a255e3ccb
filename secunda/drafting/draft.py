"""The folder of a draft: its files, and what was typed."""

import json
import re
import secrets
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final
from uuid import UUID

from secunda import clock
from secunda.errors import BadInputError, NotFoundError
from secunda.settings import settings

KEPT_SECONDS: Final = 2 * 24 * 3600
MOST_FILES: Final = 200
CHUNK: Final = 2**20
_ID: Final = re.compile(r"[0-9a-f]{32}")


@dataclass
class Draft:
    """`files`: name as it was handed in → file in the folder. `said`: the fields of the form, as typed."""

    id: str
    owner: str
    files: dict[str, str] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return _folder() / self.id

    def path(self, name: str) -> Path:
        return self.folder / self.files[name]

    def keep(self) -> None:
        """Write it down, whole or not at all."""
        new = self.folder / "draft.new"
        new.write_text(json.dumps(asdict(self)), encoding="utf-8")
        new.replace(self.folder / "draft.json")

    def discard(self) -> None:
        """Remove it with its files."""
        shutil.rmtree(self.folder, ignore_errors=True)


def begin(owner: UUID) -> Draft:
    """An empty draft of somebody; those that were left lying are removed."""
    _remove_old()
    draft = Draft(secrets.token_hex(16), str(owner))
    draft.folder.mkdir(parents=True, mode=0o700)
    draft.keep()
    return draft


def load(id: str, owner: UUID) -> Draft:
    """Raises NotFoundError for one that is not there, or is somebody else's."""
    path = _folder() / id / "draft.json"
    if not _ID.fullmatch(id) or not path.is_file():
        raise NotFoundError("This draft is not there any more.", "Begin anew.")
    draft = Draft(**json.loads(path.read_text(encoding="utf-8")))
    if draft.owner != str(owner):
        raise NotFoundError("This draft is not there any more.", "Begin anew.")
    return draft


def add_file(draft: Draft, name: str, source: BinaryIO) -> None:
    """Keep a file under its own name; the same name again gets a number. Raises BadInputError for too much."""
    if len(draft.files) >= MOST_FILES:
        raise BadInputError(f"A draft has at most {MOST_FILES} files.", "Attach the others to the case later.")
    shown = Path(name.replace("\\", "/")).name[:120] or "file"
    unique = next(
        one for one in (shown, *(f"{shown} ({n})" for n in range(2, MOST_FILES + 2))) if one not in draft.files
    )
    stored = f"{len(draft.files):03d}.bin"
    limit, size = settings().max_document_bytes, 0
    with (draft.folder / stored).open("xb") as file:
        while chunk := source.read(CHUNK):
            size += len(chunk)
            if size > limit:
                break
            file.write(chunk)
    if size > limit:
        (draft.folder / stored).unlink()
        raise BadInputError(f"“{shown}” is larger than {limit // 2**20} MiB.", "Attach it by the API, in parts.")
    draft.files[unique] = stored


def _folder() -> Path:
    return settings().home / "drafts"


def _remove_old() -> None:
    oldest = clock.wall().timestamp() - KEPT_SECONDS
    for path in _folder().glob("*/draft.json"):
        if path.stat().st_mtime < oldest:
            shutil.rmtree(path.parent, ignore_errors=True)
