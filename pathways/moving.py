"""What a case notices of being moved to another version of its pathway; `pathways.obstacles` says what forbids it."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from pathways.calendars import WorkingCalendar
from pathways.chasing import Rung, due_rungs, rungs
from pathways.deadlines import Wait
from pathways.facts import CaseFacts
from pathways.panel import Seat, panel
from pathways.requirements import ReceivedDocument, requirements
from pathways.schema import Pathway
from pathways.sections import applying
from pathways.triage import triage
from pathways.vocabulary import Frozen, Slug, Urgency


class TakenSeat(Frozen):
    """A place with a live assignment: what its expert is able to read, and whether anything was signed there."""

    role: Slug
    seat: int
    expert_reads: tuple[Slug, ...]
    signed: bool = False


class OpenWait(Frozen):
    """Something that is waited for now: since when, until when under each version, and the rungs that were climbed.

    `about` tells the waits of a case apart.
    """

    wait: Wait
    about: str
    since: datetime
    due_before: datetime
    due_after: datetime
    climbed: frozenset[int] = frozenset()


class Situation(Frozen):
    """Where a case stands, as far as a version of its pathway can touch it.

    `given_up`: keys of documents that were waived, or cannot be obtained.
    """

    facts: CaseFacts
    now: datetime
    today: date
    calendar: WorkingCalendar
    received: tuple[ReceivedDocument, ...] = ()
    given_up: tuple[Slug, ...] = ()
    file_complete: bool = False
    extra_roles: tuple[Slug, ...] = ()
    seats: tuple[TakenSeat, ...] = ()
    waits: tuple[OpenWait, ...] = ()

    @property
    def signed(self) -> tuple[TakenSeat, ...]:
        return tuple(seat for seat in self.seats if seat.signed)


class Names(Frozen):
    """What appears, what falls away, and what stays but says something else, by key."""

    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.dropped or self.changed)


class CaseDifference(Frozen):
    """What of the two versions a case with these facts notices; `urgency_*` are the classes by the rules.

    `at_once`: the rungs that would be climbed the moment it is moved, as `action: what is waited for`.
    """

    documents: Names
    seats: Names
    sections: Names
    urgency_before: Urgency
    urgency_after: Urgency
    at_once: tuple[str, ...] = ()


def case_difference(old: Pathway, new: Pathway, now: Situation) -> CaseDifference:
    """Raises PathwayError where an expression of either version cannot be evaluated."""
    return CaseDifference(
        documents=_names(
            {one.key: one for one in requirements(old, now.facts)},
            {one.key: one for one in requirements(new, now.facts)},
        ),
        seats=_names(
            {_place(one): one for one in seats_under(old, now)}, {_place(one): one for one in seats_under(new, now)}
        ),
        sections=_names(
            {one.key: one for one in applying(old, now.facts)}, {one.key: one for one in applying(new, now.facts)}
        ),
        urgency_before=triage(old, now.facts).urgency,
        urgency_after=triage(new, now.facts).urgency,
        at_once=tuple(f"{rung.action}: {wait.about}" for wait, rung in at_once(new, now)),
    )


def at_once(new: Pathway, now: Situation) -> Iterator[tuple[OpenWait, Rung]]:
    """What would be done at the next wake-up, and would not be without the move."""
    for wait in now.waits:
        ladder = rungs(getattr(new.chase, wait.wait), wait.since, wait.due_after, now.calendar)
        for rung in due_rungs(ladder, wait.climbed, now.now).climb:
            yield wait, rung


def seats_under(version: Pathway, now: Situation) -> tuple[Seat, ...]:
    """The places of the case under a version: who holds one keeps it, where the version has the role at all."""
    kept = {*now.extra_roles, *(seat.role for seat in now.seats)} & roles_of(version)
    return panel(version, now.facts, sorted(kept))


def roles_of(version: Pathway) -> set[str]:
    extra = version.panel.extra_reader
    return {role.key for role in version.panel.roles} | ({extra.key} if extra else set())


def _place(seat: Seat) -> str:
    return seat.role if seat.seat == 1 else f"{seat.role}/{seat.seat}"


def _names(before: Mapping[str, Frozen], after: Mapping[str, Frozen]) -> Names:
    return Names(
        added=tuple(key for key in after if key not in before),
        dropped=tuple(key for key in before if key not in after),
        changed=tuple(key for key in before if key in after and before[key] != after[key]),
    )
