"""The history of a case in plain words, from its append-only log."""

from datetime import datetime
from types import MappingProxyType

from pathways.vocabulary import Frozen
from secunda.views.reading import Reader, case_id, rows
from secunda.views.telling import Names, told


class HistoryLine(Frozen):
    """One event. `text` says what happened; `actor` who did it (`secunda` itself, `cli:ana`, `expert:E-001` …)."""

    sequence: int
    at: datetime
    actor: str
    kind: str
    text: str


QUERY = """
    select sequence, at, actor, kind, data from event where case_id = %(case)s and sequence > %(after)s
     order by sequence
"""


def history(
    reader: Reader, reference: str, language: str, *, after: int = 0, names: Names = MappingProxyType({})
) -> list[HistoryLine]:
    """The events of a case in order, told in `language` (one of the six); raises NotFoundError."""
    found = rows(reader, QUERY, {"case": case_id(reader, reference), "after": after})
    return [
        HistoryLine(
            sequence=row["sequence"],
            at=row["at"],
            actor=row["actor"],
            kind=row["kind"],
            text=told(row["kind"], row["data"], language, names),
        )
        for row in found
    ]
