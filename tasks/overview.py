"""What ops staff see of a case in the Prefect dashboard: an artifact without any patient datum."""

from datetime import datetime

from prefect.artifacts import acreate_markdown_artifact
from sqlmodel import Session

from models import Case
from secunda.case_context import CaseContext
from secunda.overview import overview
from tasks.execution import Execution


async def publish_overview(execution: Execution) -> None:
    """Publish checklist, panel and deadlines under the case's reference."""
    markdown = await execution.write(_overview)
    await acreate_markdown_artifact(markdown=markdown, key=execution.reference.lower(), description="Where it stands")


def _overview(session: Session, case: Case, now: datetime) -> str:
    return overview(CaseContext(session, case, now))
