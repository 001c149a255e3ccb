"""`secunda up`: the table of everything that runs, and running it in the foreground until told to stop.

The reconciler and the outbox's delivery are scheduled deployments (prefect.yaml) that the worker runs like any other.
"""

import shutil
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass

from secunda import clock, postgres, prefect_environment, prefect_questions, probes
from secunda.children import Child
from secunda.errors import SecundaError
from secunda.home_lock import HomeLock
from secunda.settings import Settings
from secunda.supervisor import Change, Supervisor

DATABASE, MIGRATIONS, EXPERTS, PREFECT, DEPLOYMENTS, WORKER, API = (
    "postgresql",
    "migrations",
    "experts",
    "prefect",
    "deployments",
    "worker",
    "api",
)

KEEP_ALIVE_SECONDS = 75  # longer than proxies and clients keep a connection, or they send into one that just closed


@dataclass(frozen=True)
class Addresses:
    """Where people find what runs."""

    api: str
    prefect_dashboard: str
    database: str
    logs: str


def addresses(using: Settings) -> Addresses:
    return Addresses(
        api=api_url(using),
        prefect_dashboard=api_url(using) + prefect_environment.DASHBOARD + "/",
        database="elsewhere, by SECUNDA_DATABASE_URL" if using.database_url else f"embedded in {using.home}/postgres",
        logs=str(using.log_folder),
    )


def api_url(using: Settings) -> str:
    """Where this machine reaches the API."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(using.api_host, using.api_host)  # noqa: S104 - compared, not bound
    return f"http://{host}:{using.api_port}"


def python(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", *arguments)


def children(using: Settings) -> list[Child]:
    """The table, in the order of starting; what is served elsewhere is not in it."""
    embedded = [] if using.database_url else [_database(using)]
    prefect = [_prefect(using)] if prefect_environment.serves_itself(using) else []
    after_database = (DATABASE,) if embedded else ()
    after_prefect = (PREFECT, MIGRATIONS) if prefect else (MIGRATIONS,)
    client = prefect_environment.client_environment(using)
    return [
        *embedded,
        _migrations(using, after_database),
        *prefect,
        *_experts(using),
        Child(DEPLOYMENTS, python("secunda.cli.main", "deploy"), after_prefect, client, once=True),
        _worker(using),
        _api(using),
    ]


def _database(using: Settings) -> Child:
    server = postgres.embedded(using)
    return Child(
        DATABASE,
        tuple(server.command()),
        prepare=server.initialise,
        ready=server.ready,
        user=server.user,
        stop_signal=signal.SIGINT,  # PostgreSQL's fast shutdown: open connections are closed, nothing is lost
    )


def _migrations(using: Settings, after: tuple[str, ...]) -> Child:
    def prepare() -> None:
        if not using.database_url:
            postgres.embedded(using).create_database(postgres.DOMAIN_DATABASE)

    return Child(MIGRATIONS, python("secunda.cli.main", "migrate"), after, prepare=prepare, once=True)


def _experts(using: Settings) -> list[Child]:
    """The directory, where one is named, is brought up to date at every start."""
    if using.expert_directory is None:
        return []
    command = python("secunda.cli.main", "expert", "import", str(using.expert_directory))
    return [Child(EXPERTS, command, (MIGRATIONS,), once=True)]


def _prefect(using: Settings) -> Child:
    database = prefect_environment.server_environment(using)["PREFECT_API_DATABASE_CONNECTION_URL"]
    beside_ours = database == postgres.embedded(using).url(postgres.PREFECT_DATABASE, driver="postgresql+asyncpg")

    def prepare() -> None:
        if beside_ours:
            postgres.embedded(using).create_database(postgres.PREFECT_DATABASE)

    return Child(
        PREFECT,
        python("prefect", "server", "start", "--host", prefect_environment.HOST, "--port", str(using.prefect_port)),
        (DATABASE,) if beside_ours else (),
        prefect_environment.server_environment(using),
        prepare=prepare,
        ready=lambda: probes.answers(f"{prefect_environment.own_api_url(using)}/ready"),
    )


class WorkerProbe:
    """Ready when Prefect has heard from this worker since it was started."""

    def __init__(self, using: Settings) -> None:
        self.name = socket.gethostname()
        self._using = using
        self._started = clock.wall()

    def prepare(self) -> None:
        self._started = clock.wall()

    def ready(self) -> bool:
        try:
            known = prefect_questions.workers(self._using)
        except OSError:
            return False
        return any(one.name == self.name and one.heard_at and one.heard_at > self._started for one in known)


def _worker(using: Settings) -> Child:
    probe = WorkerProbe(using)
    options = ("--pool", using.work_pool, "--type", "pathway", "--name", probe.name)
    return Child(
        WORKER,
        python("prefect", "worker", "start", *options),
        (DEPLOYMENTS,),
        prefect_environment.client_environment(using),
        prepare=probe.prepare,
        ready=probe.ready,
    )


def _api(using: Settings) -> Child:
    # The access log stays off: it would hold the tokens of links.
    address = ("--host", using.api_host, "--port", str(using.api_port), "--workers", str(using.processes_of_api))
    keeping = ("--timeout-keep-alive", str(KEEP_ALIVE_SECONDS))
    figures = using.home.resolve() / "metrics"

    def prepare() -> None:
        shutil.rmtree(figures, ignore_errors=True)
        figures.mkdir(parents=True)

    # Each of several processes would tell its own figures only; one keeps them to itself, which is quicker.
    shared = {"PROMETHEUS_MULTIPROC_DIR": str(figures)} if using.processes_of_api > 1 else {}
    return Child(
        API,
        python("uvicorn", "secunda.api.app:app", *address, *keeping, "--no-access-log", "--no-server-header"),
        (MIGRATIONS,),
        prefect_environment.client_environment(using) | shared,
        prepare=prepare,
        ready=lambda: probes.answers(f"{api_url(using)}/health/live"),
    )


def check_ports(using: Settings) -> None:
    """Raises SecundaError when another program listens where we must: it would be taken for ours."""
    wanted = [("SECUNDA_API_PORT", using.api_host, using.api_port)]
    if prefect_environment.serves_itself(using):
        wanted.append(("SECUNDA_PREFECT_PORT", prefect_environment.HOST, using.prefect_port))
    for setting, host, port in wanted:
        if not probes.is_free(host, port):
            raise SecundaError(
                f"Port {port} is taken by another program.", f"Stop it, or set {setting} to a free port."
            )


def run(using: Settings, report: Callable[[Change], None], announce: Callable[[Addresses], None]) -> int:
    """Run all of it until SIGINT or SIGTERM; returns the exit status.

    Raises ConflictError when another `secunda up` runs in this home, SecundaError when a port is taken or the settings
    do not fit together.
    """
    table = children(using)
    lock = HomeLock(using.home)
    lock.acquire()
    try:
        check_ports(using)
        where = addresses(using)

        def ready() -> None:
            lock.write_ready()
            announce(where)

        return Supervisor(table, using.log_folder, report, ready, held=(lock.descriptor,)).run()
    finally:
        lock.release()
