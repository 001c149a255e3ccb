"""Tables as CSV, for spreadsheets: as they are read, never as anything that a spreadsheet would run.

Source: RFC 4180; OWASP, CSV Injection.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import Enum
from io import StringIO
from typing import Final

from fastapi.responses import StreamingResponse

from secunda.web.dates import zone

BOM: Final = "\ufeff"  # without it, spreadsheets take UTF-8 for something older
#: What a cell must not begin with: it would be a formula. The wide forms too, which some spreadsheets read alike.
FORMULAS: Final = tuple("=+-@\t\r\n＝＋－＠")
Cell = str | int | float | date | datetime | Enum | None


def csv_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> StreamingResponse:
    """A file to download that is written while it is sent."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(_lines(header, rows), headers=headers, media_type="text/csv; charset=utf-8")


def _lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    yield BOM + _line(header)
    for row in rows:
        yield _line(row)


def _line(row: Sequence[Cell]) -> str:
    written = StringIO()
    csv.writer(written).writerow([cell(one) for one in row])
    return written.getvalue()


def cell(value: Cell) -> str:
    """Moments, in this installation's time zone, and days in ISO 8601; what would be a formula after an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(zone()).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        text = str(value.value) if isinstance(value, Enum) else value
        return f"'{text}" if text.startswith(FORMULAS) else text
    return str(value)
