"""What must be true of every case when the dust has settled: as if nobody had been killed."""

from collections import Counter
from collections.abc import Iterator

from sqlmodel import Session, select

from models import AdjudicationRecord, Case, Event, Message, Report
from models.status import CaseStatus, MessageStatus, Outcome, Step
from secunda import events
from secunda.adapters import storage

EXCUSED = {MessageStatus.SENT, MessageStatus.CANCELLED, MessageStatus.UNKNOWN}
UNREPEATABLE = ("report_rendered", "adjudicated", "file_completed", "closed", "launched")


def wrongs(session: Session, case: Case, sendings: Counter[str] | None = None) -> Iterator[str]:
    """Everything that is wrong with one case; `sendings`: how often each e-mail was taken, by message id."""
    broken = events.verify(session, case)
    if broken is not None:
        yield f"audit chain: {broken.problem}"
    if (case.status, case.outcome) != (CaseStatus.CLOSED, Outcome.DELIVERED):
        yield f"is {case.status}, {case.outcome}"
    log = list(session.exec(select(Event).where(Event.case_id == case.id)))
    yield from _repeated(session, case, log)
    yield from _report(session, case)
    yield from _messages(session, case, log, sendings)


def _repeated(session: Session, case: Case, log: list[Event]) -> Iterator[str]:
    """No step's effect twice."""
    steps = Counter(event.data["step"] for event in log if event.kind == "step_finished")
    if steps != Counter(step.value for step in Step):
        yield f"steps finished: {dict(steps)}"
    kinds = Counter(event.kind for event in log)
    yield from (f"{kinds[kind]} events {kind}" for kind in UNREPEATABLE if kinds[kind] > 1)
    rounds = Counter(session.exec(select(AdjudicationRecord.round).where(AdjudicationRecord.case_id == case.id)))
    if not rounds or max(rounds.values()) > 1:
        yield f"adjudications by round: {dict(rounds)}"


def _report(session: Session, case: Case) -> Iterator[str]:
    reports = session.exec(select(Report).where(Report.case_id == case.id)).all()
    if len(reports) != 1:
        yield f"{len(reports)} reports"
    for report in reports:
        with storage.open_document(report.sha256) as file:
            if file.read(5) != b"%PDF-":
                yield "the report is no PDF"


def _messages(session: Session, case: Case, log: list[Event], sendings: Counter[str] | None) -> Iterator[str]:
    """Each occasion once, each sent once at most; twice only where the log says that nobody knew."""
    messages = session.exec(select(Message).where(Message.case_id == case.id)).all()
    said = Counter((one.event, one.recipient, one.occasion) for one in messages)
    yield from (f"said {count} times: {what}" for what, count in said.items() if count > 1)
    doubtful = {event.data["message"] for event in log if event.kind == "message_unknown"}
    for one in messages:
        if one.status not in EXCUSED:
            yield f"{one.event} to {one.recipient} is {one.status}"
        if one.status is MessageStatus.UNKNOWN and str(one.id) not in doubtful:
            yield f"{one.event} to {one.recipient} is unknown, and the log does not say so"
    sent = Counter(event.data["message"] for event in log if event.kind == "message_sent")
    yield from (f"the log says {count} sendings of one message" for count in sent.values() if count > 1)
    if sendings is not None:
        yield from _sendings([one for one in messages if one.channel == "email"], sendings)


def _sendings(messages: list[Message], sendings: Counter[str]) -> Iterator[str]:
    for one in messages:
        taken = sendings[str(one.id)]
        if taken > 1 or (one.status is MessageStatus.SENT and taken != 1):
            yield f"{one.event} to {one.recipient} was taken {taken} times by its vendor"
