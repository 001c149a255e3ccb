"""Experts, assignments and opinions from the command line."""

import json
import re
from pathlib import Path
from typing import Any

from models import Assignment
from secunda import cases, clock
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.demo.writing import opinion_for
from secunda.panel import panel_of
from tests.integration.cli.conftest import EXPERTS, Run

SURGEON, RADIOLOGIST = "arthroplasty_surgeon", "musculoskeletal_radiologist"


def _assignments(secunda: Run, reference: str, *words: str) -> dict[str, dict[str, Any]]:
    listed = secunda("assignment", "list", "--case", reference, *words, "--json").json
    return {one["role"]: one for one in listed}


def _written(reference: str, role: str) -> bytes:
    """A complete opinion for this seat as it stands."""
    with transaction() as session:
        context = CaseContext(session, cases.by_reference(session, reference), clock.now())
        seat: Assignment = next(one for one in panel_of(context).assignments if one.role == role)
        return opinion_for(context, seat, None, None).model_dump_json().encode()


def test_experts_are_imported_and_listed(secunda: Run) -> None:
    first, second = (
        secunda("expert", "import", EXPERTS, "--json").json,
        secunda("expert", "import", EXPERTS, "--json").json,
    )
    assert first["added"] == second["unchanged"] > 0
    assert second["added"] == second["changed"] == 0
    listed = secunda("expert", "list", "--subspecialty", "spine_surgery", "--language", "es", "--json").json
    assert listed
    assert all("spine_surgery" in one["subspecialties"] and "es" in one["languages"] for one in listed)
    assert "Did you mean" in secunda("expert", "list", "--subspecialty", "spine_surgeri").err


