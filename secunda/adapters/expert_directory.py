"""The directory of experts: a CSV or YAML file, read whole or not at all.

Columns: code, name, email, phone, subspecialties, languages, institution, licences, leave, financial_interests,
practising_since, capacity, quality. In CSV, lists are separated by `;`, a licence is `ES:2029-12-31` (`ES` without an
end), leave is `2026-08-01/2026-08-31`. In YAML, lists may be lists, a licence `{country, valid_until}` and leave
`{from, to}`.
"""

from pathlib import Path
from typing import Any

from models import Expert
from secunda.adapters.expert_columns import COLUMNS, REQUIRED, CellError
from secunda.adapters.expert_rows import DirectoryProblem, Row, read_rows
from secunda.errors import BadInputError

SHOWN = 50  # problems that one error lists


class DirectoryError(BadInputError):
    """The directory has wrong places; nothing of it was imported. `problems` has them all."""

    def __init__(self, problems: list[DirectoryProblem]) -> None:
        listed = "\n".join(f"  {problem}" for problem in problems[:SHOWN])
        more = f"\n  … and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
        places = "place" if len(problems) == 1 else "places"
        super().__init__(
            f"The directory of experts is wrong in {len(problems)} {places}; nothing was imported:\n{listed}{more}\n",
            "Mend them and import it again.",
        )
        self.problems = tuple(problems)


def read_directory(path: Path) -> list[Expert]:
    """The experts of the file, as rows that are not saved.

    Raises DirectoryError that names every wrong place as `file:line: column`, with what is wrong and the remedy.
    """
    rows, problems = read_rows(path)
    experts = []
    lines: dict[str, str] = {}
    for row in rows:
        values, wrong = _read(row)
        problems += wrong
        code = str(values.get("code", ""))
        if code and code in lines:
            what = f"the code {code} is taken already, at {lines[code]}"
            problems.append(DirectoryProblem(row.place("code"), what, "give every expert a code of their own"))
        lines.setdefault(code, row.place("code").rpartition(": ")[0])
        if not wrong:
            experts.append(Expert(**values))
    if not rows and not problems:
        problems.append(DirectoryProblem(f"{path.name}:1", "there are no experts in it", "list at least one"))
    if problems:
        raise DirectoryError(problems)
    return experts


def _read(row: Row) -> tuple[dict[str, Any], list[DirectoryProblem]]:
    """The values of one expert's columns, and what is wrong with them."""
    values: dict[str, Any] = {}
    problems = []
    for column, read in COLUMNS.items():
        cells = row.cells.get(column, [])
        if not cells:
            if column in REQUIRED:
                problems.append(DirectoryProblem(row.place(column), "is empty", REQUIRED[column]))
            continue
        try:
            values[column] = read(cells)
        except CellError as error:
            problems.append(DirectoryProblem(row.place(column), error.what, error.remedy))
    return values, problems
