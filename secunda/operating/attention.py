"""What somebody who runs the machinery should look at first, most serious first; nothing while all is well."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Final

from pathways.vocabulary import Frozen
from secunda.backup.noting import LastBackup
from secunda.operating.backlog import Backlog, Queue
from secunda.operating.certificates import CertificateLine, Standing
from secunda.operating.components import Component
from secunda.operating.workers import WorkerLine

OUTBOX_LATE: Final = timedelta(minutes=5)  # wall time; it is emptied every half minute
BACKUP_OLD: Final = timedelta(days=2)


class Matter(StrEnum):
    PART = "part"  # a part does not work
    NO_WORKER = "no_worker"
    OVERDUE = "overdue"
    STOPPED = "stopped"
    CERTIFICATE = "certificate"  # one has ended, cannot be used, or will end soon
    OUTBOX = "outbox"  # messages that should have left
    MESSAGES = "messages"  # failed for good
    WEBHOOKS = "webhooks"
    ENDPOINTS = "endpoints"
    SILENT = "silent"  # workers that are silent
    FAILING = "failing"
    BACKUP = "backup"


#: What does harm now; the others will.
GRAVE: Final = frozenset({Matter.PART, Matter.NO_WORKER, Matter.OVERDUE, Matter.STOPPED})


class Look(Frozen):
    """One matter, and how many of it."""

    matter: Matter
    count: int

    @property
    def grave(self) -> bool:
        return self.matter in GRAVE


class State(Frozen):
    """Everything that is looked at."""

    parts: tuple[Component, ...]
    workers: tuple[WorkerLine, ...]
    backlog: Backlog | None
    queues: tuple[Queue, ...]
    failed_messages: int
    failed_webhooks: int
    disabled_endpoints: int
    certificates: tuple[CertificateLine, ...]
    backup: LastBackup | None
    backup_age: timedelta | None


def attention(state: State) -> list[Look]:
    """The matters of this state that somebody should look at."""
    work = state.backlog
    counts = {
        Matter.PART: sum(not part.ok for part in state.parts),
        Matter.NO_WORKER: int(work is not None and not any(one.living for one in state.workers)),
        Matter.OVERDUE: work.overdue if work else 0,
        Matter.STOPPED: work.stopped if work else 0,
        Matter.CERTIFICATE: _ending(state.certificates),
        Matter.OUTBOX: sum(one.due for one in state.queues if one.lag > OUTBOX_LATE),
        Matter.MESSAGES: state.failed_messages,
        Matter.WEBHOOKS: state.failed_webhooks,
        Matter.ENDPOINTS: state.disabled_endpoints,
        Matter.SILENT: sum(not one.living for one in state.workers),
        Matter.FAILING: work.failing if work else 0,
        Matter.BACKUP: int(state.backup_age is not None and state.backup_age > BACKUP_OLD),
    }
    return [Look(matter=matter, count=count) for matter, count in counts.items() if count]


def _ending(lines: Sequence[CertificateLine]) -> int:
    return sum(one.standing is not Standing.GOOD for one in lines)
