"""The rows that one case leaves in the domain store, and the same rows again for another case."""

import os
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from sqlalchemy import Engine

import models

Row = dict[str, Any]
UNIQUE_WORDS = ("reference", "request_digest", "identity_digest", "token")
#: Tables with rows of one case, in an order that foreign keys allow.
OF_A_CASE = tuple(
    table.name
    for table in models.metadata.sorted_tables
    if table.name in ("care_case", "patient") or "case_id" in table.columns
)


@dataclass(frozen=True)
class Written:
    """A row and its table; `transaction` is the one that wrote its last version."""

    table: str
    row: Row
    transaction: int


def connect(engine: Engine) -> "psycopg.Connection[Row]":
    """A bare connection to the database of `engine`."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(url, row_factory=dict_row)


def rows_of(connection: "psycopg.Connection[Row]", reference: str) -> list[Written]:
    """Everything that one case has written, in an order that foreign keys allow."""
    case = connection.execute("select * from care_case where reference = %s", (reference,)).fetchone()
    assert case is not None
    found = []
    for table in OF_A_CASE:
        column, value = "case_id", case["id"]
        if table == "care_case":
            column = "id"
        elif table == "patient":
            column, value = "id", case["patient_id"]
        query = sql.SQL("select *, xmin::text::bigint as written_by from {} where {} = %s")
        for row in connection.execute(query.format(sql.Identifier(table), sql.Identifier(column)), (value,)):
            found.append(Written(table, row, row.pop("written_by")))
    return found


def by_transaction(written: list[Written]) -> list[list[Written]]:
    """The rows in the transactions that wrote them; the case and its patient come first, as they did when launched."""
    groups: dict[int, list[Written]] = defaultdict(list)
    first = min(one.transaction for one in written)
    for one in written:
        groups[first if one.table in ("care_case", "patient") else one.transaction].append(one)
    return [groups[number] for number in sorted(groups)]


def renumbering(written: list[Written]) -> Callable[[Any], Any]:
    """What makes another case of the values of this one: new keys and references, everything else as it was."""
    own = {one.row["id"]: uuid4() for one in written}
    words = {one.row[name]: _another(name) for one in written for name in UNIQUE_WORDS if one.row.get(name)}

    def renumber(value: Any) -> Any:
        if isinstance(value, UUID):
            return own.get(value, value)
        if isinstance(value, str):
            return words.get(value, value)
        return Jsonb(value) if isinstance(value, dict | list) else value

    return renumber


def _another(name: str) -> str:
    word = sha256(os.urandom(16)).hexdigest()
    if name == "reference":
        return f"SO-{word[:4]}-{word[4:8]}".upper()
    return word[:32] if name == "token" else word


@lru_cache
def insert(table: str, columns: tuple[str, ...]) -> str:
    """The statement for a row of these columns, with named parameters."""
    names, values = ", ".join(columns), ", ".join(f"%({column})s" for column in columns)
    return f"insert into {table} ({names}) values ({values})"
