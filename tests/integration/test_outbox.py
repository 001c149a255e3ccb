"""Messages are decided once, sent once, and never lost: on a real database, with files and fake vendors."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from models import Assignment, Case, Event, Message
from models.status import MESSAGE_TRANSITIONS, CaseStatus, MessageStatus
from secunda import cases, events, outbox
from secunda.channels import Channel, DeliveryError, OutgoingMessage, Receipt
from secunda.db import transaction
from secunda.errors import ConflictError, NotFoundError
from secunda.links import read_link
from secunda.outbox import Courier
from secunda.outbox.outcomes import LONGEST_PAUSE, MOST_ATTEMPTS, pause_after
from secunda.recipients import RecipientKind
from tests.factories import NOW, a_case, a_pathway_version, a_patient, an_expert

M = MessageStatus
WALL = datetime(2026, 11, 22, 9, tzinfo=UTC)
LATER = WALL + timedelta(minutes=5)


class Recorder:
    """A channel that keeps what it was given, and fails as told."""

    def __init__(self, *, idempotent: bool = False, failing: list[DeliveryError] | None = None) -> None:
        self.idempotent = idempotent
        self.failing = failing or []
        self.taken: list[OutgoingMessage] = []

    def send(self, message: OutgoingMessage) -> Receipt:
        if self.failing:
            raise self.failing.pop(0)
        self.taken.append(message)
        return Receipt(f"receipt-{len(self.taken)}")


def courier(
    email: Channel | None = None, sms: Channel | None = None, now: datetime = NOW, wall: datetime = WALL
) -> Courier:
    channels = {"email": email or Recorder(), "sms": sms or Recorder()}
    return Courier(channels=channels, now=lambda: now, wall=lambda: wall, jitter=lambda: 1.0, rest=lambda _: None)


def transient() -> DeliveryError:
    return DeliveryError("rate_limited", permanent=False)


def permanent() -> DeliveryError:
    return DeliveryError("unsubscribed", permanent=True)


@pytest.fixture(autouse=True)
def only_legal_transitions(database: str) -> None:
    """The database refuses a change of status that MESSAGE_TRANSITIONS lacks, in every test of this file."""
    legal = [(before.value, after.value) for before, afters in MESSAGE_TRANSITIONS.items() for after in afters]
    pairs = ", ".join(f"('{before}', '{after}')" for before, after in legal)
    with transaction() as session:
        connection = session.connection()
        connection.exec_driver_sql(
            "create function only_legal() returns trigger language plpgsql as $$ begin "
            f"if old.status <> new.status and (old.status, new.status) not in ({pairs}) then "
            "raise exception using message = old.status || ' to ' || new.status; end if; return new; end $$"
        )
        connection.exec_driver_sql(
            "create trigger only_legal before update on message for each row execute function only_legal()"
        )


@pytest.fixture
def case(database: str) -> Case:
    with transaction() as session:
        return a_case(session, requester_email="requester@example.org", status=CaseStatus.AWAITING_CONSENT)


def ask(case: Case, event: str = "consent_reminder", recipient: str = "patient", **options: Any) -> UUID | None:
    parameters = options.pop("parameters", {"due_at": NOW + timedelta(days=3)})
    with transaction() as session:
        locked = cases.lock(session, case.id)
        return outbox.enqueue(
            session,
            locked,
            event=event,
            recipient=recipient,
            occasion=options.pop("occasion", "first"),
            parameters=parameters,
            due_at=options.pop("due_at", NOW),
            now=NOW,
            **options,
        )


def messages() -> list[Message]:
    with transaction() as session:
        return list(session.exec(select(Message).order_by(col(Message.created_at), col(Message.due_at))))


def status_of(message_id: UUID | None) -> MessageStatus:
    return next(message.status for message in messages() if message.id == message_id)


def statuses() -> dict[str, str]:
    return {f"{message.event} to {message.recipient} by {message.channel}": message.status for message in messages()}


def log(kind: str) -> list[dict[str, Any]]:
    with transaction() as session:
        return [event.data for event in session.exec(select(Event).where(Event.kind == kind))]


def set_status(case: Case, status: CaseStatus) -> None:
    with transaction() as session:
        cases.lock(session, case.id).status = status


def test_what_is_decided_twice_is_one_message(case: Case) -> None:
    assert ask(case) is not None
    assert ask(case) is None
    assert ask(case, occasion="second") is not None
    assert len(messages()) == 2


def test_a_decision_that_is_rolled_back_says_nothing(case: Case) -> None:
    with pytest.raises(RuntimeError), transaction() as session:
        locked = cases.lock(session, case.id)
        outbox.enqueue(session, locked, "report_ready", "patient", "report:1", {}, NOW, NOW)
        raise RuntimeError
    assert messages() == []


@pytest.mark.parametrize(
    ("event", "recipient", "parameters"),
    [
        ("no_such_event", "patient", {}),
        ("offer", "patient", {"role": "chair", "due_at": NOW}),
        ("report_ready", "neighbour", {}),
        ("report_ready", "patient", {"diagnosis": "secret"}),
        ("documents_requested", "patient", {"due_at": NOW}),
    ],
)
def test_what_the_table_does_not_know_is_not_said(
    case: Case, event: str, recipient: str, parameters: dict[str, Any]
) -> None:
    with pytest.raises(ValueError) as caught:
        ask(case, event, recipient, parameters=parameters)
    assert "secret" not in str(caught.value)
    assert messages() == []


def test_an_expert_who_is_not_in_the_directory_gets_nothing(case: Case) -> None:
    with pytest.raises(NotFoundError, match="nobody"):
        ask(case, "offer_withdrawn", "expert:nobody", parameters={"role": "chair"})


def test_a_message_goes_out_once_and_the_log_says_so(case: Case) -> None:
    message_id = ask(case)
    email = Recorder()
    assert outbox.deliver_due(courier=courier(email)) == {"sent": 1}
    assert outbox.deliver_due(courier=courier(email)) == {}
    (sent,) = email.taken
    assert (sent.id, sent.address) == (message_id, "nuria.marcador@example.org")
    (row,) = messages()
    assert (row.status, row.provider_reference, row.sent_at, row.attempts) == (M.SENT, "receipt-1", NOW, 1)
    (said,) = log("message_sent")
    assert (said["message"], said["channel"], said["provider_reference"]) == (str(message_id), "email", "receipt-1")
    with transaction() as session:
        assert events.verify(session, session.get_one(Case, case.id)) is None


def test_nothing_about_the_patient_is_in_texts_or_log(case: Case) -> None:
    ask(case)
    email = Recorder()
    outbox.deliver_due(courier=courier(email))
    (sent,) = email.taken
    said = f"{sent.subject} {sent.text} {sent.html} {messages()[0].parameters} {log('message_sent')}".casefold()
    dates = ("1961-05", "may 1961")
    for secret in ("núria", "nuria", "marcador", "example.org", "600000000", *dates, str(case.patient_id)):
        assert secret not in said


def test_a_message_is_not_sent_before_its_time(case: Case) -> None:
    ask(case, due_at=NOW + timedelta(hours=1))
    assert outbox.deliver_due(courier=courier()) == {}
    assert outbox.deliver_due(courier=courier(now=NOW + timedelta(hours=1))) == {"sent": 1}


def test_a_recipient_is_written_to_in_their_language_on_what_they_have(database: str) -> None:
    with transaction() as session:
        patient = a_patient(session, language="ca", email="", phone="+34611111111")
        case = a_case(session, patient_id=patient.id, jurisdiction="es-ct")
    ask(case)
    sms = Recorder()
    outbox.deliver_due(courier=courier(sms=sms))
    (sent,) = sms.taken
    assert sent.address == "+34611111111"
    assert "encara falta el consentiment, fins al 05/03 10:00 CET" in sent.text
    assert messages()[0].language == "ca"


def test_the_address_is_looked_up_when_the_message_leaves(case: Case) -> None:
    ask(case)
    with transaction() as session:
        locked = session.get_one(Case, case.id)
        patient = a_patient(session, email="new@example.org", language="en")
        locked.patient_id = patient.id
    email = Recorder()
    outbox.deliver_due(courier=courier(email))
    assert email.taken[0].address == "new@example.org"
    assert "Consent is still missing" in email.taken[0].subject


def test_an_expert_is_asked_by_role_and_linked_to_the_assignment(case: Case) -> None:
    with transaction() as session:
        title = {"en": "Chest surgeon", "es": "Cirujana torácica"}
        content = {"panel": {"roles": [{"key": "surgeon", "title": title}], "extra_reader": None}}
        session.get_one(Case, case.id).pathway_hash = a_pathway_version(session, content=content).hash
        expert = an_expert(session, languages=["eu", "es"])
        assignment = Assignment(
            case_id=case.id, role="surgeon", expert_id=expert.id, offered_at=NOW, accept_by=NOW + timedelta(hours=4)
        )
        session.add(assignment)
    about = {"role": "surgeon", "due_at": assignment.accept_by}
    ask(case, "offer", f"expert:{expert.code}", parameters=about | {"assignment": str(assignment.id)})
    ask(case, "offer_reminder", f"expert:{expert.code}", parameters=about)
    email = Recorder()
    outbox.deliver_due(courier=courier(email))
    for sent in email.taken:
        assert "Plaza en el panel: Cirujana torácica" in sent.text
        token = sent.text.partition("/d/")[2].split()[0]
        target = read_link(token, WALL)
        assert (target.kind, target.subject_id) == (RecipientKind.EXPERT, assignment.id)
    assert len(email.taken) == 2


def test_a_transient_failure_is_tried_again_later_and_later(case: Case) -> None:
    ask(case)
    email = Recorder(failing=[transient(), transient()])
    due = NOW
    for attempt in (1, 2):
        assert outbox.deliver_due(courier=courier(email, now=due)) == {"deferred": 1}
        assert outbox.deliver_due(courier=courier(email, now=due)) == {}
        (row,) = messages()
        assert (row.status, row.failure, row.attempts) == (M.QUEUED, "rate_limited", attempt)
        assert row.due_at - due == timedelta(seconds=30) * attempt
        due = row.due_at
    assert outbox.deliver_due(courier=courier(email, now=due)) == {"sent": 1}
    assert [said["reason"] for said in log("message_deferred")] == ["rate_limited"] * 2
    assert messages()[0].failure == ""


def test_pauses_grow_to_a_limit_and_are_spread() -> None:
    pauses = [pause_after(attempt, 0.5) for attempt in range(1, 40)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE * 0.75
    assert pause_after(1, 0.0) * 2 == pause_after(1, 1.0) == timedelta(seconds=30)


def test_an_attempt_that_may_have_arrived_is_noted_as_such(case: Case) -> None:
    ask(case)
    doubtful = DeliveryError("no_answer", permanent=False, maybe_sent=True)
    outbox.deliver_due(courier=courier(Recorder(failing=[doubtful])))
    assert log("message_deferred")[0]["maybe_sent"] is True


def test_a_message_that_never_gets_through_switches_channel_in_the_end(case: Case) -> None:
    ask(case)
    email, sms, now = Recorder(failing=[transient()] * MOST_ATTEMPTS), Recorder(), NOW
    for _ in range(MOST_ATTEMPTS):
        outbox.deliver_due(courier=courier(email, sms, now))
        now += LONGEST_PAUSE
    assert [sent.address for sent in sms.taken] == ["+34600000000"]


def test_a_permanent_failure_switches_channel_and_tells_the_coordinator(case: Case) -> None:
    ask(case)
    email, sms = Recorder(failing=[permanent()]), Recorder()
    assert outbox.deliver_due(courier=courier(email, sms)) == {"failed": 1, "sent": 2}
    assert statuses() == {
        "consent_reminder to patient by email": M.FAILED,
        "consent_reminder to patient by sms": M.SENT,
        "delivery_failed to coordinator by email": M.SENT,
    }
    (told,) = email.taken
    assert told.address == "coordinator@secunda.invalid"
    assert "SMS" in told.text
    assert log("message_failed")[0]["reason"] == "unsubscribed"


def test_when_no_channel_is_left_the_coordinator_is_asked_to_act(case: Case) -> None:
    ask(case)
    email, sms = Recorder(failing=[permanent()]), Recorder(failing=[permanent()])
    assert outbox.deliver_due(courier=courier(email, sms)) == {"failed": 2, "sent": 2}
    assert Counter(message.status for message in messages()) == {M.FAILED: 2, M.SENT: 2}
    assert "otra manera" in email.taken[-1].text


def test_a_failure_to_reach_the_coordinator_goes_to_the_medical_director_and_ends_there(case: Case) -> None:
    ask(case, "no_expert_available", "coordinator", parameters={"role": "chair"})
    email = Recorder(failing=[permanent(), permanent()])
    assert outbox.deliver_due(courier=courier(email)) == {"failed": 2}
    assert statuses() == {
        "no_expert_available to coordinator by email": M.FAILED,
        "delivery_failed to medical_director by email": M.FAILED,
    }


def test_a_recipient_without_any_address_is_the_coordinators_task(database: str) -> None:
    with transaction() as session:
        case = a_case(session, patient_id=a_patient(session, email="", phone="").id)
    ask(case)
    assert outbox.deliver_due(courier=courier()) == {"failed": 1, "sent": 1}
    assert log("message_failed")[0]["reason"] == "no_address"


def test_a_death_between_claiming_and_sending_leaves_a_message_nobody_sends_again(case: Case) -> None:
    ask(case)
    with transaction() as session:
        outbox.claim(session, 1, NOW, WALL, uuid4())  # and then the process dies
    email = Recorder()
    assert outbox.deliver_due(courier=courier(email, wall=WALL + timedelta(seconds=30))) == {}
    assert outbox.deliver_due(courier=courier(email, wall=LATER)) == {"unknown": 1, "sent": 1}
    assert outbox.deliver_due(courier=courier(email, wall=LATER)) == {}
    assert statuses()["consent_reminder to patient by email"] == M.UNKNOWN
    assert log("message_unknown")[0]["recipient"] == "patient"
    assert [sent.address for sent in email.taken] == ["coordinator@secunda.invalid"]
    assert "No se sabe si llegó" in email.taken[0].text


def test_a_death_on_a_channel_that_forgives_is_made_good(case: Case) -> None:
    message_id = ask(case)
    with transaction() as session:
        outbox.claim(session, 1, NOW, WALL, uuid4())
    file = Recorder(idempotent=True)
    assert outbox.deliver_due(courier=courier(file, wall=LATER)) == {"requeued": 1, "sent": 1}
    assert [sent.id for sent in file.taken] == [message_id]
    assert log("message_requeued")


def test_what_the_dead_leave_behind_of_a_closed_case_is_taken_back_at_once(case: Case) -> None:
    ask(case)
    with transaction() as session:
        outbox.claim(session, 1, NOW, WALL, uuid4())
    set_status(case, CaseStatus.CLOSED)
    file = Recorder(idempotent=True)
    assert outbox.deliver_due(courier=courier(file, wall=LATER)) == {"requeued": 1, "cancelled": 1}
    assert file.taken == []


def test_a_message_that_kills_its_sender_is_given_up(case: Case) -> None:
    ask(case)
    file, wall = Recorder(idempotent=True), WALL
    for attempt in range(MOST_ATTEMPTS):
        with transaction() as session:
            assert outbox.claim(session, 1, NOW, wall, uuid4()), attempt
        wall += timedelta(minutes=5)
        with transaction() as session:
            left = session.exec(select(Message.id).where(Message.status == M.CLAIMED)).all()
        assert len(left) == 1
        counts = outbox.deliver_due(limit=0, courier=courier(file, wall=wall))
    assert counts == {"unknown": 1}


def test_a_holder_who_was_taken_for_dead_still_reports_what_he_sent(case: Case) -> None:
    message_id = ask(case)
    slow = courier()
    with transaction() as session:
        (claimed,) = outbox.claim(session, 1, NOW, WALL, slow.by)
    outbox.deliver_due(limit=0, courier=courier(wall=LATER))
    assert status_of(message_id) is M.UNKNOWN
    assert outbox.deliver(claimed, slow) == "sent"
    assert status_of(message_id) is M.SENT


def test_a_late_holder_cannot_overwrite_another_but_the_log_knows(case: Case) -> None:
    ask(case)
    slow = courier(Recorder(idempotent=True))
    with transaction() as session:
        (claimed,) = outbox.claim(session, 1, NOW, WALL, slow.by)
    outbox.deliver_due(courier=courier(Recorder(idempotent=True), wall=LATER))
    outbox.deliver(claimed, slow)
    assert [said.get("claim_had_run_out", False) for said in log("message_sent")] == [False, True]


def test_noting_twice_that_a_message_was_sent_is_one_event(case: Case) -> None:
    ask(case)
    here = courier()
    with transaction() as session:
        (claimed,) = outbox.claim(session, 1, NOW, WALL, here.by)
    outbox.deliver(claimed, here)
    outbox.outcomes.sent(claimed, Receipt("receipt-1"), NOW)
    assert len(log("message_sent")) == 1


def test_two_deliverers_never_send_one_message_twice(case: Case) -> None:
    count = 40
    for number in range(count):
        ask(case, occasion=f"occasion {number}")
    email = Recorder()
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        outbox.deliver_due(limit=count, courier=courier(email))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert Counter(sent.id for sent in email.taken) == Counter({message.id: 1 for message in messages()})
    assert len(log("message_sent")) == count
    with transaction() as session:
        assert events.verify(session, session.get_one(Case, case.id)) is None


def test_claims_that_overlap_share_nothing_and_wait_for_nobody(case: Case) -> None:
    for number in range(6):
        ask(case, occasion=f"occasion {number}")
    with transaction() as first, transaction() as second:
        ours = outbox.claim(first, 4, NOW, WALL, uuid4())
        theirs = outbox.claim(second, 4, NOW, WALL, uuid4())
    assert (len(ours), len(theirs)) == (4, 2)
    assert not {message.id for message in ours} & {message.id for message in theirs}


def test_a_closed_case_takes_its_requests_back_but_says_goodbye(case: Case) -> None:
    ask(case)
    ask(case, "consent_requested")
    ask(case, "case_withdrawn", parameters={})
    set_status(case, CaseStatus.CLOSED)
    assert outbox.deliver_due(courier=courier()) == {"cancelled": 2, "sent": 1}
    assert len(log("message_cancelled")) == 2
    assert statuses()["case_withdrawn to patient by email"] == M.SENT


def test_a_held_case_drops_reminders_and_keeps_requests(case: Case) -> None:
    ask(case)
    ask(case, "consent_requested")
    set_status(case, CaseStatus.ON_HOLD)
    assert outbox.deliver_due(courier=courier()) == {"cancelled": 1}
    set_status(case, CaseStatus.AWAITING_CONSENT)
    assert outbox.deliver_due(courier=courier()) == {"sent": 1}


def test_cancelling_sees_a_status_of_the_same_transaction(case: Case) -> None:
    ask(case)
    with transaction() as session:
        locked = cases.lock(session, case.id)
        locked.status = CaseStatus.CLOSED
        assert outbox.cancel_moot(session, locked, NOW) == 1


def resend(message_id: UUID, reason: str = "The address was corrected.") -> UUID:
    with transaction() as session:
        return outbox.resend(session, message_id, reason, "coordinator:ada", NOW)


def test_a_failed_message_is_sent_again_when_a_person_says_so(case: Case) -> None:
    message_id = ask(case)
    assert message_id is not None
    outbox.deliver_due(courier=courier(Recorder(failing=[permanent()]), Recorder(failing=[permanent()])))
    assert resend(message_id) == message_id
    email = Recorder()
    outbox.deliver_due(courier=courier(email))
    assert message_id in [sent.id for sent in email.taken]
    assert log("message_resent")[0]["reason"] == "The address was corrected."


def test_a_message_that_fails_again_is_told_again(case: Case) -> None:
    message_id = ask(case)
    assert message_id is not None
    for _ in range(2):
        outbox.deliver_due(courier=courier(Recorder(failing=[permanent()])))
        resend(message_id)
    told = [message for message in messages() if message.event == "delivery_failed"]
    assert len(told) == 2


def test_a_sent_message_is_sent_again_as_a_new_one(case: Case) -> None:
    message_id = ask(case)
    assert message_id is not None
    outbox.deliver_due(courier=courier())
    copies = {resend(message_id), resend(message_id)}
    assert len(copies | {message_id}) == 3
    assert outbox.deliver_due(courier=courier()) == {"sent": 2}


def test_what_is_on_its_way_or_too_late_is_not_sent_again(case: Case) -> None:
    message_id = ask(case)
    assert message_id is not None
    with pytest.raises(ConflictError, match="on its way"):
        resend(message_id)
    outbox.deliver_due(courier=courier())
    set_status(case, CaseStatus.CLOSED)
    with pytest.raises(ConflictError, match="too late"):
        resend(message_id)
    with pytest.raises(NotFoundError):
        resend(uuid4())


def test_the_other_channel_is_the_one_not_used_last(case: Case) -> None:
    def other(recipient: str) -> str | None:
        with transaction() as session:
            return outbox.other_channel(session, session.get_one(Case, case.id), recipient)

    ask(case)
    assert other("patient") == "sms"
    ask(case, occasion="by sms", channel="sms")
    with transaction() as session:
        newest = session.exec(select(Message).where(Message.channel == "sms")).one()
        newest.created_at = NOW + timedelta(minutes=1)
    assert other("patient") == "email"
    ask(case, recipient="requester")
    assert other("requester") is None


def test_the_default_channel_writes_one_file_a_message(case: Case, home: Path) -> None:
    message_id = ask(case)
    ask(case, "emergency_redirect", parameters={})
    outbox.deliver_due(courier=Courier(now=lambda: NOW, wall=lambda: WALL))
    names = sorted(path.suffix for path in (home / "outbox").iterdir())
    assert names == [".eml", ".txt"]
    assert (home / "outbox" / f"{message_id}.eml").exists()
