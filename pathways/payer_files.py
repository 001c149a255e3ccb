"""Loading payers' own files, and telling everything that is wrong in one, each at its line and column."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from pathways import overlay
from pathways.errors import PathwayError, PathwayFileError, Problem
from pathways.explaining import problems
from pathways.payer import Payer
from pathways.placed import PlacedMapping, locate
from pathways.source import read
from pathways.wording import suggestion

FOLDER = Path(__file__).parent / "payers"


def names(folder: Path | None = None) -> list[str]:
    """The payers that have a file, in alphabetical order."""
    return sorted(path.stem for path in (folder or FOLDER).glob("*.yaml"))


def load(name: str, folder: Path | None = None) -> Payer | None:
    """The payer of that slug; None where it has no file. Raises PathwayFileError with every problem of its file."""
    path = (folder or FOLDER) / f"{name}.yaml"
    if name not in names(folder):
        return None
    status = path.stat()
    return _load(path, (status.st_mtime_ns, status.st_size))


@lru_cache(maxsize=256)
def _load(path: Path, _stamp: object) -> Payer:
    return read_file(path)


def read_file(path: Path) -> Payer:
    """The payer in `path`. Raises PathwayFileError with every problem, each at its line and column."""
    root = read(path)
    try:
        payer = Payer.model_validate(root)
    except ValidationError as error:
        raise PathwayFileError(problems(error, Payer, root)) from None
    if wrong := [*_misnamed(payer, root, path), *_nowhere(payer, root), *_repeated(payer, root)]:
        raise PathwayFileError(wrong)
    return payer


def check(paths: list[Path]) -> list[Problem]:
    """Everything that is wrong in these files."""
    found: list[Problem] = []
    for path in paths:
        try:
            read_file(path)
        except PathwayFileError as error:
            found += error.problems
    return found


def _misnamed(payer: Payer, root: PlacedMapping, path: Path) -> Iterator[Problem]:
    if payer.payer != path.stem:
        place = root.values_at["payer"]
        yield place.problem(f"the file is named {path.stem!r}", f"name it {payer.payer}.yaml")


def _nowhere(payer: Payer, root: PlacedMapping) -> Iterator[Problem]:
    try:
        overlay.load(payer.jurisdiction)
    except PathwayError:
        known = overlay.names()
        remedy = suggestion(payer.jurisdiction, known, f"known: {', '.join(known)}")
        place = root.values_at["jurisdiction"]
        yield place.problem(f"there is no jurisdiction {payer.jurisdiction!r}", remedy)


def _repeated(payer: Payer, root: PlacedMapping) -> Iterator[Problem]:
    lists = {
        ("mandates", "rules"): [rule.key for rule in payer.mandates.rules] if payer.mandates else [],
        ("determination", "clocks"): [clock.key for clock in payer.determination.clocks],
    }
    for steps, keys in lists.items():
        for index, key in enumerate(keys):
            if key in keys[:index]:
                place = locate(root, (*steps, index, "key"))
                yield place.problem(f"there are two {key!r} among the {steps[1]}", "give each a key of its own")
