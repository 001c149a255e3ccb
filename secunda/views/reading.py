"""A connection for reading lists: read-only, without the ORM, with rows as mappings."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import psycopg
from psycopg.rows import DictRow, dict_row

from secunda.errors import NotFoundError
from secunda.postgres import database_url
from secunda.settings import settings

if TYPE_CHECKING:  # the command line's lists do without the ORM
    from sqlmodel import Session

Reader = psycopg.Connection[DictRow]
OPTIONS = "-c timezone=UTC -c default_transaction_read_only=on -c statement_timeout=30s"


@contextmanager
def reading() -> Iterator[Reader]:
    """One read-only transaction on the domain store. Raises psycopg.OperationalError when it does not answer."""
    address = database_url(settings()).replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(address, row_factory=dict_row, connect_timeout=10, options=OPTIONS) as connection:
        yield connection


@contextmanager
def reading_in(session: "Session") -> Iterator[Reader]:
    """The same inside a transaction of the domain store, on its own connection: a page reads all in one."""
    connection = cast(Reader, session.connection().connection.driver_connection)
    before = connection.row_factory
    connection.row_factory = dict_row
    try:
        yield connection
    finally:
        connection.row_factory = before


def rows(reader: Reader, query: str, values: Mapping[str, Any]) -> list[DictRow]:
    """What the query finds; `values` fill its `%(name)s`."""
    return reader.execute(query.encode(), values).fetchall()


def case_id(reader: Reader, reference: str) -> UUID:
    """The key of the case with that reference; raises NotFoundError."""
    query = b"select id from care_case where reference = %(reference)s"
    found = reader.execute(query, {"reference": reference.strip().upper()}).fetchone()
    if found is None:
        raise NotFoundError(f"There is no case {reference!r}.", "`secunda case list --all` shows the cases.")
    key: UUID = found["id"]
    return key
