"""The schema of the domain store: brings it to the newest migration, and says where it is."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from secunda.errors import SecundaError

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).resolve().parent.parent / "migrations"


@dataclass(frozen=True)
class SchemaState:
    """`current` is what the database has (empty: nothing), `head` what this version of Secunda needs."""

    current: str
    head: str

    @property
    def up_to_date(self) -> bool:
        return self.current == self.head


def configuration(url: str) -> "Config":
    """Alembic's configuration for one database."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["url"] = url
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
