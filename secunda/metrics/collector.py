"""Reads the figures at the moment of the scrape. What cannot be read now is left out, and `component_up` says why."""

import time
from collections.abc import Iterable, Iterator
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from secunda import __version__, clock, health, incidents, prefect_questions
from secunda.backup.noting import last_backup
from secunda.db import transaction
from secunda.metrics.families import FAMILIES
from secunda.operating import backlog, failures, storage, workers
from secunda.operating.certificates import known_certificates
from secunda.operating.mending import PERIODS
from secunda.settings import Settings, settings

LONGEST = "set local statement_timeout = '10s'"  # Prometheus has given up by then

#: The values of a family's labels, and the figure.
Sample = tuple[tuple[str, ...], float]
Samples = dict[str, list[Sample]]


class Figures(Collector):
    """All families of `FAMILIES`, those without a figure too."""

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return [_family(name) for name in FAMILIES]

    def collect(self) -> Iterator[GaugeMetricFamily]:
        began = time.perf_counter()
        found = figures(settings(), clock.now(), clock.wall())
        found["scrape_duration_seconds"] = [((), time.perf_counter() - began)]
        for name in FAMILIES:
            family = _family(name)
            for labels, value in found.get(name, ()):
                family.add_metric(labels, value)
            yield family


def figures(using: Settings, now: datetime, wall: datetime) -> Samples:
    """Every figure that can be read now; `now` is pathway time."""
    checks = health.check(using)
    found: Samples = {
        "component_up": [((check.name,), float(check.ok)) for check in checks],
        "build_info": [((__version__,), 1.0)],
        "disk_free_bytes": [((disk.folder,), disk.free_bytes) for disk in storage.disks(using)],
        "disk_size_bytes": [((disk.folder,), disk.size_bytes) for disk in storage.disks(using)],
        "certificate_expiry_seconds": _expiries(wall),
    }
    if (backup := last_backup(using)) is not None:
        found["backup_age_seconds"] = [((), (wall - backup.made_at).total_seconds())]
    try:
        with transaction() as session:
            session.connection().execute(text(LONGEST))
            held = workers.holders(session)
            found |= _stored(session, now, wall)
    except SQLAlchemyError:
        return found
    return found | _at_work(using, held, wall)


def _stored(session: Session, now: datetime, wall: datetime) -> Samples:
    tallies = backlog.tallies(session, now)
    total = backlog.backlog(tallies, now, wall)
    queues = backlog.queues(session, now, wall)
    return {
        "open_cases": [((one.stage.value, one.specialty.value), one.cases) for one in tallies],
        "cases_executing": [((), total.executing)],
        "cases_failing": [((), total.failing)],
        "cases_stopped": [((), total.stopped)],
        "wakeups_due": [((), total.marked)],
        "wakeups_overdue": [((), total.overdue)],
        "wakeup_lag_seconds": [((), total.lag.total_seconds())],
        "outbox_waiting": [((one.channel,), one.waiting) for one in queues],
        "outbox_due": [((one.channel,), one.due) for one in queues],
        "outbox_lag_seconds": [((one.channel,), one.lag.total_seconds()) for one in queues],
        "messages_failed": [((one.channel, one.reason), one.count) for one in failures.failed_by_channel(session)],
        "webhooks_failed": [((), failures.count_webhooks(session))],
        "webhook_endpoints_disabled": [((), failures.count_disabled(session))],
        "incidents_last_day": [
            ((kind.value,), count) for kind, count in incidents.counted(session, wall - PERIODS["day"]).items()
        ],
        "database_size_bytes": [((), storage.database_bytes(session))],
    }


def _at_work(using: Settings, held: dict[str, list[str]], wall: datetime) -> Samples:
    try:
        heard = prefect_questions.workers(using)
    except OSError:
        heard = []
    lines = workers.worker_lines(heard, held, wall)
    living = sum(one.living for one in lines)
    return {
        "workers": [(("living",), living), (("silent",), len(lines) - living)],
        "worker_heartbeat_age_seconds": [
            ((one.name,), (wall - one.heard_at).total_seconds()) for one in lines if one.heard_at
        ],
        "worker_cases": [((one.name,), one.held) for one in lines],
    }


def _expiries(wall: datetime) -> list[Sample]:
    """Of each purpose the one that ends first; they are read beside, so that the first scrape may have none."""
    first: dict[str, float] = {}
    for one in known_certificates(wall) or ():
        left = 0.0 if one.left is None else one.left.total_seconds()
        first[one.purpose.value] = min(left, first.get(one.purpose.value, left))
    return [((purpose,), left) for purpose, left in sorted(first.items())]


def _family(name: str) -> GaugeMetricFamily:
    told, labels = FAMILIES[name]
    return GaugeMetricFamily(f"secunda_{name}", told, labels=labels)
