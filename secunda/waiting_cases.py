"""Whether every case that waits has its parked run, asked by counting.

Reading a run costs the Prefect server and us half a millisecond each, and nearly all cases wait: counting them on both
sides is one short question each, however many there are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterNextScheduledStartTime,
    FlowRunFilterState,
    FlowRunFilterStateName,
    FlowRunFilterStateType,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import FlowRun, StateType
from pydantic import BaseModel
from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, func, not_, select

from models import Case
from models.status import CASE_BADGES, CaseStatus
from secunda import parking
from secunda.launching import CASE_FLOW
from secunda.settings import settings

CHUNK = 1000  # cases whose runs are counted in one call
MOST = 200  # runs in one answer
FOR_PEOPLE = [badge for status, badge in CASE_BADGES.items() if status is not CaseStatus.REQUESTED]
_CASES = FlowFilter(name=FlowFilterName(any_=[CASE_FLOW]))
_PARKED = FlowRunFilterStateType(any_=[StateType.SCHEDULED])


def waits(late: datetime) -> ColumnElement[bool]:
    """SQL over cases: it has a run that should be parked. On hold it may be parked or have ended.

    `late`: the pathway time before which no deadline of a parked case may lie.
    """
    return and_(
        col(Case.status).not_in((CaseStatus.CLOSED, CaseStatus.ON_HOLD)),
        col(Case.flow_run_id).is_not(None),
        col(Case.lease_until).is_(None),
        col(Case.wake_requested_at).is_(None),
        or_(col(Case.next_deadline_at).is_(None), col(Case.next_deadline_at) >= late),
    )


@dataclass(frozen=True)
class Waiting:
    """How many cases wait, and the runs of the open ones that do not, held ones apart."""

    count: int
    moving: list[UUID]


def waiting(session: Session, late: datetime) -> Waiting:
    """By the domain store."""
    moves = select(Case.flow_run_id).where(
        col(Case.status).not_in((CaseStatus.CLOSED, CaseStatus.ON_HOLD)),
        col(Case.flow_run_id).is_not(None),
        not_(waits(late)),
    )
    count = session.exec(select(func.count()).select_from(Case).where(waits(late))).one()
    return Waiting(count, [run for run in session.exec(moves) if run is not None])


def chunks(session: Session, late: datetime) -> Iterator[Sequence[UUID]]:
    """The runs of the cases that wait, some at a time."""
    rows = [run for run in session.exec(select(Case.flow_run_id).where(waits(late))) if run is not None]
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


async def parked(
    client: PrefectClient, deployments: set[UUID], *, of: Sequence[UUID] | None = None, but: Sequence[UUID] = ()
) -> int:
    """How many runs of cases are parked in our pool and of these deployments, held cases apart; by Prefect."""
    filters: dict[str, BaseModel] = {
        "flows": _CASES,
        "flow_runs": FlowRunFilter(
            id=FlowRunFilterId(any_=list(of) if of is not None else None, not_any_=list(but) or None),
            state=FlowRunFilterState(
                type=_PARKED, name=FlowRunFilterStateName(not_any_=[CASE_BADGES[CaseStatus.ON_HOLD]])
            ),
        ),
        "deployments": DeploymentFilter(id=DeploymentFilterId(any_=list(deployments))),
        "work_pools": WorkPoolFilter(name=WorkPoolFilterName(any_=[settings().work_pool])),
    }
    body = {name: one.model_dump(mode="json", exclude_none=True) for name, one in filters.items()}
    answer = await parking.persist(lambda: client.request("POST", "/flow_runs/count", json=body))
    return int(answer.json())


async def far_ahead(client: PrefectClient, after: datetime) -> list[FlowRun]:
    """Runs that wait for no person and are due later than `after`."""
    wanted = FlowRunFilter(
        state=FlowRunFilterState(type=_PARKED, name=FlowRunFilterStateName(not_any_=FOR_PEOPLE)),
        next_scheduled_start_time=FlowRunFilterNextScheduledStartTime(after_=after),
    )
    return await parking.persist(lambda: client.read_flow_runs(flow_filter=_CASES, flow_run_filter=wanted, limit=MOST))
