"""What the demonstration shows while it runs, and the table at its end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rich.table import Table
from sqlmodel import Session, col, func, select

from models import Assignment, Case, ChaseRecord, Event, Requirement
from models.status import CASE_BADGES, AssignmentStatus, CaseStatus, RequirementStatus

REMINDING = ("remind", "change_channel")
STAGES = tuple(CASE_BADGES)


@dataclass(frozen=True)
class Standing:
    """One case as it stands."""

    reference: str
    specialty: str
    urgency: str
    status: CaseStatus
    missing: int
    reminders: int
    replaced: int
    turnaround: timedelta | None
    panel: str


def standing(session: Session, reference: str) -> Standing:
    case = session.exec(select(Case).where(Case.reference == reference)).one()
    return Standing(
        reference=case.reference,
        specialty=case.specialty,
        urgency=case.urgency or "–",
        status=case.status,
        missing=_count(
            session,
            select(func.count()).where(
                Requirement.case_id == case.id,
                col(Requirement.status) == RequirementStatus.PENDING,
                Requirement.obligation != "recommended",
            ),
        ),
        reminders=_count(
            session, select(func.count()).where(ChaseRecord.case_id == case.id, col(ChaseRecord.action).in_(REMINDING))
        ),
        replaced=_count(
            session,
            select(func.count()).where(
                Assignment.case_id == case.id,
                col(Assignment.status).in_((AssignmentStatus.REJECTED, AssignmentStatus.CANCELLED)),
            ),
        ),
        turnaround=case.closed_at - case.launched_at if case.closed_at else None,
        panel=_adjudicated(session, case),
    )


def _adjudicated(session: Session, case: Case) -> str:
    """How the panel came to its answer: `agreed`, `agreed, 1 dissent`, `settled by board`."""
    query = select(Event.data).where(Event.case_id == case.id, Event.kind == "adjudicated")
    data = session.exec(query).first()
    if data is None:
        return "–"
    dissent = len(data["dissent"])
    return str(data["result"]).replace("_", " ") + (f", {dissent} dissent" if dissent else "")


def _count(session: Session, query: "object") -> int:
    found: int = session.exec(query).one()  # type: ignore[call-overload]
    return found


def live_table(standings: dict[str, Standing], stories: dict[str, str], now: datetime) -> Table:
    """Every case with its stage, as it goes."""
    table = Table(title=f"Pathway time {now:%a %d %b %Y %H:%M} UTC", title_justify="left", expand=False)
    for column in ("Case", "Specialty", "Class", "Stage", "Missing", "Reminders", "Replaced", "Story"):
        counts = column in ("Missing", "Reminders", "Replaced")
        table.add_column(column, justify="right" if counts else "left", no_wrap=column != "Story")
    for key, one in standings.items():
        style = "green" if one.status is CaseStatus.CLOSED else ""
        table.add_row(
            one.reference,
            one.specialty.replace("_", " "),
            one.urgency,
            CASE_BADGES[one.status],
            str(one.missing) if one.missing else "",
            str(one.reminders) if one.reminders else "",
            str(one.replaced) if one.replaced else "",
            stories[key],
            style=style,
        )
    return table


def final_table(rows: list[tuple[Standing, str]]) -> Table:
    """What came of every case."""
    table = Table(title="What came of it", title_justify="left")
    for column in ("Case", "Specialty", "Class", "Turnaround", "Reminders", "Replaced experts", "Panel", "Report"):
        table.add_column(column, overflow="fold")
    for one, path in rows:
        table.add_row(
            one.reference,
            one.specialty.replace("_", " "),
            one.urgency,
            in_days(one.turnaround),
            str(one.reminders),
            str(one.replaced),
            one.panel,
            path,
        )
    return table


def in_days(span: timedelta | None) -> str:
    """`6.4 days` of pathway time."""
    return "–" if span is None else f"{span.total_seconds() / 86400:.1f} days"
