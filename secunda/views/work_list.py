"""The work list: a page of cases with what each waits for, in the order asked, going on from where the last one ended.

Pages go by key, not by number: the thousandth costs what the first does, and nothing is shown twice when cases move.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlmodel import Session

from models.case_indexes import CASE_WORDS, NEVER, PATIENT_WORDS
from models.status import CASE_OWNERS, CaseStatus, Outcome, Owner
from pathways.vocabulary import Frozen, Specialty, Urgency
from secunda.rights import RUNS_LATE

PAGE: Final = 50
MOST: Final = 1000
DUE: Final = f"coalesce(report_due_at, {NEVER})"
REFERENCE: Final = re.compile(r"SO-[0-9A-Z]{4}-[0-9A-Z]{4}", re.IGNORECASE)  # copied whole: one look into its index
_PLAIN: Final = str.maketrans("áàäâãéèëêíìïîóòöôõúùüûñç", "aaaaaeeeeiiiiooooouuuunc")


class Part(StrEnum):
    """Which cases: those that a coordinator must look at now, all open ones, or the closed ones."""

    MINE = "mine"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Order:
    """`columns` are compared together with the id; `down`: the greatest first."""

    columns: tuple[str, ...]
    down: bool = False


#: The name in the address → the order; each has its index.
ORDERS: Final[Mapping[str, Order]] = {
    "urgency": Order(("urgency", DUE)),
    "due": Order((DUE,)),
    "waiting": Order((f"coalesce(waiting_since, {NEVER})",)),
    "newest": Order(("launched_at",), down=True),
}
CLOSED_ORDER: Final = Order(("closed_at",), down=True)


@dataclass(frozen=True)
class Wanted:
    """What is looked for. `after` is a `Page.next`; `payer_only`: the reader sees this payer's cases and no others."""

    part: Part = Part.MINE
    search: str = ""
    specialty: Specialty | None = None
    status: CaseStatus | None = None
    urgency: Urgency | None = None
    must_act: Owner | None = None
    payer: str = ""
    sort: str = "urgency"
    after: tuple[str, ...] = ()
    payer_only: str = ""

    def going_on(self, after: tuple[str, ...]) -> "Wanted":
        """The same from where a page ended."""
        return replace(self, after=after)


class WorkLine(Frozen):
    """One case. The counts say what it waits for; `answer_due_at`: when the payer wants its answer."""

    id: UUID
    reference: str
    specialty: Specialty
    urgency: Urgency | None
    status: CaseStatus
    must_act: Owner
    outcome: Outcome | None
    payer: str
    requester: str
    patient: str
    launched_at: datetime
    waiting_since: datetime | None
    next_deadline_at: datetime | None
    report_due_at: datetime | None
    closed_at: datetime | None
    documents_missing: int
    answers_missing: int
    opinions_missing: int
    messages_failed: int
    answer_due_at: datetime | None


@dataclass(frozen=True)
class Page:
    """`next` is empty on the last page."""

    lines: list[WorkLine]
    next: tuple[str, ...]


MINE: Final = """(
    status = any(:mine) or coalesce(report_due_at, 'infinity'::timestamptz) < :now
    or id = any(array(select case_id from message where status = any(array['failed', 'unknown'])))
    or id = any(array(select case_id from rights_request where answered_at is null and due_at < :rights_by))
)"""
SHOWN: Final = """
    select found.*, patient.given_name || ' ' || patient.family_name as patient,
           (select count(*) from requirement where case_id = found.id and requirement.status = 'pending'
               and obligation <> 'recommended') as documents_missing,
           (select count(*) from assignment where case_id = found.id and assignment.status = 'requested')
               as answers_missing,
           (select count(*) from assignment where case_id = found.id
               and assignment.status in ('accepted', 'in-progress')) as opinions_missing,
           (select count(*) from message where case_id = found.id and message.status in ('failed', 'unknown'))
               as messages_failed,
           (select (clock ->> 'due_at')::timestamptz from review where case_id = found.id
               and clock ->> 'answered_at' is null) as answer_due_at
      from found join patient on patient.id = found.patient_id
"""
COLUMNS: Final = (
    "id, reference, specialty, urgency, status, outcome, payer, requester, patient_id, launched_at, waiting_since,"
    " next_deadline_at, report_due_at, closed_at"
)


