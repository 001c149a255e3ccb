"""A case told again from its events alone, as flat facts: what it is about → what is so.

`place surgeon 1` → `E051 accepted until 2026-03-04T09:00:00+00:00`. `secunda.standing` tells the same of the tables.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from models import Event
from models.door_status import Certification
from models.status import AssignmentStatus, CaseStatus, OpinionStatus, Outcome, RequirementStatus

Facts = dict[str, str]
Data = Mapping[str, Any]


def replay(events: Iterable[Event]) -> Facts:
    """The facts that the events of one case, in their order, come to."""
    facts: Facts = {"status": CaseStatus.REQUESTED.value}
    for event in events:
        fold = FOLDS.get(event.kind)
        if fold is not None:
            fold(facts, event.data)
    return facts


def moment(value: datetime | str | None) -> str:
    """A time as both sides write it."""
    if not value:
        return ""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.astimezone(UTC).isoformat()


def place(role: str, seat: int) -> str:
    return f"place {role} {seat}"


def held(expert: str, status: str, due_at: datetime | str | None) -> str:
    return " ".join(filter(None, (expert, status, f"until {moment(due_at)}" if due_at else "")))


def _set(about: str, name: str) -> Callable[[Facts, Data], None]:
    """The fold that takes one fact over as the event says it."""

    def fold(facts: Facts, data: Data) -> None:
        facts[about] = str(data[name])

    return fold


def _launched(facts: Facts, data: Data) -> None:
    facts["urgency"], facts["pathway"] = data["expected_urgency"], data["pathway_hash"]
    _flagged(facts, data)


def _pathway_moved(facts: Facts, data: Data) -> None:
    facts["pathway"] = data["pathway_hash"]
    _due(facts, data)


def _flagged(facts: Facts, data: Data) -> None:
    facts.update({f"flag {flag}": "marked" for flag in data.get("flags", ())})


def _due(facts: Facts, data: Data) -> None:
    """The report's date: an event without it leaves it, one with none takes it away (its clocks stand still)."""
    if "urgency" in data:
        facts["urgency"] = data["urgency"]
    if "report_due_at" in data:
        facts.pop("report due", None)
        if data["report_due_at"]:
            facts["report due"] = moment(data["report_due_at"])


def _finished(facts: Facts, data: Data) -> None:
    facts[f"step {data['step']}"] = "finished"


def _reopened(facts: Facts, data: Data) -> None:
    for step in data["steps"]:
        facts.pop(f"step {step}", None)


def _consented(facts: Facts, data: Data) -> None:
    facts[f"consent {data['purpose']}"] = f"given until {moment(data.get('expires_at'))}".removesuffix(" until ")


def _consent_withdrawn(facts: Facts, data: Data) -> None:
    facts[f"consent {data['purpose']}"] = "withdrawn"


def _received(facts: Facts, data: Data) -> None:
    facts[f"document {data['number']}"] = data["sha256"]


def _right(facts: Facts, data: Data) -> None:
    facts[f"right {data['right']}"] = data.get("answer") or f"owed until {moment(data['due_at'])}"


def _requirement(status: RequirementStatus | None) -> Callable[[Facts, Data], None]:
    def fold(facts: Facts, data: Data) -> None:
        facts.pop(f"requirement {data['key']}", None)
        if status is not None:
            facts[f"requirement {data['key']}"] = status.value

    return fold


def _offered(facts: Facts, data: Data) -> None:
    facts[place(data["role"], data["seat"])] = held(data["expert"], AssignmentStatus.REQUESTED.value, data["accept_by"])


def _ended(facts: Facts, data: Data) -> None:
    facts.pop(place(data["role"], data["seat"]), None)


def _accepted(facts: Facts, data: Data) -> None:
    _change(facts, data, AssignmentStatus.ACCEPTED, data["opinion_due_at"])


def _change(facts: Facts, data: Data, status: AssignmentStatus, due_at: str | None) -> None:
    """The same expert in another state; without a date, until when they had."""
    about = place(data["role"], data["seat"])
    expert, _, rest = facts[about].partition(" ")
    facts[about] = held(expert, status.value, due_at or rest.partition("until ")[2])


def _deadlines_moved(facts: Facts, data: Data) -> None:
    _due(facts, data)
    for seat in data.get("seats", ()):
        expert, status, _ = facts[place(seat["role"], seat["seat"])].split(" ", 2)
        due_at = seat.get("accept_by") or seat.get("opinion_due_at")
        facts[place(seat["role"], seat["seat"])] = held(expert, status, due_at)


