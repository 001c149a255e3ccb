"""What ops staff see of a case in the Prefect dashboard: its tags, and an artifact without any patient datum."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import ArtifactCreate, ArtifactUpdate
from prefect.exceptions import ObjectNotFound
from sqlmodel import Session

from models import Case
from pathways.vocabulary import Urgency
from secunda import logs, parking
from secunda.case_context import context_of
from secunda.overview import overview
from secunda.resting import AtRest
from secunda.waker import run_tags
from tasks.execution import Execution

REMEMBERED = 20_000  # cases whose last artifact this worker remembers; another worker publishes once more, no harm

URGENCY_TAGS = set(Urgency)


@dataclass
class Published:
    """What of a case this worker knows to stand in Prefect."""

    token: int  # of the lease under which it last looked: with the next one, no other worker has been in between
    to_show: AtRest["Showing"]
    tags: set[str] | None = None  # None: not looked at yet
    digest: str = ""
    artifact: UUID | None = None


_published: OrderedDict[str, Published] = OrderedDict()


@dataclass(frozen=True)
class Shown:
    """What is shown of a case."""

    markdown: str
    tags: tuple[str, ...]

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.markdown.encode()).hexdigest()


@dataclass(frozen=True)
class Showing:
    """What is to be shown, by whom and for which execution."""

    shown: Shown
    execution: Execution
    client: PrefectClient


async def publish_overview(execution: Execution, client: PrefectClient, shown: Shown, *, at_once: bool) -> None:
    """Have checklist, panel and deadlines published under the case's reference, when they have changed.

    A case that keeps moving is published when it has come to rest: each step of a burst would cost Prefect's server as
    much as the step itself, and nobody could read it. `at_once` for the last word about a case, and where the client
    does not outlive the execution.
    """
    published = _known(execution)
    published.tags = published.tags or execution.tags or None
    published.to_show.give(Showing(shown, execution, client))
    if at_once:
        await published.to_show.at_once()


async def _publish(published: Published, wanted: Showing) -> None:
    """It is a courtesy: whatever goes wrong here is logged by its kind, and does not hold a case up."""
    try:
        await _publish_tags(wanted.execution, wanted.client, wanted.shown, published)
        await _publish_artifact(wanted.execution, wanted.client, wanted.shown, published)
    except Exception as error:  # noqa: BLE001 - nobody waits for it, and asyncio would print the error's text
        logs.warning("overview_not_published", case=wanted.execution.reference, error=type(error).__name__)


def _known(execution: Execution) -> Published:
    token = execution.held.token
    published = _published.pop(execution.reference, None)
    if published is None or published.token + 1 != token:
        published = _unknown(token)
    published.token = token
    _published[execution.reference] = published
    if len(_published) > REMEMBERED:
        _published.popitem(last=False)
    return published


def _unknown(token: int) -> Published:
    async def publish(wanted: Showing) -> None:
        await _publish(published, wanted)

    published = Published(token, AtRest(publish))
    return published


async def _publish_tags(execution: Execution, client: PrefectClient, shown: Shown, published: Published) -> None:
    """Triage, or a person, may give another class than the one expected at launch. Tags that others gave stay."""
    if published.tags is None:
        published.tags = await _tags_of(client, execution)
    if not set(shown.tags) <= published.tags:
        tags = set(shown.tags) | {tag for tag in published.tags if tag not in URGENCY_TAGS}
        await client.update_flow_run(execution.run_id, tags=sorted(tags))
        published.tags = tags


async def _tags_of(client: PrefectClient, execution: Execution) -> set[str]:
    run = await parking.read(client, execution.run_id)
    return set(run.tags) if run is not None else set()


async def _publish_artifact(execution: Execution, client: PrefectClient, shown: Shown, published: Published) -> None:
    """One artifact a case, written over. A worker that does not know it makes another under the same key."""
    if published.digest == shown.digest:
        return
    if published.artifact is None or not await _write_over(client, published.artifact, shown):
        published.artifact = await _make(client, execution, shown)
    published.digest = shown.digest


async def _write_over(client: PrefectClient, artifact: UUID, shown: Shown) -> bool:
    """False when somebody has deleted it."""
    try:
        await client.update_artifact(artifact, ArtifactUpdate(data=shown.markdown))
    except ObjectNotFound:
        return False
    return True


async def _make(client: PrefectClient, execution: Execution, shown: Shown) -> UUID:
    made = await client.create_artifact(
        ArtifactCreate(
            key=execution.reference.lower(),
            type="markdown",
            description="Where it stands",
            data=shown.markdown,
            flow_run_id=execution.run_id,
        )
    )
    return made.id


def shown(session: Session, case: Case, now: datetime) -> Shown:
    """What is to be shown of the case as it is."""
    return Shown(overview(context_of(session, case, now)), tuple(run_tags(case)))
