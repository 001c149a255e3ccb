"""The overview: what it counts, and that it says so."""

from datetime import timedelta

from models.user_status import Role
from pathways.vocabulary import Specialty
from secunda.db import transaction
from secunda.views.figures import figures
from tests.integration.conftest import Launch
from tests.integration.web.browsing import signed_in


def test_open_cases_are_counted_by_stage_and_specialty_and_delivered_ones_against_their_target(
    launched: Launch,
) -> None:
    done = launched(Specialty.CARDIOLOGY)
    done.goes_to_its_end()
    for number, specialty in enumerate((Specialty.CARDIOLOGY, Specialty.RADIOLOGY, Specialty.RADIOLOGY)):
        launched(specialty, requester=f"Hospital {number}")
    done.walker.pass_time(hours=1)
    with transaction() as session:
        found = figures(session, done.walker.time.at)
        none = figures(session, done.walker.time.at, timedelta(0))
    assert [(one.name, one.count) for one in found.stages] == [("awaiting_consent", 3)]
    assert [(one.name, one.count) for one in found.specialties] == [("radiology", 2), ("cardiology", 1)]
    assert (found.open_cases, found.launched, found.overdue) == (3, 4, 0)
    assert (found.overall.specialty, found.overall.delivered, found.overall.on_time) == (None, 1, 1.0)
    assert [(one.specialty, one.delivered) for one in found.turnaround] == [(Specialty.CARDIOLOGY, 1)]
    assert (none.overall.delivered, none.overall.median_days, none.turnaround) == (0, None, ())
    page = signed_in(Role.MEDICAL_DIRECTOR, "eva@example.org").open("/overview")
    assert page.status_code == 200 and "100" in page.text
