"""Looking at cases and acting on them from the command line."""

import json
from pathlib import Path

import pytest
from sqlmodel import select

from models import Case
from secunda.db import transaction
from tests.integration.cli.conftest import Run, bundle


def _case(reference: str) -> Case:
    with transaction() as session:
        return session.exec(select(Case).where(Case.reference == reference)).one()


def test_a_case_is_launched_with_everything_that_was_said(secunda: Run) -> None:
    done = secunda(
        *("case", "launch", bundle("cardiology"), "--pathway", "cardiology"),
        *("--question", "Is surgery needed?", "--question", "Which one?", "--patient-question", "What if I wait?"),
        *("--flag", "procedure_planned", "--requester", "Insurer", "--requester-email", "cases@example.org"),
        *("--payer", "insurer", "--procedure", "33533", "--procedure-on", "2099-01-31"),
        *("--treatment-starts-on", "2099-02-01", "--first-symptoms-on", "2020-05-01", "--language", "en"),
        *("--jurisdiction", "es-an", "--first-institution", "Hospital A", "--operating-site", "Hospital B"),
        *("--actor", "coordinator:ana", "--json"),
    )
    assert done.status == 0, done.err
    shown = secunda("case", "show", done.json["reference"], "--json").json
    assert [one["text"] for one in shown["questions"][:3]] == ["Is surgery needed?", "Which one?", "What if I wait?"]
    assert [one["asked_by"] for one in shown["questions"][:3]] == ["requester", "requester", "patient"]
    assert shown["planned_procedure"] == "33533"
    assert (shown["procedure_on"], shown["treatment_starts_on"]) == ("2099-01-31", "2099-02-01")
    assert (shown["jurisdiction"], shown["language"], shown["payer"]) == ("es-an", "en", "insurer")
    assert (shown["first_institution"], shown["operating_site"]) == ("Hospital A", "Hospital B")
    assert shown["flags"] == ["procedure_planned"]
    events = secunda("case", "history", done.json["reference"], "--json").json
    assert events[0]["actor"] == "coordinator:ana"


def test_a_bundle_may_come_from_standard_input_and_find_its_own_pathway(secunda: Run) -> None:
    done = secunda("case", "launch", "-", "--json", stdin=bundle("orthopedics").read_bytes())
    assert done.json["specialty"] == "orthopedics"


def test_a_reason_lets_a_case_enter_a_pathway_that_it_does_not_fit(secunda: Run) -> None:
    words = ("case", "launch", bundle("orthopedics"), "--pathway", "oncology", "--accept-ineligible", "board asked")
    assert secunda(*words).status == 0


def test_every_synthea_bundle_launches(secunda: Run, test_data: Path) -> None:
    for file in sorted((test_data / "synthea-r4").glob("*.json")):
        words = ("--pathway", "chronic_disease", "--accept-ineligible", "trial", "--json")
        done = secunda("case", "launch", file, *words)
        assert done.status == 0, (file.name, done.err)
        assert done.json["refused_documents"] == []


