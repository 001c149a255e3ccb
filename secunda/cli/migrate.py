"""`secunda migrate`."""

from secunda.cli.output import AsJson, print_done
from secunda.settings import settings


def command(as_json: AsJson = False) -> None:
    """Bring the database's tables to this version; harmless when they are."""
    from secunda import migrating
    from secunda.postgres import database_url

    state = migrating.upgrade(database_url(settings()))
    print_done(state, f"The database is at revision {state.current}.", as_json=as_json)
