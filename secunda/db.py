"""The domain store: one PostgreSQL engine a process; nothing is written outside a transaction."""

import json
import select
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import InterfaceError, InvalidatePoolError, OperationalError
from sqlmodel import Session

from secunda import faults
from secunda.settings import settings


def _plain(value: Any) -> str:
    """What JSON has no type for, written the FHIR way."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def to_json(value: Any) -> str:
    return json.dumps(value, default=_plain, ensure_ascii=False)


#: Classes of SQLSTATE (PostgreSQL, appendix A): connection exceptions; shut down, crashed, or not yet up.
GOING_AWAY = ("08", "57P01", "57P02", "57P03")

#: Wall seconds, or a lease's when that is longer: whoever falls silent in a transaction keeps nobody from the case.
SHORTEST_SILENCE = 5


def _options() -> str:
    silence = max(SHORTEST_SILENCE, settings().lease_seconds)
    return f"-c timezone=UTC -c lock_timeout=20s -c idle_in_transaction_session_timeout={silence}s"


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The engine of this process. `hide_parameters`: no patient datum in an error text."""
    from secunda.postgres import database_url

    made = create_engine(
        database_url(settings()),
        hide_parameters=True,
        pool_size=settings().worker_concurrency,
        max_overflow=4,
        pool_use_lifo=True,  # the one used last has its statements prepared
        json_serializer=to_json,
        connect_args={"options": _options(), "connect_timeout": 10},
    )
    event.listen(made, "checkout", _see_whether_it_lives)
    return made


def _see_whether_it_lives(connection: psycopg.Connection[Any], *_: object) -> None:
    """A server that is gone has closed its end: there is something to read although nothing was asked.

    Looking at the socket costs microseconds; asking the server at each transaction cost a tenth of what it did.
    """
    looking = select.poll()
    looking.register(connection.fileno(), select.POLLIN)
    if looking.poll(0):
        raise InvalidatePoolError


def is_away(error: BaseException) -> bool:
    """Whether the server could not be reached, or has ended the connection: it says nothing against what was asked."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    return state is None or state.startswith(GOING_AWAY)


@contextmanager
def transaction() -> Iterator[Session]:
    """One transaction: committed when the block ends, rolled back when it raises."""
    with Session(engine(), expire_on_commit=False) as session, session.begin():
        yield session
        faults.commit("before_commit")
    faults.commit("after_commit")


@contextmanager
def glance() -> Iterator[Connection]:
    """A connection on which each statement is a transaction of its own: for a single cheap one."""
    with engine().connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")
