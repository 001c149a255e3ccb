"""A payer's file of reviews (CSV), read line by line; a line that is wrong does not keep the others from being read."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from pathways.wording import suggestion
from secunda.adapters.review_columns import COLUMNS, CellError, cell
from secunda.errors import BadInputError

LARGEST = 10 * 2**20  # bytes
MOST_LINES = 5000
LONGEST_CELL = 10_000  # characters
DELIMITERS = ",;\t"  # the second where the comma is the decimal sign
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Line:
    """One review. `number` is the line of the file that it begins in, from 1; `problems` say what is wrong with it."""

    number: int
    values: dict[str, object] = field(repr=False)
    problems: tuple[str, ...] = ()
    written_reference: str = ""


def read_lines(content: bytes) -> list[Line]:
    """Every line after the header. Raises BadInputError where the file as a whole cannot be read: nothing is done."""
    text = _decoded(content)
    header_line = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=header_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = _header(next(reader, []))
        return list(_lines(reader, names))
    except csv.Error as error:
        raise BadInputError(
            f"This is not CSV: {error}.", "Look at the quotes of this line.", place=f"line {reader.line_num}"
        ) from None


def as_csv(rows: list[dict[str, object]], columns: tuple[str, ...]) -> str:
    """Rows as CSV that a spreadsheet shows and does not execute: what looks like a formula gets an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows([harmless(row.get(name)) for name in columns] for row in rows)
    return out.getvalue()


def harmless(value: object) -> str:
    """A cell without the power of a formula (OWASP, CSV injection)."""
    written = "" if value is None else str(value)
    return f"'{written}" if written.lstrip().startswith(FORMULA) or written.startswith(FORMULA) else written


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST:
        raise BadInputError(f"The file is larger than {LARGEST // 2**20} MB.", "Split it.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadInputError(
            "There is a byte that is not UTF-8.", "Save the file as CSV UTF-8.", place=f"line {line}"
        ) from None


def _header(written: list[str]) -> list[str]:
    names = [name.strip().lower() for name in written]
    for name in names:
        if name not in COLUMNS:
            remedy = suggestion(name, COLUMNS, f"known: {', '.join(COLUMNS)}.")
            raise BadInputError(
                f"There is no column {name[:60]!r}.", f"{remedy[:1].upper()}{remedy[1:]}", place="line 1"
            )
        if names.count(name) > 1:
            raise BadInputError(f"The column {name!r} comes twice.", "Remove one.", place="line 1")
    missing = [name for name, column in COLUMNS.items() if column.owed and name not in names]
    if missing:
        raise BadInputError(f"A column is missing: {', '.join(missing)}.", "Add it to the first line.", place="line 1")
    return names


def _lines(reader: Iterator[list[str]], names: list[str]) -> Iterator[Line]:
    count, before = 0, 1
    for cells in reader:
        number, before = before + 1, getattr(reader, "line_num", before + 1)
        if not any(one.strip() for one in cells):
            continue
        count += 1
        if count > MOST_LINES:
            raise BadInputError(f"The file has more than {MOST_LINES} reviews.", "Split it.", place=f"line {number}")
        yield _line(number, cells, names)


def _line(number: int, cells: list[str], names: list[str]) -> Line:
    if len(cells) != len(names):
        said = f"the line has {len(cells)} cells, and the header {len(names)}; write one cell a column"
        return Line(number, {}, (said,), _reference(cells, names))
    values: dict[str, object] = {}
    problems = []
    for name, written in zip(names, cells, strict=True):
        try:
            if len(written) > LONGEST_CELL:
                raise CellError("is too long", "shorten it")
            values[name] = cell(name, written)
        except CellError as error:
            problems.append(f"{name} {error.what}; {error.remedy}")
    return Line(number, values, tuple(problems), str(values.get("payer_reference") or ""))


def _reference(cells: list[str], names: list[str]) -> str:
    """The payer's reference in a line that is otherwise not understood, so that it is found again."""
    cells_by_name = dict(zip(names, cells, strict=False))
    try:
        return str(cell("payer_reference", cells_by_name.get("payer_reference", "")))
    except CellError:
        return ""
