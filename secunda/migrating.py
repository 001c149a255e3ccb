"""The schema of the domain store: brings it to the newest migration, and says where it is."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from secunda.errors import SecundaError

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

FOLDER = Path(__file__).resolve().parent.parent / "migrations"


@dataclass(frozen=True)
class SchemaState:
    """`current` is what the database has (empty: nothing), `head` what this version of Secunda needs."""

    current: str
    head: str

    @property
    def up_to_date(self) -> bool:
        return self.current == self.head


def configuration(url: str, connection: "Connection | None" = None) -> "Config":
    """Alembic's configuration for one database; with a `connection`, inside its transaction, which stays open."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["url"] = url
    config.attributes["connection"] = connection
    return config


def upgrade(url: str, revision: str = "head") -> SchemaState:
    """Apply what is missing, in one transaction; harmless when nothing is. Returns the state after.

    Raises SecundaError when the database was migrated by a newer version of Secunda.
    """
    from alembic import command
    from alembic.util import CommandError

    try:
        command.upgrade(configuration(url), revision)
    except CommandError as error:
        raise SecundaError(
            f"The database's schema is unknown to this version of Secunda: {error}.",
            "Install the version that migrated it, or a newer one.",
        ) from None
    return state(url)


def downgrade(url: str, revision: str) -> None:
    """Undo migrations down to `revision` (`base`: all of them, with their data)."""
    from alembic import command

    command.downgrade(configuration(url), revision)


def knows(revision: str) -> bool:
    """Whether this version of Secunda has that revision of the schema."""
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        return ScriptDirectory.from_config(configuration("")).get_revision(revision) is not None
    except CommandError:
        return False


def make_anew(connection: "Connection", revision: str) -> None:
    """Drop the tables, with their data, and make those of `revision`; all in the transaction of `connection`.

    Nothing is done where they are of that revision already.
    """
    from alembic import command
    from alembic.runtime.migration import MigrationContext

    config = configuration("", connection)
    current = MigrationContext.configure(connection).get_current_revision()
    if current == revision:
        return
    if current is not None:
        command.downgrade(config, "base")
    command.upgrade(config, revision)


def upgrade_within(connection: "Connection") -> None:
    """Apply what is missing in the transaction of `connection`."""
    from alembic import command

    command.upgrade(configuration("", connection), "head")


def state(url: str) -> SchemaState:
    """Where the database is. Raises sqlalchemy.exc.OperationalError when it cannot be reached."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from sqlalchemy import create_engine

    head = ScriptDirectory.from_config(configuration(url)).get_current_head() or ""
    engine = create_engine(url, hide_parameters=True, connect_args={"connect_timeout": 5})
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision() or ""
    finally:
        engine.dispose()
    return SchemaState(current=current, head=head)
