"""What the database saw: a trigger notes, in the transaction of each change, when a case was owed and got a move.

It knows nothing of workers, runs and Prefect, and what it notes survives kills as the change itself does.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from sqlalchemy import text
from sqlmodel import Session

from secunda import clock
from secunda.db import transaction

TRIGGER = """
create table witness (
    number bigserial primary key, reference text not null, at timestamptz not null, what text not null, due timestamptz
);
create function note_case() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and new.lease_token > old.lease_token then
        insert into witness (reference, at, what) values (new.reference, clock_timestamp(), 'taken');
    end if;
    if new.wake_requested_at is not null
            and (tg_op = 'INSERT' or new.wake_requested_at is distinct from old.wake_requested_at) then
        insert into witness (reference, at, what) values (new.reference, clock_timestamp(), 'wake');
    end if;
    if tg_op = 'UPDATE' and old.lease_until is not null and new.lease_until is null then
        insert into witness (reference, at, what) values (new.reference, clock_timestamp(), 'released');
    end if;
    if tg_op = 'UPDATE' and new.status = 'closed' and old.status <> 'closed' then
        insert into witness (reference, at, what) values (new.reference, clock_timestamp(), 'closed');
    end if;
    if tg_op = 'UPDATE'
            and (new.next_deadline_at is distinct from old.next_deadline_at or new.status <> old.status) then
        insert into witness (reference, at, what, due) values (
            new.reference, clock_timestamp(), 'deadline',
            case when new.status in ('closed', 'on_hold') then null else new.next_deadline_at end
        );
    end if;
    return new;
end $$;
create trigger witness after insert or update on care_case for each row execute function note_case();
"""


@dataclass(frozen=True)
class Noted:
    reference: str
    at: datetime
    what: str
    due: datetime | None


@dataclass(frozen=True)
class Delay:
    """How long a case stood still although it was owed a move, in wall time."""

    reference: str
    why: str
    since: datetime
    lasted: timedelta


def install() -> None:
    with transaction() as session:
        session.connection().exec_driver_sql(TRIGGER)


def delays(after: datetime) -> list[Delay]:
    """Every time a case stood still; what was owed before `after` counts from then, what was paid before it does not.

    Owed: an event asked for a move; a deadline has passed; whoever had taken the case neither gave it back nor went on.
    """
    with transaction() as session:
        end = clock.wall()
        found = [delay for _, notes in groupby(_noted(session), attrgetter("reference")) for delay in _of(notes, end)]
    late = [(delay, delay.since + delay.lasted) for delay in found]
    return [
        Delay(delay.reference, delay.why, max(delay.since, after), until - max(delay.since, after))
        for delay, until in late
        if until > after
    ]


def _noted(session: Session) -> list[Noted]:
    query = text("select reference, at, what, due from witness order by reference, number")
    return [Noted(*row) for row in session.connection().execute(query)]


def _of(notes: "object", end: datetime) -> list[Delay]:
    """One case's delays, by what was owed: each is owed from a moment on, until the case is taken."""
    owed: dict[str, datetime] = {}
    found: list[Delay] = []
    for note in notes:  # type: ignore[attr-defined]
        if note.what == "taken":
            found += [
                Delay(note.reference, why, since, note.at - since) for why, since in owed.items() if since < note.at
            ]
            owed = {why: since for why, since in owed.items() if since >= note.at} | {"lost": note.at}
        elif note.what == "closed":
            return found
        elif note.what == "released":
            owed.pop("lost", None)
        elif note.what == "wake":
            owed.setdefault("wake", note.at)
        elif note.due is None:
            owed.pop("deadline", None)
        else:
            owed["deadline"] = max(note.at, clock.to_wall(note.due))
        reference = note.reference
    return found + [Delay(reference, why, since, end - since) for why, since in owed.items() if since < end]
