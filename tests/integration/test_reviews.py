"""A review that a payer asked for, from its launch to the answer: mandates, clock, escalation, certification, list."""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from models import Case, Message, Patient, Review
from models.door_status import Certification, ReviewSource
from models.status import CaseStatus, Outcome
from pathways import payer_files
from pathways.certification import Ground
from pathways.errors import PathwayFileError
from pathways.mandates import WhyNot
from pathways.overlay import StopReason
from pathways.vocabulary import Concordance, Specialty, Urgency
from secunda import clock, events, standing
from secunda.actions import amendment, clocks
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.errors import BadInputError, ConflictError, NotFoundError
from secunda.launch_request import Request
from secunda.recipients import resolve
from secunda.reviews.asked import Code, ReviewRequest
from secunda.reviews.finding import own_review
from secunda.reviews.launching import AlreadyAskedError, NotMandatedError, launch_review
from secunda.reviews.listing import ReviewFilter, list_reviews
from secunda.reviews.pinning import pinned_payer
from secunda.reviews.standing import ReviewStanding, standing_of
from secunda.reviews.withdrawing import withdraw_review
from secunda.settings import settings
from tests.factories import NOW
from tests.integration.surroundings import bundle, employ
from tests.integration.walk import DISSENTS, Walk
from tests.integration.walking import Walker

CPT = "http://www.ama-assn.org/go/cpt"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
HOUR = timedelta(hours=1)
PAYER = "example-health"


def asked(code: str = "27447", **values: Any) -> ReviewRequest:
    given: dict[str, Any] = {
        "payer": PAYER,
        "payer_reference": "EX-1",
        "source": ReviewSource.REST,
        "bundle": bundle("M17.1"),
        "procedure": Code(CPT, code),
        "diagnoses": (Code(ICD, "M17.1"),),
        "planned_on": NOW.date() + timedelta(days=60),
        "launch": Request(language="en"),
    }
    return ReviewRequest(**{**given, **values})


def launched(walker: Walker, **values: Any) -> Walk:
    walk = Walk(walker, launch_review(asked(**values), "client:test").reference)
    walker.settle(walk.reference)
    return walk


@pytest.fixture
def reviewed(walker: Walker) -> Walk:
    """A knee replacement of the example payer, with experts who may read it."""
    employ(Specialty.ORTHOPEDICS)
    return launched(walker)


def seen(walk: Walk, payer: str = PAYER) -> ReviewStanding:
    with transaction() as session:
        review, case = own_review(session, payer, walk.reference)
        return standing_of(CaseContext(session, case, clock.now()), review)


def row(session: Session, walk: Walk) -> Review:
    query = select(Review).join(Case, col(Case.id) == col(Review.case_id))
    return session.exec(query.where(Case.reference == walk.reference)).one()


def test_a_review_is_launched_with_its_case_its_rule_and_its_clock(reviewed: Walk) -> None:
    stands = seen(reviewed)
    assert (stands.stage, stands.specialty, stands.certification) == (
        CaseStatus.AWAITING_CONSENT,
        Specialty.ORTHOPEDICS,
        Certification.PENDED,
    )
    assert (stands.mandate["key"], stands.mandate["mandated"]) == ("joint_replacement", True)
    assert stands.clock is not None
    assert (stands.clock.key, stands.clock.due_at) == ("promised", NOW + timedelta(days=4))
    assert stands.time_left == timedelta(days=4)
    assert reviewed.case.jurisdiction == "us-cms"
    assert [line.kind for line in stands.history][:2] == ["launched", "review_requested"]
    assert "client" in {line.by for line in stands.history}


def test_the_payers_reference_opens_one_review(reviewed: Walk) -> None:
    with pytest.raises(AlreadyAskedError) as caught:
        launch_review(asked(), "client:test")
    assert caught.value.reference == reviewed.reference
    with transaction() as session:
        assert len(session.exec(select(Case.id)).all()) == 1


