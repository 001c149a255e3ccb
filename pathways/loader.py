"""Loading pathways: from their files, with `extends: common` merged, or from the content that a case is pinned to."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pathways.errors import PathwayError, PathwayFileError, Problem
from pathways.explaining import problems
from pathways.merging import merged
from pathways.placed import PlacedMapping
from pathways.schema import Pathway
from pathways.source import read
from pathways.vocabulary import Specialty

FOLDER = Path(__file__).parent
COMMON = "common.yaml"


@dataclass(frozen=True)
class LoadedPathway:
    """A pathway with the hash that a case is pinned to, and the file it came from."""

    pathway: Pathway
    hash: str  # SHA-256 in hexadecimal of `canonical(pathway)`
    path: Path


def load(name: str | Path, folder: Path | None = None) -> LoadedPathway:
    """The pathway of a specialty (`"oncology"`, sought in `folder`, by default the shipped ones) or of a file.

    Raises PathwayFileError with every problem of the file that keeps it from being read, and PathwayError for a
    specialty that has no file.
    """
    path = path_of(name, folder)
    return _load(path, _stamp(path), _stamp(common_of(path)))


def load_all(folder: Path | None = None) -> dict[Specialty, LoadedPathway]:
    """Every pathway of `folder`, in the order of the vocabulary. Raises PathwayFileError with all problems of all."""
    loaded: list[LoadedPathway] = []
    wrong: list[Problem] = []
    for path in paths(folder):
        try:
            loaded.append(load(path))
        except PathwayFileError as error:
            wrong += error.problems
    if wrong:
        raise PathwayFileError(set(wrong))
    order = list(Specialty)
    return {one.pathway.pathway: one for one in sorted(loaded, key=lambda one: order.index(one.pathway.pathway))}


def paths(folder: Path | None = None) -> list[Path]:
    """The pathway files of `folder`; overlays and terminology lie in folders of their own."""
    return sorted(path for path in (folder or FOLDER).glob("*.yaml") if path.name != COMMON)


def path_of(name: str | Path, folder: Path | None = None) -> Path:
    """The file that `name` means. Raises PathwayError for a specialty that has none."""
    if isinstance(name, Path) or name.endswith((".yaml", ".yml")):
        return Path(name)
    path = (folder or FOLDER) / f"{name}.yaml"
    if path not in paths(folder):
        known = ", ".join(path.stem for path in paths(folder)) or "none"
        raise PathwayError(f"There is no pathway {name!r}.", f"Known pathways: {known}.", place="pathway")
    return path


def common_of(path: Path) -> Path:
    """The common part that `extends: common` means in the file `path`: beside it, else the shipped one."""
    beside = path.parent / COMMON
    return beside if beside.is_file() else FOLDER / COMMON


def from_content(content: Mapping[str, Any]) -> Pathway:
    """The pathway that `content(pathway)` gave. Raises PathwayError where this version cannot read it."""
    try:
        return Pathway.model_validate(content)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise PathwayError(
            f"The stored pathway version cannot be read: {error.errors()[0]['msg']}.",
            "Run the version of Secunda that pinned it, or move the case to the current pathway.",
            place=place,
        ) from None


def content(pathway: Pathway) -> dict[str, Any]:
    """The resolved pathway as JSON data; `from_content` reads it back."""
    return pathway.model_dump(mode="json", by_alias=True)


def canonical(pathway: Pathway) -> bytes:
    """Canonical JSON: sorted keys, no spaces, UTF-8."""
    return json.dumps(content(pathway), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def hash_of(pathway: Pathway) -> str:
    return hashlib.sha256(canonical(pathway)).hexdigest()


def resolve(path: Path) -> PlacedMapping:
    """The file's data with `extends: common` merged, every part with its place. Raises PathwayFileError."""
    own = read(path)
    return merged(_read(common_of(path), _stamp(common_of(path))), own) if own.get("extends") == "common" else own


def validate(root: PlacedMapping) -> Pathway:
    """The pathway of resolved data. Raises PathwayFileError with every problem of schema."""
    try:
        return Pathway.model_validate(root)
    except ValidationError as error:
        raise PathwayFileError(problems(error, Pathway, root)) from None


@lru_cache(maxsize=64)
def _load(path: Path, _stamp: object, _common_stamp: object) -> LoadedPathway:
    pathway = validate(resolve(path))
    return LoadedPathway(pathway, hash_of(pathway), path)


@lru_cache(maxsize=8)
def _read(path: Path, _stamp: object) -> PlacedMapping:
    return read(path)


def _stamp(path: Path) -> tuple[int, int] | None:
    """What changes when the file does."""
    if not path.is_file():
        return None
    status = path.stat()
    return status.st_mtime_ns, status.st_size
