"""Alembic's environment: `secunda.migrating` runs it with a URL; the alembic command takes the settings' own."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import AutoString

import models
from models.base import Digest, Word
from secunda.postgres import database_url
from secunda.settings import settings

LOCK = 0x5EC0DA  # PostgreSQL advisory lock: two processes that migrate one database take turns


def plain_types(kind: str, item: Any, autogenerating: AutogenContext) -> str | Literal[False]:
    """A migration must not depend on our column classes, which may change: write what is in the database."""
    if kind == "type" and isinstance(item, Word):
        return f"sa.String(length={item.impl.length})"
    if kind == "type" and isinstance(item, Digest):
        return f"sa.LargeBinary(length={item.impl.length})"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if kind == "type" and isinstance(item, JSONB):
        autogenerating.imports.add("from sqlalchemy.dialects import postgresql")
        return "postgresql.JSONB()"
    return False


def migrate() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        migrate_on(given)
        return
    url = context.config.attributes.get("url") or database_url(settings())
    engine = create_engine(url, hide_parameters=True)
    with engine.connect() as connection:
        migrate_on(connection)
    engine.dispose()


def migrate_on(connection: Connection) -> None:
    """A transaction that is open stays open; else the migrations have one of their own."""
    context.configure(connection=connection, target_metadata=models.metadata, render_item=plain_types)
    with context.begin_transaction():
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.run_migrations()


migrate()
