"""Workload W on DBOS, in its own environment and process: one durable workflow a case, timers armed on both waits.

Reads lines from standard input: `N` carries N cases and answers with the wall seconds; the end of input ends it.
Arguments: the system database's URL, the domain database's URL (both for psycopg), and a file with the transactions of
one case to write in its steps; without the file each step writes one small row.
"""

import json
import sys
import time
from pathlib import Path
from threading import Semaphore
from uuid import uuid4

import psycopg
from dbos import DBOS, SetWorkflowID  # type: ignore[import-not-found,unused-ignore]
from psycopg_pool import ConnectionPool

STEPS = ("register", "documents", "triage", "assign", "acceptance", "opinion", "render", "close")
WAITS = ("documents", "acceptance", "opinion")
DAYS = 86_400.0
TABLES = """
create table if not exists dbos_case (id text primary key, status text not null, at timestamptz default now());
create table if not exists dbos_event (
    id bigint generated always as identity, case_id text not null, kind text not null, at timestamptz default now()
);
"""

system_url, domain_url, *given = sys.argv[1:]
DBOS(config={"name": "workload-w", "system_database_url": system_url, "log_level": "ERROR"})
pool = ConnectionPool(domain_url, min_size=8, max_size=16)
statements = json.loads(Path(given[0]).read_text(encoding="utf-8")) if given else []
arrived = {wait: Semaphore(0) for wait in WAITS}


@DBOS.step()  # type: ignore[untyped-decorator,unused-ignore]
def write(case: str, step: str) -> None:
    """The domain's transactions of one step."""
    with pool.connection() as connection:
        if not statements:
            _write_small(connection, case, step)
        for transaction in statements[STEPS.index(step) :: len(STEPS)]:
            for statement, values in transaction:
                connection.execute(
                    statement, {name: _fresh(value, case) for name, value in values.items()}, prepare=True
                )
            connection.commit()


def _write_small(connection: "psycopg.Connection[object]", case: str, step: str) -> None:
    connection.execute(
        "insert into dbos_case (id, status) values (%s, %s) on conflict (id) do update set status = excluded.status",
        (case, step),
    )
    connection.execute("insert into dbos_event (case_id, kind) values (%s, %s)", (case, step))


def _fresh(value: object, case: str) -> object:
    """`@3` stands for the third key of the case, `@@reference` and the like for its unique words."""
    if isinstance(value, str) and value.startswith("@"):
        return _KEYS.setdefault((case, value), str(uuid4()) if value[1:].isdigit() else uuid4().hex[:12])
    return value


_KEYS: dict[tuple[str, str], str] = {}


@DBOS.workflow()  # type: ignore[untyped-decorator,unused-ignore]
def second_opinion(case: str) -> None:
    """The steps of W; a person's deed is a message on the topic of the step that waits for it."""
    for step in STEPS:
        if step in WAITS:
            arrived[step].release()
            DBOS.recv(step, timeout_seconds=14 * DAYS)
        write(case, step)


def carry(cases: int) -> float:
    """All cases from start to end, every deed done when all of them wait for it; returns wall seconds."""
    begun = time.monotonic()
    names = [uuid4().hex for _ in range(cases)]
    handles = []
    for name in names:
        with SetWorkflowID(name):
            handles.append(DBOS.start_workflow(second_opinion, name))
    for wait in WAITS:
        for _ in names:
            arrived[wait].acquire()
        for name in names:
            DBOS.send(name, "done", topic=wait)
    for handle in handles:
        handle.get_result()
    _KEYS.clear()
    return time.monotonic() - begun


def main() -> None:
    with pool.connection() as connection:
        connection.execute(TABLES)
    DBOS.launch()
    print("ready", flush=True)
    for line in sys.stdin:
        print(carry(int(line)), flush=True)
    DBOS.destroy()


main()