def test_the_actor_is_the_login_name_unless_another_is_named(secunda: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ana")
    reference = secunda("case", "launch", bundle("oncology"), "--json").json["reference"]
    assert secunda("case", "history", reference, "--json").json[0]["actor"] == "cli:ana"


def test_the_list_shows_open_cases_and_filters_them(secunda: Run, launched: str) -> None:
    other = secunda("case", "launch", bundle("oncology"), "--json").json["reference"]
    assert secunda("case", "withdraw", other, "--reason", "not wanted").status == 0

    def listed(*words: str) -> list[str]:
        return [one["reference"] for one in secunda("case", "list", *words, "--json").json]

    assert listed() == [launched]
    assert listed("--all") == [launched, other]
    assert listed("--all", "--pathway", "oncology") == [other]
    assert listed("--status", "closed") == [other]
    assert listed("--must-act", "secunda") == [launched]
    assert listed("--must-act", "coordinator") == []
    assert listed("--late") == []
    assert listed("--payer", "nobody") == []
    assert listed("--all", "--limit", "1") == [launched]
    text = secunda("case", "list", "--all").out
    assert launched in text
    assert "Closed: withdrawn" in text


def test_a_late_case_is_marked(secunda: Run, launched: str) -> None:
    with transaction() as session:
        case = session.exec(select(Case).where(Case.reference == launched)).one()
        case.report_due_at = case.launched_at.replace(year=2020)
        session.add(case)
    assert secunda("case", "list", "--late", "--json").json[0]["is_late"] is True
    assert "(late)" in secunda("case", "show", launched).out


def test_the_page_of_a_case_tells_where_it_stands(secunda: Run, assembled: str) -> None:
    page = secunda("case", "show", assembled).out
    for said in (
        "Draft pathway, not clinically approved.",
        "Awaiting acceptance",
        "experts",
        "P2 (urgent)",
        "A fusion or joint replacement is scheduled.",
        "Class P2",
        "binds",
        "not checked against the official text",
        "[x]  consent",
        "[ ]  physiotherapy",
        f"{assembled}/arthroplasty_surgeon",
        "reads blind first",
        "offer",
    ):
        assert said in page, said


def test_the_page_of_a_case_names_no_patient(secunda: Run, assembled: str) -> None:
    told = secunda("case", "show", assembled).out + secunda("case", "show", assembled, "--json").out
    told += secunda("case", "list").out + secunda("case", "history", assembled).out
    patient = next(
        entry["resource"]
        for entry in json.loads(bundle("orthopedics").read_text(encoding="utf-8"))["entry"]
        if entry["resource"]["resourceType"] == "Patient"
    )
    for private in (patient["name"][0]["family"], patient["birthDate"], patient["identifier"][0]["value"]):
        assert private not in told


def test_a_case_is_held_and_resumed(secunda: Run, launched: str) -> None:
    assert secunda("case", "hold", launched, "--reason", "the patient travels").status == 0
    held = secunda("case", "show", launched)
    assert "On hold" in held.out
    assert "the patient travels" in held.out
    assert secunda("case", "resume", launched.lower()).status == 0
    assert secunda("case", "show", launched, "--json").json["status"] == "requested"
    again = secunda("case", "resume", launched)
    assert (again.status, "is not on hold" in again.err) == (1, True)


def test_a_document_is_waived_or_limited_with_a_reason(secunda: Run, assembled: str) -> None:
    assert secunda("case", "waive", assembled, "injections", "--reason", "never had any").status == 0
    assert secunda("case", "limit", assembled, "physiotherapy", "--reason", "the practice closed").status == 0
    rows = {one["key"]: one for one in secunda("case", "show", assembled, "--json").json["checklist"]}
    assert (rows["injections"]["status"], rows["injections"]["reason"]) == ("waived", "never had any")
    assert rows["physiotherapy"]["status"] == "limited"
    mandatory = secunda("case", "waive", assembled, "consent", "--reason", "x")
    assert "neither be waived nor limited" in mandatory.err


def test_a_document_is_attached_once(secunda: Run, launched: str, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("Twelve sessions of physiotherapy without relief.\n", encoding="utf-8")
    words = ("case", "attach", launched, note, "--loinc", "11508-9", "--title", "Physiotherapy", "--date", "2026-02-01")
    first, second = secunda(*words, "--json").json, secunda(*words, "--json").json
    assert [one["loinc"] for one in first["documents"]] == ["11508-9"]
    assert (second["documents"], second["already_there"]) == ([], True)
    shown = secunda("case", "show", launched, "--json").json["documents"][-1]
    assert (shown["title"], shown["documented_on"], shown["received"]) == ("Physiotherapy", "2026-02-01", True)


def test_a_document_about_somebody_else_is_pointed_out(secunda: Run, launched: str, test_data: Path) -> None:
    file = test_data / "ccda" / "hl7-examples" / "Discharge_Summary.xml"
    assert "patient_name_differs" in secunda("case", "attach", launched, file, "--json").json["warnings"]
    assert "patient name differs" in secunda("case", "show", launched).out


def test_another_class_needs_a_reason_and_keeps_what_the_rules_say(secunda: Run, launched: str) -> None:
    assert "A reason is owed" in secunda("case", "urgency", launched, "P1").err
    assert secunda("case", "urgency", launched, "p1", "--reason", "pain at night").status == 0
    urgency = secunda("case", "show", launched, "--json").json["urgency"]
    assert (urgency["urgency"], urgency["override"]["by_rules"]) == ("P1", "P2")
    assert _case(launched).report_due_at is None, "the clock starts with the complete file"
    assert "red flag" in secunda("case", "urgency", launched, "P0", "--reason", "x").err


def test_consent_is_recorded_until_a_day_and_its_withdrawal_ends_the_case(secunda: Run, launched: str) -> None:
    assert secunda("case", "consent", launched, "--until", "2099-12-31").status == 0
    (given,) = secunda("case", "show", launched, "--json").json["consents"]
    assert given["expires_at"].startswith(("2099-12-31", "2100-01-01"))
    assert secunda("case", "consent", launched, "--withdraw").status == 0
    assert secunda("case", "show", launched, "--json").json["outcome"] == "withdrawn"


def test_flags_are_marked(secunda: Run, launched: str) -> None:
    flag = secunda("pathway", "show", "orthopedics", "--json").json["pathway"]["flags"][0]["key"]
    assert secunda("case", "flag", launched, flag).status == 0
    assert secunda("case", "show", launched, "--json").json["flags"] == [flag]


@pytest.mark.parametrize(("language", "says"), [("en", "The case was launched"), ("es", "Se abrió el caso")])
def test_the_history_is_told_in_plain_words(secunda: Run, launched: str, language: str, says: str) -> None:
    told = secunda("case", "history", launched, "--language", language)
    assert says in told.out
    assert secunda("case", "history", launched, "--language", "xx").status == 2
