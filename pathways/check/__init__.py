"""Checking pathway files: what is wrong, where, and what would be right. One check a file."""

from collections.abc import Iterable
from pathlib import Path

from pathways.check.codes import codes
from pathways.check.deadlines import deadlines
from pathways.check.duplicates import duplicates
from pathways.check.examples import examples
from pathways.check.expressions import expressions
from pathways.check.ladders import ladders
from pathways.check.panels import panels
from pathways.check.reachability import reachability
from pathways.check.sections import sections
from pathways.check.subject import Check, Subject
from pathways.check.translations import translations
from pathways.errors import PathwayFileError, Problem
from pathways.loader import COMMON, paths, resolve, validate

CHECKS: tuple[Check, ...] = (
    duplicates,
    expressions,
    codes,
    reachability,
    deadlines,
    ladders,
    panels,
    sections,
    translations,
    examples,
)


def check(path: Path) -> list[Problem]:
    """Everything that is wrong with one pathway file, in the order of its lines; empty where nothing is.

    What the file takes from the common part is reported in that file; the common part itself is checked in every
    pathway beside it. A file that does not match the vocabulary is told so, and nothing else about it yet.
    """
    if path.name == COMMON:
        return [problem for problem in check_all(folder=path.parent) if problem.file == str(path)]
    try:
        root = resolve(path)
        subject = Subject(path, root, validate(root))
    except PathwayFileError as error:
        return list(error.problems)
    return sorted({problem for one in CHECKS for problem in one(subject)})


def check_all(files: Iterable[Path] | None = None, folder: Path | None = None) -> list[Problem]:
    """Everything that is wrong with these files, or with every pathway of `folder` and its file name."""
    chosen = list(files) if files is not None else paths(folder)
    found = {problem for path in chosen for problem in check(path)}
    return sorted(found | {problem for path in chosen if files is None for problem in _misnamed(path)})


def _misnamed(path: Path) -> list[Problem]:
    """A pathway is found by its specialty, so its file must have that name."""
    try:
        root = resolve(path)
        specialty = validate(root).pathway
    except PathwayFileError:
        return []
    if path.stem == specialty:
        return []
    what = f"the pathway {specialty.value!r} lies in the file {path.name!r}"
    return [root.values_at["pathway"].problem(what, f"rename the file to {specialty}.yaml")]