def test_asked_for_at_the_same_moment_it_is_still_one_review(walker: Walker) -> None:
    answers: list[str] = []

    def ask() -> None:
        try:
            answers.append(launch_review(asked(), "client:test").reference)
        except ConflictError as known:
            answers.append(known.code)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with transaction() as session:
        (reference,) = session.exec(select(Case.reference)).all()
        assert len(session.exec(select(Review.id)).all()) == 1
    assert answers.count(reference) == 1
    assert set(answers) <= {reference, "already_asked", "conflict"}


def test_what_is_not_mandated_is_refused_and_leaves_nothing_behind(walker: Walker) -> None:
    with pytest.raises(NotMandatedError) as caught:
        launch_review(asked("29827"), "client:test")
    assert caught.value.answer.why_not is WhyNot.NOT_LISTED
    assert "CPT 29827 is on none of the lists" in caught.value.message
    with pytest.raises(BadInputError, match="no code"):
        launch_review(asked("", payer_reference="EX-2"), "client:test")
    with transaction() as session:
        assert session.exec(select(Case.id)).all() == []


def test_a_payer_without_a_file_asks_by_the_default_lists(walker: Walker) -> None:
    employ(Specialty.ORTHOPEDICS)
    walk = launched(walker, payer="no-file", procedure=Code(CPT, "29827"))
    stands = seen(walk, "no-file")
    assert (stands.mandate["source"], stands.clock and stands.clock.key) == ("pathway", "standard")
    walk.goes_to_its_end()
    stands = seen(walk, "no-file")
    assert (stands.certification, stands.ground) == (Certification.PENDED_TO_MEDICAL_DIRECTOR, Ground.NO_RULE)


def test_another_payers_review_is_like_none(reviewed: Walk) -> None:
    with transaction() as session:
        with pytest.raises(NotFoundError) as foreign:
            own_review(session, "other-health", reviewed.reference)
        with pytest.raises(NotFoundError) as unknown:
            own_review(session, "other-health", "SO-XXXX-XXXX")
        assert str(foreign.value) == str(unknown.value)
        assert list_reviews(session, "other-health", NOW).items == ()
    with pytest.raises(NotFoundError):
        withdraw_review("other-health", reviewed.reference, "client:other", "not mine")


def test_a_payer_changes_nothing_of_another_payers_patient(reviewed: Walk) -> None:
    theirs = bundle("M17.1", telecom=[{"system": "email", "value": "elsewhere@example.org"}])
    other = launch_review(asked(payer="other-health", bundle=theirs), "client:other").reference
    with transaction() as session:
        emails = {
            case.reference: patient.email
            for case, patient in session.exec(select(Case, Patient).join(Patient, col(Patient.id) == Case.patient_id))
        }
    assert emails == {reviewed.reference: "nuria@example.org", other: "elsewhere@example.org"}


def test_agreement_certifies_a_knee_and_the_payer_is_answered(reviewed: Walk) -> None:
    reviewed.goes_to_its_end()
    stands = seen(reviewed)
    assert (stands.stage, stands.outcome) == (CaseStatus.CLOSED, Outcome.DELIVERED)
    assert (stands.certification, stands.ground, stands.reports) == (
        Certification.CERTIFIED,
        Ground.AGREEMENT_CERTIFIES,
        1,
    )
    assert stands.clock is not None
    assert not stands.clock.is_breached
    assert stands.clock.answered_at is not None
    (message,) = reviewed.said("review_answered")
    assert (message.recipient, message.parameters, message.status.value) == (
        "payer_medical_director",
        {"answer": "certified"},
        "queued",
    )
    assert len(reviewed.events("review_answered")) == 1


def test_dissent_is_pended_to_the_medical_director_with_the_reason(reviewed: Walk) -> None:
    reviewed.goes_to_the_readers()
    first, *others = sorted(reviewed.panel)
    reviewed.signs(first, **DISSENTS)
    reviewed.signs(*others)
    reviewed.goes_to_its_end()
    stands = seen(reviewed)
    assert stands.certification is Certification.PENDED_TO_MEDICAL_DIRECTOR
    assert stands.ground in (Ground.DISSENT, Ground.NOT_SUPPORTED, Ground.TREATMENT_DIFFERS)
    assert stands.reason is not None
    assert "medical director" in stands.reason.en


