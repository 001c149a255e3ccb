"""The tables of a database as PostgreSQL's COPY text: what is in them, in the order in which they can be filled."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import scalar_row
from sqlalchemy.engine import make_url

from secunda.backup.manifest import TableContent
from secunda.errors import SecundaError

SCHEMA_VERSION = "alembic_version"  # not data: restoring makes the tables of the archive's revision

Connection = psycopg.Connection[Any]

#: Whatever the server's own settings are, the text is the same.
STANDARD = "set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set client_encoding = 'UTF8'; set extra_float_digits = 1"
COLUMNS = """
    select c.relname, array_agg(a.attname::text order by a.attnum)
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname <> %s
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    group by c.relname order by c.relname
"""
REFERENCES = """
    select f.relname, t.relname from pg_constraint k
    join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
    where k.contype = 'f' and k.connamespace = current_schema()::regnamespace and f.oid <> t.oid
"""


def connected(url: str) -> Connection:
    """A connection to the database of a SQLAlchemy URL, with standard settings and no transaction open."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(plain, connect_timeout=10)
    standardise(connection)
    connection.commit()
    return connection


def standardise(connection: Connection) -> None:
    connection.execute(STANDARD)


def columns_of_tables(connection: Connection) -> dict[str, tuple[str, ...]]:
    """The columns of every table, in an order in which no row comes before one that it refers to."""
    columns = {name: tuple(names) for name, names in connection.execute(COLUMNS, (SCHEMA_VERSION,))}
    graph: dict[str, set[str]] = {name: set() for name in columns}
    for name, target in connection.execute(REFERENCES):
        graph[name].add(target)
    return {name: columns[name] for name in TopologicalSorter(graph).static_order()}


def revision_of(connection: Connection) -> str:
    """The revision of the schema. Raises SecundaError for a database that has no tables of ours."""
    cursor = connection.cursor(row_factory=scalar_row)
    if cursor.execute("select to_regclass(%s)", (SCHEMA_VERSION,)).fetchone() is not None:
        revision: str | None = cursor.execute("select version_num from alembic_version").fetchone()
        if revision:
            return revision
    raise SecundaError(
        "The database has no tables of Secunda.", "Check SECUNDA_DATABASE_URL, or run `secunda migrate`."
    )


def filled_tables(connection: Connection) -> list[str]:
    """The tables that have rows."""
    query = sql.SQL("select exists (select from {})")
    cursor = connection.cursor(row_factory=scalar_row)
    return [
        name for name in columns_of_tables(connection) if cursor.execute(query.format(sql.Identifier(name))).fetchone()
    ]


@dataclass
class CopyOut:
    """The rows of one table, to be read once; `rows` is known then."""

    connection: Connection
    name: str
    columns: tuple[str, ...]
    rows: int = field(default=0, init=False)

    def __iter__(self) -> Iterator[bytes]:
        with self.connection.cursor() as cursor:
            with cursor.copy(_copy(self.name, self.columns, "to stdout")) as copy:
                for block in copy:
                    yield bytes(block)
            self.rows = cursor.rowcount

    @property
    def content(self) -> TableContent:
        return TableContent(name=self.name, columns=self.columns, rows=self.rows)


def copy_in(connection: Connection, table: TableContent, chunks: Iterable[bytes]) -> int:
    """Append rows to a table; returns how many came."""
    with connection.cursor() as cursor:
        with cursor.copy(_copy(table.name, table.columns, "from stdin")) as copy:
            for chunk in chunks:
                copy.write(chunk)
        return cursor.rowcount


def _copy(name: str, columns: tuple[str, ...], direction: str) -> sql.Composed:
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("copy {} ({}) {}").format(sql.Identifier(name), listed, sql.SQL(direction))
