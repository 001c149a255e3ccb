"""Who is asked, who takes over, who is never asked again, and what becomes of it when nobody can be asked."""

import csv
import random
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from models import Assignment, Candidate, Case, Expert
from models.status import OPEN_ASSIGNMENT, AssignmentStatus, CaseStatus, Outcome
from pathways.exclusions import Reason
from pathways.vocabulary import Specialty
from secunda import cases
from secunda.actions import assignment
from secunda.actions.experts import import_experts
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.errors import BadInputError, ConflictError
from secunda.matching_request import profiles
from secunda.panel import fill_empty_seats, panel_of
from tests.conftest import CHECKOUT
from tests.integration.conftest import Launch
from tests.integration.surroundings import an_expert_of, employ
from tests.integration.walk import Walk

CARDIOLOGIST, SURGEON = "clinical_cardiologist", "cardiac_surgeon"
HEART = Specialty.CARDIOLOGY


def candidates(walk: Walk, role: str, search: int = 1) -> dict[str, Candidate]:
    with transaction() as session:
        codes = {expert.id: expert.code for expert in session.exec(select(Expert))}
    found = [one for one in walk.rows(Candidate) if (one.role, one.round) == (role, search)]
    return {codes[one.expert_id]: one for one in found}


def hire(*experts: Expert) -> None:
    with transaction() as session:
        session.add_all(experts)