def test_a_clarified_treatment_is_no_agreement_for_this_payer(reviewed: Walk) -> None:
    reviewed.goes_to_the_readers()
    reviewed.signs(treatment=Concordance.CLARIFIED)
    reviewed.goes_to_its_end()
    assert seen(reviewed).ground is Ground.TREATMENT_DIFFERS


def test_the_run_wakes_at_each_share_of_the_clock_and_tells_more_each_time(reviewed: Walk) -> None:
    reviewed.goes_to_the_readers()  # nobody signs
    told: dict[int, set[str]] = {}
    reviewed.walker.pass_time(to=NOW + timedelta(hours=47))
    assert reviewed.said("determination_escalation") == []
    reviewed.walker.pass_time(to=NOW + timedelta(days=5))
    for message in reviewed.said("determination_escalation"):
        told.setdefault(message.parameters["share"], set()).add(message.recipient)
        share = timedelta(days=4) * message.parameters["share"] / 100
        assert message.created_at == NOW + share, "it was told when its time came, not when somebody looked"
    assert told == {
        50: {"coordinator"},
        80: {"coordinator", "payer"},
        100: {"coordinator", "medical_director", "payer"},
    }
    assert [event.data["share"] for event in reviewed.events("determination_escalated")] == [50, 80, 100]
    stands = seen(reviewed)
    assert stands.clock is not None
    assert (stands.clock.is_breached, stands.time_left) == (True, -timedelta(days=1))


def test_the_payers_contact_is_written_to_in_its_language_and_at_its_address(reviewed: Walk) -> None:
    with transaction() as session:
        case = session.exec(select(Case)).one()
        to = resolve(session, case, "payer")
        assert (to.addresses, to.language.value) == ({"email": "desk@example-health.invalid"}, "en")
        assert resolve(session, case, "payer_medical_director").addresses["email"].startswith("director@")


def test_what_the_payers_side_is_sent_names_the_case_and_nobody(reviewed: Walk) -> None:
    reviewed.walker.settles = True
    reviewed.goes_to_the_readers()
    reviewed.walker.pass_time(to=NOW + timedelta(hours=90))
    sent = [path.read_text(encoding="utf-8") for path in settings().outbox_folder.rglob("*") if path.is_file()]
    to_payer = [one for one in sent if "desk@example-health.invalid" in one]
    assert len(to_payer) == 1
    assert "80 % of the time for the answer to the payer has passed" in to_payer[0]
    assert reviewed.reference in to_payer[0]
    assert "Marcador" not in to_payer[0]
    assert "/d/" not in to_payer[0], "no link into the case"


def test_a_mistake_in_a_payers_file_does_not_stop_its_reviews(
    reviewed: Walk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "example-health.yaml").write_text("payer: example-health\njurisdiction: nowhere\n", encoding="utf-8")
    monkeypatch.setenv("SECUNDA_PAYER_FOLDER", str(tmp_path))
    settings.cache_clear()
    with pytest.raises(PathwayFileError, match=r"example-health\.yaml:1:1"):
        launch_review(asked(payer_reference="EX-2"), "client:test")
    reviewed.consents()
    stands = seen(reviewed)
    assert stands.clock is not None
    assert (stands.stage, stands.clock.key) == (CaseStatus.AWAITING_DOCUMENTS, "promised")


def test_a_worker_that_slept_tells_once(reviewed: Walk) -> None:
    reviewed.goes_to_the_readers()
    reviewed.walker.time.at = NOW + timedelta(days=5)
    reviewed.walker.settle(reviewed.reference)
    assert {one.parameters["share"] for one in reviewed.said("determination_escalation")} == {100}
    assert {one.recipient for one in reviewed.said("determination_escalation")} == {
        "coordinator",
        "medical_director",
        "payer",
    }
    skipped = [event.data for event in reviewed.events("chased") if event.data["subject"].startswith("determination")]
    assert [(one["rung"], one["action"]) for one in skipped] == [(1, "skipped"), (2, "skipped"), (3, "escalate")]
    reviewed.walker.execute(reviewed.reference)
    assert len(reviewed.said("determination_escalation")) == 3


