"""What there is to do is counted from indexes; it is what one look at every open case finds."""

from datetime import timedelta

from sqlmodel import Session, select

from models import Case
from models.status import CaseStatus, HoldCause
from pathways.vocabulary import Specialty
from secunda import clock, lease
from secunda.db import transaction
from secunda.operating import backlog, workers
from tests.integration.surroundings import launch_case
from tests.integration.web.test_ops_pages import case_of


def a_case(number: int, specialty: Specialty = Specialty.CARDIOLOGY) -> str:
    """One that waits for consent until tomorrow, and that nothing happened to."""
    reference = launch_case(specialty=specialty, requester=f"Hospital {number}")
    with transaction() as session:
        case = case_of(session, reference)
        case.status, case.wake_requested_at = CaseStatus.AWAITING_CONSENT, None
        case.next_deadline_at = clock.now() + timedelta(days=1)
    return reference


def found(session: Session) -> dict[tuple[Specialty, CaseStatus], dict[str, int]]:
    names = ("cases", "marked", "executing", "overdue", "failing", "stopped")
    return {
        (one.specialty, one.stage): {name: getattr(one, name) for name in names if getattr(one, name)}
        for one in backlog.tallies(session, clock.now())
    }


def test_each_figure_counts_its_own_cases(store: str) -> None:
    calm, marked, held, late, late_but_held, failing, stopped = (a_case(number) for number in range(7))
    other = a_case(7, Specialty.NEUROLOGY)
    with transaction() as session:
        case_of(session, marked).wake_requested_at = clock.wall() - timedelta(minutes=3)
        for reference in (late, late_but_held):
            case_of(session, reference).next_deadline_at = clock.now() - timedelta(hours=2)
        case_of(session, failing).failures = 2
        broken = case_of(session, stopped)
        broken.status, broken.hold_cause, broken.failures = CaseStatus.ON_HOLD, HoldCause.RUN_FAILED, 3
    with transaction() as session:
        for reference in (held, late_but_held):
            lease.acquire(session, reference, "worker:machine-1", 600)
        taken = lease.acquire(session, other, "worker:machine-2", 600)
        assert taken is not None
        lease.release(session, taken)
    with transaction() as session:
        assert found(session) == {
            (Specialty.CARDIOLOGY, CaseStatus.AWAITING_CONSENT): {
                "cases": 6, "marked": 1, "executing": 2, "overdue": 1, "failing": 1,
            },
            (Specialty.CARDIOLOGY, CaseStatus.ON_HOLD): {"cases": 1, "stopped": 1},
            (Specialty.NEUROLOGY, CaseStatus.AWAITING_CONSENT): {"cases": 1},
        }  # fmt: skip
        assert workers.holders(session) == {"machine-1": sorted((held, late_but_held))}
        total = backlog.backlog(backlog.tallies(session, clock.now()), clock.now(), clock.wall())
    assert (total.cases, total.lag) >= (8, timedelta(minutes=3))
    assert calm


def test_a_closed_case_is_nothing_to_do_and_a_question_leaves_the_planner_as_it_was(store: str) -> None:
    reference = a_case(0)
    with transaction() as session:
        case = case_of(session, reference)
        case.status, case.failures = CaseStatus.CLOSED, 1
    with transaction() as session:
        assert found(session) == {}
        assert session.connection().exec_driver_sql("show enable_seqscan").scalar_one() == "on"
        assert session.exec(select(Case.reference)).one() == reference