def test_every_seat_goes_to_the_one_who_fits_best(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_panel()
    assert {role: walk.expert(role) for role in walk.panel} == {
        role: f"{role}-first" for role in (CARDIOLOGIST, SURGEON, "interventional_cardiologist")
    }
    found = candidates(walk, SURGEON)
    assert found[f"{SURGEON}-first"].chosen and not found[f"{SURGEON}-second"].chosen
    assert found[f"{SURGEON}-first"].score > found[f"{SURGEON}-second"].score
    assert found[f"{SURGEON}-first"].score == pytest.approx(sum(found[f"{SURGEON}-first"].score_parts.values()))
    assert [one["code"] for one in found[f"{CARDIOLOGIST}-first"].exclusions] == ["subspecialty"]


def test_who_declines_is_replaced_by_the_next_best_and_never_asked_again(launched: Launch) -> None:
    walk = launched(manners=("first", "second", "third"))
    walk.goes_to_the_panel()
    walk.declines(SURGEON, "I know the family")
    assert walk.expert(SURGEON) == f"{SURGEON}-second"
    assert [event.data["reason"] for event in walk.events("assignment_ended")] == ["I know the family"]
    walk.declines(SURGEON)
    assert walk.expert(SURGEON) == f"{SURGEON}-third"
    again = candidates(walk, SURGEON, search=3)
    assert [one["code"] for one in again[f"{SURGEON}-first"].exclusions] == ["declined"]
    asked = [one.recipient for one in walk.said("offer") if SURGEON in one.recipient]
    assert len(asked) == len(set(asked)) == 3
    walk.declines(SURGEON)
    assert walk.status is CaseStatus.AWAITING_PANEL
    walk.walker.pass_time(days=3)
    assert SURGEON not in walk.panel


def test_a_decline_needs_a_reason(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_panel()
    with pytest.raises(BadInputError):
        walk.declines(SURGEON, "")
    assert walk.panel[SURGEON].status is AssignmentStatus.REQUESTED


def test_the_coordinator_takes_a_place_away(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_readers()
    ill = walk.expert(SURGEON)
    walk.loses_the_place(SURGEON)
    assert walk.expert(SURGEON) != ill
    assert [one.recipient for one in walk.said("offer_withdrawn")] == [f"expert:{ill}"]
    assert candidates(walk, SURGEON, 2)[ill].exclusions[0]["code"] == "replaced"


def test_a_seat_is_accepted_only_with_the_attestation(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_panel()
    with pytest.raises(BadInputError, match="conflict"):
        assignment.accept(walk.panel[SURGEON].id, "expert", no_conflict_attested=False)
    assert walk.panel[SURGEON].status is AssignmentStatus.REQUESTED


def test_who_lost_the_seat_cannot_answer_any_more(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_panel()
    lost = walk.panel[SURGEON].id
    walk.declines(SURGEON)
    for act in (
        lambda: assignment.accept(lost, "expert", no_conflict_attested=True),
        lambda: assignment.decline(lost, "expert", "again"),
        lambda: assignment.replace(lost, "coordinator", "again"),
    ):
        with pytest.raises(ConflictError, match="not yours"):
            act()


def test_every_reason_of_exclusion_is_kept_with_its_candidate(launched: Launch) -> None:
    """One expert for each reason; who declines, is replaced or sits already is added on the way."""
    walk = launched(
        jurisdiction="de-27b",
        first_institution="Clínica Primera",
        operating_site="Hospital Operador",
        payer="seguros",
        requester="Hospital de Origen",
    )
    with transaction() as session:
        case = cases.lock_by_reference(session, walk.reference)
        case.treating_practitioners = ["Dra. Treating Person"]
        session.add(case)
    plain = {"subspecialties": ["cardiac_surgery"]}
    unfit = {
        "inactive": {"active": False},
        "first_institution": {"institution": "Clínica Primera, S.A."},
        "operating_site": {"institution": "HOSPITAL OPERADOR"},
        "treated_patient": {"name": "Treating Person"},
        "financial_interest": {"financial_interests": ["seguros"]},
        "licence_missing": {"licences": [{"country": "ES"}]},
        "licence_lapsed": {"licences": [{"country": "DE", "valid_until": "2026-03-03"}]},
        "subspecialty": {"subspecialties": ["dermatology"]},
        "language": {"languages": ["de"]},
        "at_capacity": {"capacity": 0},
        "on_leave": {"leave": [{"from": "2026-03-01", "to": "2026-03-31"}]},
        "experience": {"practising_since": "2024-01-01"},
    }
    hire(*(an_expert_of(HEART, SURGEON, reason, **plain | values) for reason, values in unfit.items()))
    walk.goes_to_the_panel()
    walk.declines(SURGEON)
    walk.loses_the_place(CARDIOLOGIST)

    found = candidates(walk, SURGEON)
    for reason in unfit:
        one = found[f"{SURGEON}-{reason}"[:40]]
        assert one.score is None
        assert [exclusion["code"] for exclusion in one.exclusions] == [reason]
        assert all(one.exclusions[0]["text"][language] for language in ("en", "es"))
    later = [exclusion["code"] for row in walk.rows(Candidate) for exclusion in row.exclusions]
    assert {str(reason) for reason in Reason} == set(later)


def test_nobody_available_waits_tells_the_coordinator_once_and_goes_on_when_somebody_is_listed(
    launched: Launch, tmp_path: Path
) -> None:
    walk = launched(manners=())
    walk.goes_to_the_panel()
    assert walk.status is CaseStatus.AWAITING_PANEL
    walk.walker.pass_time(hours=23)
    told = walk.said("no_expert_available")
    assert [(one.recipient, one.parameters["role"]) for one in told] == [
        ("coordinator", role) for role in sorted((CARDIOLOGIST, SURGEON, "interventional_cardiologist"))
    ]
    assert len(walk.events("no_expert")) == 3
    walk.walker.pass_time(days=5)
    assert len(walk.said("no_expert_available", to="coordinator")) == 3
    assert len(walk.said("no_expert_available", to="medical_director")) == 3  # it has lasted

    walk.does(import_experts, CHECKOUT / "examples" / "experts.csv")
    assert walk.status is CaseStatus.AWAITING_ACCEPTANCE
    assert len(walk.panel) == 3
    walk.goes_to_its_end()
    assert walk.case.outcome is Outcome.DELIVERED


def test_a_vacancy_after_an_answer_is_told_at_once(launched: Launch) -> None:
    walk = launched(manners=("first",))
    walk.goes_to_the_panel()
    walk.declines(SURGEON)
    assert [one.parameters["role"] for one in walk.said("no_expert_available")] == [SURGEON]


def test_a_decline_is_answered_at_once_although_another_place_is_empty(launched: Launch) -> None:
    walk = launched()
    hire(an_expert_of(HEART, SURGEON, "third"))
    with transaction() as session:
        for expert in session.exec(select(Expert).where(col(Expert.code).startswith(CARDIOLOGIST))):
            expert.active = False
    walk.goes_to_the_panel()
    assert walk.status is CaseStatus.AWAITING_PANEL
    walk.declines(SURGEON)
    assert walk.expert(SURGEON) == f"{SURGEON}-second"


def test_a_directory_with_a_fault_changes_nothing(launched: Launch, tmp_path: Path) -> None:
    walk = launched()
    rows = list(csv.reader((CHECKOUT / "examples" / "experts.csv").open()))
    rows[5][11] = "many"
    faulty = tmp_path / "experts.csv"
    with faulty.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    with pytest.raises(BadInputError, match=r"experts\.csv:6"):
        walk.does(import_experts, faulty)
    with transaction() as session:
        assert session.exec(select(func.count()).select_from(Expert)).one() == 10


def test_cases_that_search_at_once_never_exceed_anybodys_capacity(launched: Launch) -> None:
    """Four cases, three free hours of the only surgeon: three get her, in parallel, and one waits."""
    walks = [launched(manners=()) for _ in range(4)]
    for walk in walks:
        walk.goes_to_the_panel()
    employ(HEART, ("first",))
    with transaction() as session:
        session.exec(select(Expert).where(Expert.code == f"{SURGEON}-first")).one().capacity = 3
    together, failed = threading.Barrier(len(walks)), list[BaseException]()

    def search(walk: Walk) -> None:
        try:
            with transaction() as session:
                context = CaseContext(session, cases.lock_by_reference(session, walk.reference), walk.walker.time.at)
                together.wait(10)
                fill_empty_seats(context)
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            failed.append(error)

    threads = [threading.Thread(target=search, args=(walk,)) for walk in walks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    with transaction() as session:
        loads = session.exec(
            select(Expert.code, func.count(), Expert.capacity)
            .join(Assignment, col(Assignment.expert_id) == Expert.id)
            .where(col(Assignment.status).in_(OPEN_ASSIGNMENT))
            .group_by(Expert.code, col(Expert.capacity))
        ).all()
    assert {code: load for code, load, capacity in loads if load > capacity} == {}
    assert sum(SURGEON in walk.panel for walk in walks) == 3
    assert sum(len(walk.panel) for walk in walks) == 11


def test_a_free_hour_goes_to_the_next_case(launched: Launch) -> None:
    first, second = launched(manners=("first",)), None
    with transaction() as session:
        session.exec(select(Expert).where(Expert.code == f"{SURGEON}-first")).one().capacity = 1
    first.goes_to_the_readers()
    second = launched()
    second.goes_to_the_panel()
    assert SURGEON not in second.panel
    first.signs()
    first.walker.pass_time(hours=5)
    assert second.expert(SURGEON) == f"{SURGEON}-first"


def test_who_holds_a_place_keeps_it_when_a_later_paper_calls_for_another_role(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_readers()
    walk.sends("stress_test", loinc="58744-4")  # a cardiac CT: an imaging expert joins
    assert "cardiac_imager" in walk.panel
    assert len(walk.panel) == 4
    walk.goes_to_its_end()
    assert len([one for one in walk.opinions if one.status == "final"]) == 4


def test_a_reader_whose_region_was_guessed_wrong_is_not_forgotten(launched: Launch) -> None:
    walk = launched(Specialty.RADIOLOGY)
    walk.goes_to_the_panel()
    guessed = "body_radiologist"
    walk.accepts(guessed)
    walk.flags("region_head_and_neck")
    assert {guessed, "head_and_neck_radiologist"} <= set(walk.panel)
    walk.withdraws()
    assert walk.panel == {}


def test_experience_of_the_past_counts(launched: Launch) -> None:
    """Who was late before is asked after who was not, other things being equal."""
    walk = launched(manners=())
    hire(*(an_expert_of(HEART, SURGEON, manner, quality=0.5) for manner in ("punctual", "tardy")))
    past = launched()
    with transaction() as session:
        for code, reason in (("punctual", "fell ill"), ("tardy", "late: no opinion in time")):
            expert = session.exec(select(Expert).where(Expert.code == f"{SURGEON}-{code}")).one()
            row = Assignment(
                case_id=past.case.id,
                role=SURGEON,
                expert_id=expert.id,
                status=AssignmentStatus.CANCELLED,
                end_reason=reason,
                offered_at=walk.walker.time.at - timedelta(days=90),
                accept_by=walk.walker.time.at - timedelta(days=89),
            )
            session.add(row)
    walk.goes_to_the_panel()
    assert walk.expert(SURGEON) == f"{SURGEON}-punctual"


def test_a_search_finds_what_counting_every_place_there_ever_was_finds(launched: Launch) -> None:
    walk = launched(Specialty.CARDIOLOGY)
    dice = random.Random(7)
    kinds = [(status, "") for status in AssignmentStatus]
    kinds += [(AssignmentStatus.CANCELLED, "late: no answer"), (AssignmentStatus.REJECTED, "late: declined")]
    with transaction() as session:
        seats = panel_of(CaseContext(session, walk.case, walk.walker.time.at)).seats
        directory = list(session.exec(select(Expert).order_by(col(Expert.code))))
        for number in range(200):
            status, reason = dice.choice(kinds)
            session.add(
                Assignment(
                    case_id=walk.case.id,
                    role="reader",
                    seat=number,
                    expert_id=dice.choice(directory[1:]).id,
                    status=status,
                    end_reason=reason,
                    offered_at=walk.case.launched_at,
                    accept_by=walk.case.launched_at,
                )
            )
        session.flush()
        every = list(session.exec(select(Assignment)))
        found = {one.code: one for one in profiles(session, directory, seats)}
    assert len(found) == len(directory)
    asked = {subspecialty for seat in seats for subspecialty in seat.subspecialties}
    for expert in directory:
        own = [one for one in every if one.expert_id == expert.id]
        counted = [one for one in own if one.status is not AssignmentStatus.REJECTED]
        late = [one for one in counted if one.end_reason.startswith("late:")]
        assert found[expert.code].load == sum(one.status in OPEN_ASSIGNMENT for one in own)
        if asked.intersection(expert.subspecialties):
            expected = 1 - len(late) / len(counted) if counted else None
            assert found[expert.code].on_time == (None if expected is None else pytest.approx(expected))
        else:  # excluded, whatever their history
            assert found[expert.code].on_time is None


def test_a_case_belongs_to_one_search_only(launched: Launch) -> None:
    """Waking a case that waits for nothing new neither offers nor remembers again."""
    walk = launched()
    walk.goes_to_the_panel()
    before = (len(walk.rows(Candidate)), len(walk.rows(Assignment)), len(walk.said()))
    for _ in range(3):
        walk.walker.execute(walk.reference)
    assert (len(walk.rows(Candidate)), len(walk.rows(Assignment)), len(walk.said())) == before
    assert isinstance(walk.case, Case)