def test_stopped_time_moves_the_clock_and_every_step(reviewed: Walk) -> None:
    reviewed.goes_to_the_readers()
    reviewed.walker.pass_time(to=NOW + 24 * HOUR)
    clocks.stop_clocks(reviewed.reference, StopReason.WAITING_FOR_PATIENT, "coordinator", "the patient travels")
    reviewed.walker.settle(reviewed.reference)
    reviewed.walker.pass_time(hours=12)
    stands = seen(reviewed)
    assert stands.clock is not None
    assert (stands.clock.key, stands.clock.stopped_since) == ("standard", None), "the law's clock does not stop"
    with transaction() as session:
        assert row(session, reviewed).clock["rule"] == "standard"
    reviewed.does(clocks.start_clocks, reviewed.reference, StopReason.WAITING_FOR_PATIENT, "coordinator")
    stands = seen(reviewed)
    assert stands.clock is not None
    due_at = NOW + timedelta(days=4, hours=12)
    assert (stands.clock.key, stands.clock.stopped_for, stands.clock.due_at) == ("promised", 12 * HOUR, due_at)
    reviewed.walker.pass_time(to=due_at)
    told = [
        (one.parameters["share"], one.created_at) for one in reviewed.said("determination_escalation", "coordinator")
    ]
    assert told == [(50, NOW + 60 * HOUR), (80, NOW + 12 * HOUR + 4 * 0.8 * timedelta(days=1)), (100, due_at)]


