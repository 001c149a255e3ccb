"""Many parked cases from one: every row that a real parked case has, in both databases, copied under new keys by SQL.

What is synthetic: the copies were not launched or carried one by one, all stand at the same moment, and their events'
hashes are those of the case that they were copied from. What is real: the rows, their number, size and indexes are
those of a case that the engine launched, carried and parked; a copy can be woken, and goes on.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, Engine, text
from sqlmodel import select

from benchmarks.rows import OF_A_CASE
from models import Case
from secunda.db import transaction

BATCH = 5_000
OF_RUN = "(select event_id from event_resources where resource_id = 'prefect.flow-run.' || :run)"

#: Prefect's rows of one run: table and condition.
PREFECT_ROWS = {
    "flow_run": "id = cast(:run as uuid)",
    "flow_run_state": "flow_run_id = cast(:run as uuid)",
    "task_run": "flow_run_id = cast(:run as uuid)",
    "task_run_state": "task_run_id in (select id from task_run where flow_run_id = cast(:run as uuid))",
    "artifact": "flow_run_id = cast(:run as uuid)",
    "artifact_collection": "key = lower(:reference)",
    "log": "flow_run_id = cast(:run as uuid)",
    "events": f"id in {OF_RUN}",
    "event_resources": f"event_id in {OF_RUN}",
}


@dataclass(frozen=True)
class Template:
    """A real case that is parked."""

    reference: str
    case: UUID
    patient: UUID
    run: UUID
    digest: str

    @classmethod
    def of(cls, reference: str) -> "Template":
        with transaction() as session:
            case = session.exec(select(Case).where(Case.reference == reference)).one()
        assert case.flow_run_id is not None
        return cls(reference, case.id, case.patient_id, case.flow_run_id, case.request_digest)

    @property
    def named(self) -> dict[str, str]:
        return {"case": str(self.case), "patient": str(self.patient), "run": str(self.run), "reference": self.reference}


def reference_of(number: int) -> str:
    """The reference of copy `number`."""
    digits = f"{number:08X}"
    return f"SO-{digits[:4]}-{digits[4:]}"


def copy(domain: Engine, prefect: Engine, template: Template, count: int, first: int = 1) -> None:
    """Make copies number `first` to `first + count - 1`."""
    where = dict.fromkeys(OF_A_CASE, "case_id = cast(:case as uuid)")
    where |= {"care_case": "id = cast(:case as uuid)", "patient": "id = cast(:patient as uuid)"}
    _copy(prefect, template, PREFECT_ROWS, range(first, first + count))  # first: a case without its run is given one
    _copy(domain, template, where, range(first, first + count))


def _copy(engine: Engine, template: Template, where: dict[str, str], numbers: range) -> None:
    with engine.connect() as connection:
        rows = list(_rows(connection, template, where))
    keys = {row["id"] for _, row in rows} | set(template.named.values()) | _words(template, rows)
    statements = [text(_statement(table, json.dumps(row), keys)) for table, row in rows]
    parameters = [{"row": json.dumps(row)} for _, row in rows]
    for start in range(numbers.start, numbers.stop, BATCH):
        span = {"start": start, "end": min(start + BATCH, numbers.stop) - 1}
        with engine.begin() as connection:
            connection.execute(
                text("set local session_replication_role = replica")
            )  # rows refer to each other in rings
            for statement, row in zip(statements, parameters, strict=True):
                connection.execute(statement, row | span)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


def _rows(connection: Connection, template: Template, where: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    for table, condition in where.items():
        query = text(f'select to_jsonb(t) from "{table}" t where {condition}')
        for (row,) in connection.execute(query, template.named):
            yield table, row


def _words(template: Template, rows: list[tuple[str, dict[str, str]]]) -> set[str]:
    digests = {row["identity_digest"] for table, row in rows if table == "patient"}
    return {template.reference, template.reference.lower(), template.digest, *digests}


def _statement(table: str, row: str, keys: set[str]) -> str:
    """One INSERT of a row for a span of copies: its JSON, each key that it holds replaced by the copy's own."""
    content = "cast(:row as text)"
    for key in sorted(key for key in keys if key in row):
        content = f"replace({content}, '{key}', {_of_copy(key)})"
    return (
        f'insert into "{table}" select (jsonb_populate_record(null::"{table}", cast({content} as jsonb))).*'
        " from generate_series(cast(:start as int), cast(:end as int)) as n"
    )


def _of_copy(key: str) -> str:
    """SQL for the key of copy `n`: a UUID, a digest, or a reference in the case that it had."""
    if key.upper().startswith("SO-"):
        digits = "lpad(to_hex(n), 8, '0')"
        reference = f"'SO-' || substr({digits}, 1, 4) || '-' || substr({digits}, 5)"
        return f"upper({reference})" if key.isupper() else f"lower({reference})"
    if len(key) == 64:
        return f"md5('{key}' || n) || md5(n || '{key}')"
    return f"cast(cast(md5('{key}' || n) as uuid) as text)"
