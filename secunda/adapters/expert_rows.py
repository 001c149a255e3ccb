"""The rows of a directory of experts, with the place of every cell, from CSV or YAML."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from secunda.adapters.expert_columns import COLUMNS, LISTS, REQUIRED
from secunda.errors import BadInputError

MAX_BYTES = 20 * 2**20
_KNOWN = ", ".join(COLUMNS)


@dataclass(frozen=True)
class DirectoryProblem:
    """`place` is `file:line: column`."""

    place: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}; {self.remedy}"


@dataclass(frozen=True)
class Row:
    """The cells of one expert by column; a cell without content is no cell."""

    cells: dict[str, list[str]]
    place: Callable[[str], str]


def read_rows(path: Path) -> tuple[list[Row], list[DirectoryProblem]]:
    """The rows of a `.csv`, `.yaml` or `.yml` file, and what is wrong with its form."""
    readers = {".csv": _csv_rows, ".yaml": _yaml_rows, ".yml": _yaml_rows}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise BadInputError(f"{path.name} is no directory of experts.", "Name a file that ends in .csv, .yaml or .yml.")
    return reader(path.name, _text(path))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInputError(f"{path.name} is larger than {MAX_BYTES // 2**20} MiB.", "Split the directory.")
        return path.read_bytes().decode("utf-8-sig")
    except OSError:
        raise BadInputError(f"{path.name} cannot be read.", "Check its name and permissions.") from None
    except UnicodeDecodeError as error:
        raise BadInputError(
            f"{path.name} is not in UTF-8.", "Save it as “CSV UTF-8”.", place=f"{path.name}, byte {error.start}"
        ) from None


def _csv_rows(name: str, text: str) -> tuple[list[Row], list[DirectoryProblem]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    problems: list[DirectoryProblem] = []
    try:
        header = [column.strip().lower() for column in next(reader, [])]
        problems += _header_problems(name, header)
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) > len(header):
                what = f"has {len(cells)} cells for {len(header)} columns"
                problems.append(DirectoryProblem(f"{name}:{line}", what, "put text that holds a comma in quotes"))
            elif any(cell.strip() for cell in cells):
                rows.append(_csv_row(name, line, dict(zip(header, cells, strict=False))))
            line = reader.line_num + 1
    except csv.Error:
        problems.append(
            DirectoryProblem(f"{name}:{reader.line_num}", "the quotes do not match", 'write a quote inside text as ""')
        )
    return ([] if any(one.place == f"{name}:1" for one in problems) else rows), problems


def _header_problems(name: str, header: list[str]) -> list[DirectoryProblem]:
    place = f"{name}:1"
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        return [DirectoryProblem(place, "the columns are not separated by commas", "save it as CSV with commas")]
    problems = [
        DirectoryProblem(place, f"the column {column!r} is unknown", f"the columns are {_KNOWN}")
        for column in header
        if column not in COLUMNS
    ]
    problems += [
        DirectoryProblem(place, f"the column {column!r} stands twice", "leave one out")
        for column in sorted({column for column in header if header.count(column) > 1})
    ]
    missing = ", ".join(column for column in REQUIRED if column not in header)
    if missing:
        problems.append(DirectoryProblem(place, f"the column {missing} is missing", f"the columns are {_KNOWN}"))
    return problems


def _csv_row(name: str, line: int, written: dict[str, str]) -> Row:
    cells = {
        column: [part.strip() for part in (cell.split(";") if column in LISTS else [cell]) if part.strip()]
        for column, cell in written.items()
    }
    return Row(cells, lambda column: f"{name}:{line}: {column}")


def _yaml_rows(name: str, text: str) -> tuple[list[Row], list[DirectoryProblem]]:
    try:
        loaded = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return [], [DirectoryProblem(f"{name}:{line}", "is not YAML", "check indentation, colons and quotes")]
    except (YAMLError, RecursionError, ValueError):
        return [], [DirectoryProblem(f"{name}:1", "is not YAML", "check indentation, colons and quotes")]
    listed = loaded.get("experts") if isinstance(loaded, CommentedMap) else loaded
    if not isinstance(listed, CommentedSeq):
        return [], [DirectoryProblem(f"{name}:1", "is no list of experts", "begin each expert with `- code: …`")]
    rows: list[Row] = []
    problems: list[DirectoryProblem] = []
    for index, expert in enumerate(listed):
        line = listed.lc.item(index)[0] + 1
        if not isinstance(expert, CommentedMap):
            problems.append(DirectoryProblem(f"{name}:{line}", "is no expert", "write its columns as `column: value`"))
            continue
        unknown = [str(column) for column in expert if column not in COLUMNS]
        for column in unknown:
            what = f"the column {column!r} is unknown"
            problems.append(DirectoryProblem(f"{name}:{line}: {column}", what, f"the columns are {_KNOWN}"))
        rows.append(_yaml_row(name, line, expert))
    return rows, problems


def _yaml_row(name: str, first_line: int, expert: CommentedMap) -> Row:
    def place(column: str) -> str:
        line = expert.lc.value(column)[0] + 1 if column in expert else first_line
        return f"{name}:{line}: {column}"

    return Row({column: _cells(column, expert.get(column)) for column in COLUMNS}, place)


def _cells(column: str, value: Any) -> list[str]:
    """The cells of a YAML value, written as CSV would have them."""
    if value is None:
        return []
    if isinstance(value, list):
        return [cell for one in value for cell in _cells(column, one)]
    if isinstance(value, dict):
        parts, sign = (("country", "valid_until"), ":") if column == "licences" else (("from", "to"), "/")
        return [sign.join(str(value.get(part) or "") for part in parts).rstrip(sign)]
    written = str(value).strip()
    return [part.strip() for part in (written.split(";") if column in LISTS else [written]) if part.strip()]
