"""Visits by link are kept for thirty days after their end, and no longer; a link that was used never opens again."""

from datetime import timedelta

from sqlmodel import select

from models import LinkVisit
from secunda import clock, forgetting
from secunda.db import transaction
from secunda.links import VALID_FOR
from tests.integration.conftest import Launch
from tests.integration.web.visiting import as_patient


def forgotten(days: float) -> int:
    """How many visits are removed that many days from now."""
    with transaction() as session:
        return forgetting.forget(session, clock.wall() + timedelta(days=days))["link_visit"]


def test_a_visit_is_forgotten_thirty_days_after_its_end(launched: Launch) -> None:
    as_patient(launched())
    with transaction() as session:
        visit = session.exec(select(LinkVisit)).one()
        ends = (visit.expires_at - clock.wall()) / timedelta(days=1)
    assert forgotten(ends + 29.9) == 0
    assert forgotten(ends + 30.1) == 1
    assert forgotten(ends + 30.1) == 0


def test_a_visit_that_was_ended_counts_from_then(launched: Launch) -> None:
    as_patient(launched())
    with transaction() as session:
        session.exec(select(LinkVisit)).one().revoked_at = clock.wall() - timedelta(days=2)
    assert forgotten(27.9) == 0
    assert forgotten(28.1) == 1


def test_as_long_as_a_link_is_valid_it_is_known_that_it_was_used() -> None:
    assert forgetting.VISITS_KEPT >= VALID_FOR