def test_an_edited_payers_file_is_for_the_reviews_that_come_after(
    reviewed: Walk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clock, escalations and what agreement means stay as they were when the review was asked for."""
    written = (payer_files.FOLDER / f"{PAYER}.yaml").read_text(encoding="utf-8")
    edited = written.replace("duration: 4 working days", "duration: 1 day").replace("at: 50 %", "at: 10 %")
    edited = edited.replace("agreement_certifies: true", "agreement_certifies: false")
    (tmp_path / f"{PAYER}.yaml").write_text(edited, encoding="utf-8")
    before = seen(reviewed)
    monkeypatch.setenv("SECUNDA_PAYER_FOLDER", str(tmp_path))
    settings.cache_clear()
    assert (seen(reviewed).clock, seen(reviewed).etag) == (before.clock, before.etag)
    later = launched(reviewed.walker, payer_reference="EX-2")
    clocks = [seen(one).clock for one in (reviewed, later)]
    assert [str(one.duration) for one in clocks if one] == ["4 working days", "1 day"]
    assert [len(one.rungs) and one.rungs[0].at < NOW + timedelta(hours=3) for one in clocks if one] == [False, True]
    with transaction() as session:
        rules = [pinned_payer(session, own_review(session, PAYER, one.reference)[0]) for one in (reviewed, later)]
    assert [rule.certification.agreement_certifies for rule in rules if rule] == [True, False]


def test_the_report_is_due_when_the_payers_clock_runs_out(reviewed: Walk) -> None:
    reviewed.goes_to_the_panel()
    assert reviewed.case.report_due_at == NOW + timedelta(days=4)
    assert reviewed.case.triage["clock"]["binding"] == "promised"


def test_an_urgent_review_has_the_shorter_clock(reviewed: Walk) -> None:
    reviewed.goes_to_the_readers()
    reviewed.overrides(Urgency.P1)
    stands = seen(reviewed)
    assert stands.clock is not None
    assert (stands.clock.key, stands.clock.due_at) == ("expedited", NOW + 72 * HOUR)
    reviewed.walker.pass_time(to=NOW + 72 * HOUR)
    assert {one.parameters["share"] for one in reviewed.said("determination_escalation")} == {50, 80, 100}


def test_a_withdrawn_review_is_cancelled_and_its_payer_not_chased(reviewed: Walk) -> None:
    withdraw_review(PAYER, reviewed.reference, "client:test", "the surgery was cancelled")
    withdraw_review(PAYER, reviewed.reference, "client:test", "the surgery was cancelled")
    reviewed.walker.pass_time(days=9)
    stands = seen(reviewed)
    assert (stands.outcome, stands.certification) == (Outcome.WITHDRAWN, Certification.CANCELLED)
    assert reviewed.said("review_answered") == []
    assert reviewed.said("determination_escalation") == []


def test_an_emergency_is_pended_and_never_certified(reviewed: Walk) -> None:
    reviewed.flags("septic_joint")
    stands = seen(reviewed)
    assert (stands.outcome, stands.certification, stands.ground) == (
        Outcome.EMERGENCY_REDIRECT,
        Certification.PENDED_TO_MEDICAL_DIRECTOR,
        Ground.NO_REPORT,
    )


def test_the_etag_changes_with_what_happens_and_not_with_time(reviewed: Walk) -> None:
    before = seen(reviewed).etag
    reviewed.walker.pass_time(minutes=20)
    assert seen(reviewed).etag == before
    reviewed.consents()
    assert seen(reviewed).etag != before


def test_reviews_are_listed_a_page_at_a_time(walker: Walker) -> None:
    employ(Specialty.ORTHOPEDICS)
    made = []
    for number in range(5):
        made.append(launched(walker, payer_reference=f"EX-{number}"))
        walker.pass_time(minutes=1)
    withdraw_review(PAYER, made[0].reference, "client:test", "no longer planned")
    found, after = [], None
    with transaction() as session:
        while True:
            page = list_reviews(session, PAYER, clock.now(), after=after, limit=2)
            found += [one.payer_reference for one in page.items]
            after = page.after
            if after is None:
                break
        opened = list_reviews(session, PAYER, clock.now(), ReviewFilter(open_only=True)).items
        (one,) = list_reviews(session, PAYER, clock.now(), ReviewFilter(payer_reference="EX-3")).items
        with pytest.raises(BadInputError):
            list_reviews(session, PAYER, clock.now(), limit=0)
    assert found == ["EX-4", "EX-3", "EX-2", "EX-1", "EX-0"]
    assert len(opened) == 4
    assert one.time_left == one.due_at - clock.now() if one.due_at else False


def test_the_log_accounts_for_all_of_it(reviewed: Walk) -> None:
    reviewed.walker.pass_time(days=5)
    reviewed.goes_to_its_end()
    with transaction() as session:
        case = session.exec(select(Case)).one()
        assert events.verify(session, case) is None
        assert standing.differences(session, case) == []
        texts = " ".join(str(message.parameters) for message in session.exec(select(Message)))
    assert "Marcador" not in texts


def test_an_amended_report_is_answered_anew(reviewed: Walk) -> None:
    reviewed.goes_to_its_end()
    assert seen(reviewed).certification is Certification.CERTIFIED
    answered_at = seen(reviewed).clock
    role = min(reviewed.panel)
    reviewed.does(amendment.amend, reviewed.reference, "coordinator", "a series was missing", [reviewed.panel[role].id])
    assert (seen(reviewed).certification, seen(reviewed).reason) == (Certification.PENDED, None)
    reviewed.signs(role, **DISSENTS)
    reviewed.goes_to_its_end()
    stands = seen(reviewed)
    assert (stands.certification, stands.reports) == (Certification.PENDED_TO_MEDICAL_DIRECTOR, 2)
    assert [one.parameters["answer"] for one in reviewed.said("review_answered")] == [
        "certified",
        "pended_to_medical_director",
    ]
    assert stands.clock is not None
    assert answered_at is not None
    assert stands.clock.answered_at == answered_at.answered_at, "the payer had its answer in time"
    with transaction() as session:
        assert standing.differences(session, session.exec(select(Case)).one()) == []