def work_list(session: Session, wanted: Wanted, now: datetime, most: int = 0) -> Page:
    """One page of at most `most` cases, else PAGE."""
    size = most or PAGE
    order = CLOSED_ORDER if wanted.part is Part.CLOSED else ORDERS.get(wanted.sort, ORDERS["urgency"])
    conditions, values = _conditions(wanted, now)
    source, hits = "care_case", ""
    if wanted.search:  # all hits are found first: walking through an order in search of a rare word could take seconds
        hits = f"hits as materialized (select {COLUMNS} from care_case where {' and '.join(conditions)}),"  # noqa: S608
        source, conditions = "hits", ["true"]
    if len(wanted.after) == len(order.columns) + 1:
        names = [f":after_{number}" for number in range(len(wanted.after))]
        conditions.append(f"({', '.join((*order.columns, 'id'))}) {'<' if order.down else '>'} ({_cast(order, names)})")
        values |= {name[1:]: value for name, value in zip(names, wanted.after, strict=True)}
    way = " desc" if order.down else ""
    sorting = ", ".join(f"{column}{way}" for column in (*order.columns, "id"))
    keys = ", ".join(f"cast({column} as text) as key_{number}" for number, column in enumerate(order.columns))
    query = f"""
        with {hits} found as materialized (
            select {COLUMNS}, {keys}, row_number() over (order by {sorting}) as place
              from {source} where {" and ".join(conditions)} order by {sorting} limit {size + 1}
        ) {SHOWN} order by place
    """  # noqa: S608 - made of the constants above; what was typed is in `values`
    rows = session.execute(text(query), values).mappings().all()
    lines = [_line(row) for row in rows[:size]]
    if len(rows) <= size:
        return Page(lines, ())
    last = rows[size - 1]
    return Page(lines, (*(str(last[f"key_{number}"]) for number in range(len(order.columns))), str(last["id"])))


def counts(session: Session, wanted: Wanted, now: datetime) -> dict[Part, int]:
    """How many cases each part has, without the filters, counted up to MOST: beyond, nobody cares for the figure."""
    scope, values = ("and payer = :only", {"only": wanted.payer_only}) if wanted.payer_only else ("", {})
    query = f"""
        select (select count(*) from (select from care_case where status <> 'closed' {scope} limit :most) as o) as open,
               (select count(*) from (select from care_case where status <> 'closed' {scope} and {MINE}
                                       limit :most) as m) as mine
    """  # noqa: S608 - as above
    row = session.execute(text(query), values | _mine(now) | {"most": MOST}).mappings().one()
    return {Part.OPEN: row["open"], Part.MINE: row["mine"]}


def payers(session: Session) -> list[str]:
    """Every payer that has cases, found by skipping through the index: it does not matter how many cases there are."""
    query = """
        with recursive found as (
            (select payer from care_case where payer > '' order by payer limit 1)
            union all
            select (select payer from care_case where payer > found.payer order by payer limit 1)
              from found where found.payer is not null
        ) select payer from found where payer is not null limit 100
    """
    return [str(row[0]) for row in session.execute(text(query))]


#: Where the coordinator is the one to act; a board meets because the coordinator calls it.
MY_STATUSES: Final = [s.value for s, owner in CASE_OWNERS.items() if owner in (Owner.COORDINATOR, Owner.BOARD)]


def _mine(now: datetime) -> dict[str, Any]:
    return {"now": now, "mine": MY_STATUSES, "rights_by": now + RUNS_LATE}


def _conditions(wanted: Wanted, now: datetime) -> tuple[list[str], dict[str, Any]]:
    conditions = ["status = 'closed'" if wanted.part is Part.CLOSED else "status <> 'closed'"]
    values: dict[str, Any] = {}
    if wanted.part is Part.MINE:
        conditions.append(MINE)
        values |= _mine(now)
    for column in ("specialty", "status", "urgency"):
        value = getattr(wanted, column)
        if value is not None:
            conditions.append(f"{column} = :{column}")
            values[column] = value.value
    if wanted.must_act is not None:
        conditions.append("status = any(:acting)")
        values["acting"] = [status.value for status, owner in CASE_OWNERS.items() if owner is wanted.must_act]
    for name, payer in (("payer", wanted.payer), ("only", wanted.payer_only)):
        if payer:
            conditions.append(f"payer = :{name}")
            values[name] = payer
    if REFERENCE.fullmatch(wanted.search):
        return [*conditions, "reference = :reference"], values | {"reference": wanted.search.upper()}
    for number, word in enumerate(words_of(wanted.search)):
        word_is = f"@@ to_tsquery('simple', :word_{number})"
        patients = f"array(select id from patient where {PATIENT_WORDS} {word_is})"  # noqa: S608 - as above
        conditions.append(f"({CASE_WORDS} {word_is} or patient_id = any({patients}))")
        values[f"word_{number}"] = f"{word}:*"
    return conditions, values


def words_of(search: str) -> list[str]:
    """What was typed, as the words that the index knows: lower case, without accents, at most six."""
    found = re.findall(r"[a-z0-9]+", search.lower().translate(_PLAIN))[:6]
    return [word for word in found if word != "so" or len(found) == 1]  # every reference begins with it


def _cast(order: Order, names: list[str]) -> str:
    kinds = ["text" if column == "urgency" else "timestamptz" for column in order.columns]
    return ", ".join(f"cast({name} as {kind})" for name, kind in zip(names, [*kinds, "uuid"], strict=True))


def _line(row: RowMapping) -> WorkLine:
    known = {name: row[name] for name in WorkLine.model_fields if name != "must_act"}
    return WorkLine.model_validate(known | {"must_act": CASE_OWNERS[CaseStatus(row["status"])]})
