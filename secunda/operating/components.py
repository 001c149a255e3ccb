"""The parts that Secunda stands on: whether each answers, how quickly, and what it says of itself."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.error import HTTPError

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from pathways.vocabulary import Frozen
from secunda import clock, health, prefect_questions
from secunda.db import transaction
from secunda.doctor.services import LARGEST_SKEW_SECONDS, wanted_deployments
from secunda.settings import Settings

RUNS_LATE_AFTER = timedelta(seconds=60)  # wall time; a housekeeping run may wait for a free place


class Part(StrEnum):
    DATABASE = "database"
    CLOCK = "clock"
    PREFECT = "prefect"
    DEPLOYMENTS = "deployments"
    POOL = "pool"
    DISK = "disk"


class Trouble(StrEnum):
    """What is wrong, as a code; the page has the words."""

    NONE = ""
    SILENT = "silent"  # it does not answer
    REFUSED = "refused"  # it answers, and refuses us
    APART = "apart"  # its clock and ours differ too much
    MISSING = "missing"  # some are not there
    PAUSED = "paused"
    FULL = "full"


class Component(Frozen):
    """`figure`: what it says of itself, a version or count; `took`: how long its answer took, in wall seconds."""

    part: Part
    ok: bool
    trouble: Trouble = Trouble.NONE
    figure: str = ""
    took: float | None = None


def components(using: Settings) -> list[Component]:
    """Ask every part: a few milliseconds when all is well, a few seconds where something hangs. Raises nothing."""
    database, skew = _database()
    found = [database, *([skew] if skew else [])]
    prefect = _asked(Part.PREFECT, lambda: prefect_questions.server_version(using))
    found.append(prefect)
    if prefect.ok:
        found += [_deployments(using), _pool(using)]
    disk = health.disk(using)
    trouble = Trouble.NONE if disk.ok else Trouble.FULL
    return [*found, Component(part=Part.DISK, ok=disk.ok, trouble=trouble, figure=disk.detail)]


def runs_late(using: Settings, wall: datetime) -> int | None:
    """How many runs Prefect should have begun a minute ago; None where it does not answer."""
    try:
        return prefect_questions.runs_past(using, wall - RUNS_LATE_AFTER)
    except OSError:
        return None


def _database() -> tuple[Component, Component | None]:
    """Whether it answers, and how far its clock, the referee of leases, is from ours."""
    began, at = time.perf_counter(), clock.wall()
    try:
        with transaction() as session:
            row = session.connection().execute(text("select clock_timestamp(), current_setting('server_version')"))
            theirs, version = row.one()
    except SQLAlchemyError:
        return Component(part=Part.DATABASE, ok=False, trouble=Trouble.SILENT), None
    skew = abs((theirs - at - (clock.wall() - at) / 2).total_seconds())
    apart = skew > LARGEST_SKEW_SECONDS
    return (
        Component(part=Part.DATABASE, ok=True, figure=str(version), took=time.perf_counter() - began),
        Component(
            part=Part.CLOCK, ok=not apart, trouble=Trouble.APART if apart else Trouble.NONE, figure=f"{skew:.1f}"
        ),
    )


def _deployments(using: Settings) -> Component:
    wanted = wanted_deployments()

    def there() -> str:
        return f"{len(wanted & prefect_questions.deployments(using))}/{len(wanted)}"

    found = _asked(Part.DEPLOYMENTS, there)
    lacking = found.ok and found.figure != f"{len(wanted)}/{len(wanted)}"
    return found.model_copy(update={"ok": False, "trouble": Trouble.MISSING}) if lacking else found


def _pool(using: Settings) -> Component:
    found = _asked(Part.POOL, lambda: "paused" if prefect_questions.pool_is_paused(using) else "")
    paused = found.figure == "paused"
    return found.model_copy(
        update={"ok": found.ok and not paused, "trouble": Trouble.PAUSED if paused else found.trouble, "figure": ""}
    )


def _asked(part: Part, question: Callable[[], str]) -> Component:
    began = time.perf_counter()
    try:
        figure = question()
    except OSError as error:
        trouble = Trouble.REFUSED if isinstance(error, HTTPError) else Trouble.SILENT
        return Component(part=part, ok=False, trouble=trouble)
    return Component(part=part, ok=True, figure=figure, took=time.perf_counter() - began)