def test_a_directory_with_a_wrong_line_changes_nothing(secunda: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "experts.csv"
    wrong.write_text(EXPERTS.read_text(encoding="utf-8").replace("ES:2031-06-30", "ES:tomorrow", 1), encoding="utf-8")
    done = secunda("expert", "import", wrong)
    assert done.status == 2
    assert "experts.csv" in done.err
    assert secunda("expert", "list", "--json").json == []


def test_candidates_come_with_their_score_or_the_reason_against(secunda: Run, assembled: str) -> None:
    found = secunda("assignment", "candidates", assembled, "--role", SURGEON, "--json").json
    (chosen,) = [one for one in found if one["chosen"]]
    assert round(sum(chosen["score_parts"].values()), 2) == chosen["score"]
    assert all(one["exclusions"] for one in found if one["score"] is None)
    told = secunda("assignment", "candidates", assembled, "--role", SURGEON).out
    assert "chosen" in told
    assert "free capacity" in told


def test_an_expert_accepts_by_role_or_by_code(secunda: Run, assembled: str) -> None:
    before = _assignments(secunda, assembled)
    assert secunda("assignment", "accept", f"{assembled}/{SURGEON}", "--attest-no-conflict").status == 0
    name = f"{assembled}/{before[RADIOLOGIST]['expert']}"
    assert secunda("assignment", "accept", name, "--attest-no-conflict").status == 0
    after = _assignments(secunda, assembled)
    assert {after[role]["status"] for role in (SURGEON, RADIOLOGIST)} == {"accepted"}


def test_a_seat_that_was_declined_is_found_by_its_holder_only(secunda: Run, assembled: str) -> None:
    declined = _assignments(secunda, assembled)[SURGEON]
    name = f"{assembled}/{SURGEON}"
    assert secunda("assignment", "decline", name, "--reason", "away").status == 0
    assert SURGEON not in _assignments(secunda, assembled)
    assert _assignments(secunda, assembled, "--all")[SURGEON]["end_reason"] == "away"
    assert "is on the panel" in secunda("assignment", "accept", name, "--attest-no-conflict").err
    by_code = secunda("assignment", "accept", f"{assembled}/{declined['expert']}", "--attest-no-conflict")
    assert "not yours any more" in by_code.err


def test_the_template_can_be_submitted_as_it_is_and_names_its_gaps(
    secunda: Run, assembled: str, tmp_path: Path
) -> None:
    name, file = f"{assembled}/{SURGEON}", tmp_path / "opinion.yaml"
    assert secunda("assignment", "accept", name, "--attest-no-conflict").status == 0
    assert secunda("opinion", "template", name, "--output", file).status == 0
    assert "already" in secunda("opinion", "template", name, "--output", file).err
    saved = secunda("opinion", "submit", name, file, "--json")
    assert saved.status == 0, saved.err
    missing = secunda("opinion", "gaps", name, "--json")
    assert missing.status == 1
    assert [gap["place"] for gap in missing.json] == [gap["place"] for gap in saved.json["gaps"]] != []
    refused = secunda("opinion", "lock", name, "--json")
    assert refused.status == 2
    assert refused.error["code"] == "opinion_incomplete"
    assert "/diagnosis" in refused.error["message"]


def test_the_template_tells_questions_documents_and_guidelines(secunda: Run, assembled: str) -> None:
    assert secunda("assignment", "accept", f"{assembled}/{SURGEON}", "--attest-no-conflict").status == 0
    told = secunda("opinion", "template", f"{assembled}/{SURGEON}").out
    form = secunda("opinion", "template", f"{assembled}/{SURGEON}", "--json").json
    for question in form["questions"]:
        assert question["text"] in told
    for document in form["documents"]:
        assert f"#   {document['number']}: " in told
    for guideline in form["guidelines"]:
        assert guideline["key"] in told
    for section in form["sections_owed"]:
        assert f"\n  {section['key']}:" in told


def test_an_opinion_is_written_signed_and_taken_up_by_the_template_again(
    secunda: Run, assembled: str, tmp_path: Path
) -> None:
    name = f"{assembled}/{SURGEON}"
    assert secunda("assignment", "accept", name, "--attest-no-conflict").status == 0
    content = _written(assembled, SURGEON)
    assert secunda("opinion", "gaps", name, "-", stdin=content).status == 0
    assert secunda("opinion", "submit", name, "-", stdin=content).status == 0
    again = secunda("opinion", "template", name).out.encode()
    assert secunda("opinion", "submit", name, "-", stdin=again).status == 0
    form = secunda("opinion", "template", name, "--json").json
    assert form["gaps"] == []
    assert form["content"] == json.loads(content)
    assert secunda("opinion", "lock", name, "--json").json["status"] == "final"
    assert _assignments(secunda, assembled)[SURGEON]["status"] == "completed"
    changed = secunda("opinion", "submit", name, "-", stdin=content)
    assert "is completed" in changed.err


def test_a_blind_reader_locks_twice_and_sees_the_first_opinion_in_between(secunda: Run, assembled: str) -> None:
    name = f"{assembled}/{RADIOLOGIST}"
    assert secunda("assignment", "accept", name, "--attest-no-conflict").status == 0
    blind = secunda("opinion", "template", name, "--json").json
    assert blind["blind"] is True
    assert "You read blind" in secunda("opinion", "template", name).out
    assert secunda("opinion", "submit", name, "-", stdin=_written(assembled, RADIOLOGIST)).status == 0
    assert secunda("opinion", "lock", name, "--json").json["status"] == "provisional"
    seeing = secunda("opinion", "template", name, "--json").json
    assert seeing["blind"] is False
    hidden = {one["number"] for one in seeing["documents"]} - {one["number"] for one in blind["documents"]}
    assert hidden, "nothing was hidden while reading blind"
    assert secunda("opinion", "submit", name, "-", stdin=_written(assembled, RADIOLOGIST)).status == 0
    assert secunda("opinion", "lock", name, "--json").json["status"] == "final"


def test_a_board_is_recorded_only_where_the_case_waits_for_it(secunda: Run, assembled: str) -> None:
    words = ("--stance", "supported", "--diagnosis", "confirmed", "--treatment", "clarified", "--reason", "it met")
    refused = secunda("adjudication", "record", assembled, *words)
    assert refused.status == 1
    assert "does not wait for its board" in refused.err
    assert "Did you mean 'clarified'" in secunda("adjudication", "record", assembled, *words[:5], "clarifed").err


def test_messages_are_listed_and_sent_again(secunda: Run, assembled: str) -> None:
    listed = secunda("message", "list", "--case", assembled, "--json").json
    offers = [one for one in listed if one["event"] == "offer"]
    assert {one["status"] for one in offers} == {"queued"}
    assert not re.search(r"@|\+34", secunda("message", "list").out), "an address"
    assert "still on its way" in secunda("message", "resend", offers[0]["id"], "--reason", "they ask").err
    assert secunda("message", "list", "--status", "sent", "--json").json == []
    assert "Did you mean 'queued'" in secunda("message", "list", "--status", "qeued").err
    assert secunda("message", "resend", "12", "--reason", "x").status == 2
