"""What ops staff see of a case in the Prefect dashboard: its tags, and an artifact without any patient datum."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

import httpx
from prefect.artifacts import acreate_markdown_artifact
from prefect.client.orchestration import PrefectClient
from prefect.exceptions import PrefectHTTPStatusError
from sqlmodel import Session

from models import Case
from pathways.vocabulary import Urgency
from secunda import logs
from secunda.case_context import CaseContext
from secunda.overview import overview
from secunda.waker import run_tags
from tasks.execution import Execution

REMEMBERED = 20_000  # cases whose last artifact this worker remembers; another worker publishes once more, no harm

URGENCY_TAGS = set(Urgency)

_published: OrderedDict[str, str] = OrderedDict()


@dataclass(frozen=True)
class Shown:
    """What is shown of a case."""

    markdown: str
    tags: tuple[str, ...]

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.markdown.encode()).hexdigest()


async def publish_overview(execution: Execution, client: PrefectClient) -> None:
    """Publish checklist, panel and deadlines under the case's reference, when they have changed.

    It is a courtesy: a dashboard that cannot be reached now does not hold a case up.
    """
    shown = await execution.write(_shown)
    try:
        await _publish_tags(execution, client, shown)
        await _publish_artifact(execution, shown)
    except (httpx.TransportError, PrefectHTTPStatusError) as error:
        logs.warning("overview_not_published", case=execution.reference, error=type(error).__name__)


async def _publish_tags(execution: Execution, client: PrefectClient, shown: Shown) -> None:
    """Triage may give another class than the one expected at launch."""
    if not set(shown.tags) <= execution.tags:
        tags = sorted(set(shown.tags) | {tag for tag in execution.tags if tag not in URGENCY_TAGS})
        await client.update_flow_run(execution.run_id, tags=tags)
        execution.tags = set(tags)


async def _publish_artifact(execution: Execution, shown: Shown) -> None:
    if _published.get(execution.reference) == shown.digest:
        return
    key = execution.reference.lower()
    await acreate_markdown_artifact(markdown=shown.markdown, key=key, description="Where it stands")
    _published[execution.reference] = shown.digest
    if len(_published) > REMEMBERED:
        _published.popitem(last=False)


def _shown(session: Session, case: Case, now: datetime) -> Shown:
    return Shown(overview(CaseContext(session, case, now)), tuple(run_tags(case)))