def _saved(facts: Facts, data: Data) -> None:
    _write(facts, data, OpinionStatus.DRAFT)
    _change(facts, data, AssignmentStatus.IN_PROGRESS, None)


def _locked(status: OpinionStatus) -> Callable[[Facts, Data], None]:
    def fold(facts: Facts, data: Data) -> None:
        _write(facts, data, status)
        if status is OpinionStatus.FINAL:
            _change(facts, data, AssignmentStatus.COMPLETED, None)

    return fold


def _correcting(facts: Facts, data: Data) -> None:
    _write(facts, data, OpinionStatus.DRAFT)
    _change(facts, data, AssignmentStatus.IN_PROGRESS, data["opinion_due_at"])


def _write(facts: Facts, data: Data, status: OpinionStatus) -> None:
    expert = facts[place(data["role"], data["seat"])].partition(" ")[0]
    facts[f"opinion {data['role']} {expert} {data['version']}"] = f"{status.value} {data['content_sha256']}"


def _called(facts: Facts, data: Data) -> None:
    facts[f"role {data['role']}"] = "called"


def _stopped(facts: Facts, data: Data) -> None:
    facts[f"clock {data.get('why', 'all')}"] = "stopped"
    _due(facts, data)


def _started(facts: Facts, data: Data) -> None:
    facts.pop(f"clock {data.get('why', 'all')}", None)
    _due(facts, data)


def _extended(facts: Facts, data: Data) -> None:
    facts[f"clock {data['clock']}"] = "extended"
    _due(facts, data)


def _chased(facts: Facts, data: Data) -> None:
    facts[f"rung {data['subject']} {data['rung']}"] = data["action"]


def _taken_up_again(facts: Facts, data: Data) -> None:  # noqa: ARG001 - the shape of a fold
    facts.pop("outcome", None)
    if "answer" in facts:
        facts["answer"] = Certification.PENDED.value


def _asked_for(facts: Facts, data: Data) -> None:  # noqa: ARG001 - the shape of a fold
    facts["answer"] = Certification.PENDED.value


def _closed(facts: Facts, data: Data) -> None:
    facts["outcome"] = data["outcome"]
    if "answer" in facts and data["outcome"] == Outcome.WITHDRAWN.value:
        facts["answer"] = Certification.CANCELLED.value


def _rendered(facts: Facts, data: Data) -> None:
    facts[f"report {data['version']}"] = data["sha256"]


#: How each kind of event changes the facts; kinds that are not here tell of something that no table keeps.
FOLDS: dict[str, Callable[[Facts, Data], None]] = {
    "launched": _launched,
    "status_changed": _set("status", "after"),
    "closed": _closed,
    "review_requested": _asked_for,
    "review_answered": _set("answer", "answer"),
    "step_finished": _finished,
    "steps_reopened": _reopened,
    "consent_given": _consented,
    "consent_withdrawn": _consent_withdrawn,
    "document_received": _received,
    "requirement_added": _requirement(RequirementStatus.PENDING),
    "requirement_dropped": _requirement(None),
    "requirement_met": _requirement(RequirementStatus.RECEIVED),
    "requirement_waived": _requirement(RequirementStatus.WAIVED),
    "requirement_limited": _requirement(RequirementStatus.LIMITED),
    "right_requested": _right,
    "right_extended": _right,
    "right_answered": _right,
    "flags_set": _flagged,
    "triaged": _due,
    "pathway_moved": _pathway_moved,
    "urgency_overridden": _due,
    "deadlines_moved": _deadlines_moved,
    "held": _stopped,
    "resumed": _started,
    "clocks_stopped": _stopped,
    "clocks_started": _started,
    "clock_extended": _extended,
    "expert_offered": _offered,
    "offer_accepted": _accepted,
    "assignment_ended": _ended,
    "opinion_saved": _saved,
    "opinion_locked_provisional": _locked(OpinionStatus.PROVISIONAL),
    "opinion_locked_final": _locked(OpinionStatus.FINAL),
    "correction_requested": _correcting,
    "third_reader_called": _called,
    "chased": _chased,
    "report_rendered": _rendered,
    "amendment_requested": _taken_up_again,
}
