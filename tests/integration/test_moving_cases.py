"""A pathway file is edited while cases run on it: they go on with their version, and move only when they are moved."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from sqlmodel import Session

import tasks.gather
import tasks.render
from models import Assignment, Case
from models.status import AssignmentStatus, CaseStatus, Outcome
from pathways import loader
from pathways.loader import LoadedPathway
from pathways.vocabulary import Specialty, Urgency
from secunda.actions import pathway as moving
from secunda.db import transaction
from secunda.errors import BadInputError, ConflictError
from secunda.moving import Move
from secunda.pathway_versions import find, pinned
from secunda.standing import differences
from secunda.views.audit import verify
from tests.conftest import use_settings
from tests.integration.cli.conftest import snapshot
from tests.integration.conftest import Launch
from tests.integration.walk import AGREES, Walk, printed

SHIPPED = loader.FOLDER
CARDIOLOGY = Specialty.CARDIOLOGY
PAYER = "mutua-nova"  # what the new version says is for this payer's cases, so that its examples still hold
DAY = timedelta(days=1)
Edit = Callable[[dict[str, Any]], object]


class Editor:
    """The clinic's own folder of pathways, and the person who edits it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for path in SHIPPED.glob("*.yaml"):
            (folder / path.name).write_bytes(path.read_bytes())

    def edits(self, *changes: Edit, version: str = "0.2.0") -> LoadedPathway:
        path = self.folder / f"{CARDIOLOGY}.yaml"
        content = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        content["version"] = version
        for change in changes:
            change(content)
        written = yaml.dump(content, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)
        path.write_text(written, encoding="utf-8")
        return loader.load(path)


@pytest.fixture
def editor(store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Editor:
    folder = tmp_path / "pathways"
    folder.mkdir()
    use_settings(monkeypatch, pathway_folder=folder)
    return Editor(folder)


def ask_for_lungs(content: dict[str, Any]) -> None:
    title = dict.fromkeys(("en", "es", "ca", "fr", "de", "pt"), "Spirometry")
    content["documents"].append(
        {"key": "spirometry", "title": title, "loinc": ["72170-4"], "when": f"payer == '{PAYER}'"}
    )


def hurry(content: dict[str, Any]) -> None:
    reason = dict.fromkeys(("en", "es", "ca", "fr", "de", "pt"), "New payer")
    rule = {"key": "new_payer", "when": f"payer == '{PAYER}'", "urgency": "P2", "reason": reason}
    content["triage"]["rules"].append(rule)


def shorten_consent(content: dict[str, Any]) -> None:
    content.setdefault("deadlines", {})["consent"] = "7 days"


def rename_the_surgeon(content: dict[str, Any]) -> None:
    """One place falls away, and another one is there instead."""
    written = yaml.dump(content, Dumper=yaml.CSafeDumper).replace("cardiac_surgeon", "heart_surgeon")
    content.clear()
    content.update(yaml.load(written, yaml.CSafeLoader))


def add_a_reader(content: dict[str, Any]) -> None:
    title = dict.fromkeys(("en", "es", "ca", "fr", "de", "pt"), "Another reader")
    when = f"payer == '{PAYER}'"
    role = {"key": "imager", "title": title, "subspecialties": ["general_cardiology"], "when": when}
    content["panel"]["roles"].append(role)


def moved(to: LoadedPathway, reason: str = "the board of cardiology asks for it") -> list[Move]:
    return list(moving.move(to, "coordinator:ana", reason))


def tried(to: LoadedPathway) -> Move:
    (found,) = moving.moves(to)
    return found


def is_accounted_for(walk: Walk) -> bool:
    with transaction() as session:
        (result,) = verify(session, [walk.reference], replaying=True)
        return result.is_sound and differences(session, walk.case) == []


STAGES: dict[str, Callable[[Walk], object]] = {
    "consent": lambda walk: None,
    "documents": Walk.consents,
    "offers": Walk.goes_to_the_panel,
    "opinions": Walk.goes_to_the_readers,
}


def test_a_case_goes_to_its_end_with_the_version_that_it_was_launched_with(editor: Editor, launched: Launch) -> None:
    walk = launched(payer=PAYER)
    before = find("cardiology")
    walk.consents()
    new = editor.edits(ask_for_lungs, hurry, shorten_consent)
    assert "spirometry" not in walk.missing
    walk.goes_to_its_end()
    assert walk.case.outcome is Outcome.DELIVERED
    assert walk.case.pathway_hash == before.hash != new.hash
    assert before.hash[:8] in printed(walk)

    later = launched(payer=PAYER, manners=(), requester="Hospital de Después")
    assert later.case.pathway_hash == new.hash
    later.consents()
    assert "spirometry" in later.missing


def test_a_file_that_is_broken_or_gone_does_not_stop_cases_that_run_on_it(editor: Editor, launched: Launch) -> None:
    walk = launched()
    (editor.folder / "cardiology.yaml").write_text("pathway: [", encoding="utf-8")
    walk.consents()
    (editor.folder / "cardiology.yaml").unlink()
    walk.goes_to_its_end()
    assert walk.case.outcome is Outcome.DELIVERED


@pytest.mark.parametrize("stage", STAGES)
def test_asking_what_a_move_would_change_changes_nothing(
    editor: Editor, launched: Launch, stage: str, store: str
) -> None:
    walk = launched(payer=PAYER)
    STAGES[stage](walk)
    new = editor.edits(hurry, shorten_consent, add_a_reader)
    before = snapshot(store)
    found = tried(new)
    assert found.obstacles == ()
    assert found.difference is not None
    assert found.difference.seats.added == ("imager",)
    assert snapshot(store) == before
    assert is_accounted_for(walk)


@pytest.mark.parametrize("stage", STAGES)
def test_a_case_that_was_moved_goes_on_and_ends_on_the_new_version(
    editor: Editor, launched: Launch, stage: str
) -> None:
    walk = launched(payer=PAYER)
    STAGES[stage](walk)
    new = editor.edits(hurry, shorten_consent)
    foreseen = tried(new)
    (done,) = moved(new)
    assert done == foreseen, "what was done is what was foreseen"
    assert is_accounted_for(walk)
    walk.walker.settle(walk.reference)
    walk.goes_to_its_end()
    assert (walk.case.outcome, walk.case.pathway_hash) == (Outcome.DELIVERED, new.hash)
    assert new.hash[:8] in printed(walk)
    assert is_accounted_for(walk)


def test_the_move_is_an_event_with_its_reason_and_every_date_that_moved(editor: Editor, launched: Launch) -> None:
    walk = launched(payer=PAYER)
    walk.goes_to_the_readers()
    dates = sorted((seat.role, seat.accept_by, seat.opinion_due_at) for seat in walk.rows(Assignment))
    due = walk.case.report_due_at
    (done,) = moved(editor.edits(hurry), "the payer pays for speed")
    (event,) = walk.events("pathway_moved")
    assert (event.actor, event.data["reason"]) == ("coordinator:ana", "the payer pays for speed")
    assert (event.data["version_before"], event.data["version"]) == ("0.1.0", "0.2.0")
    assert (done.urgency_before, done.urgency_after, walk.case.urgency) == ("P3", "P2", "P2")
    assert due is not None and walk.case.report_due_at is not None and walk.case.report_due_at < due
    assert [date["about"] for date in event.data["dates"]] == ["report"]
    assert sorted((seat.role, seat.accept_by, seat.opinion_due_at) for seat in walk.rows(Assignment)) == dates


def test_a_class_that_a_person_chose_stays(editor: Editor, launched: Launch) -> None:
    walk = launched(payer=PAYER)
    walk.goes_to_the_readers()
    walk.overrides(Urgency.P1)
    moved(editor.edits(hurry))
    assert walk.case.urgency == "P1"


def test_a_document_that_the_new_version_asks_for_is_asked_of_whoever_has_it(editor: Editor, launched: Launch) -> None:
    walk = launched(payer=PAYER)
    walk.consents()
    asked = len(walk.said("documents_requested"))
    (done,) = moved(editor.edits(ask_for_lungs))
    assert done.difference is not None and done.difference.documents.added == ("spirometry",)
    assert "spirometry" in walk.missing
    walk.walker.settle(walk.reference)
    assert len(walk.said("documents_requested")) == asked + 1
    walk.sends_everything()
    assert walk.status is CaseStatus.AWAITING_ACCEPTANCE


def test_a_complete_file_is_not_opened_again(editor: Editor, launched: Launch) -> None:
    walk = launched(payer=PAYER)
    walk.goes_to_the_panel()
    new = editor.edits(ask_for_lungs)
    (done,) = moved(new)
    assert "spirometry would be asked for" in done.obstacles[0]
    assert walk.case.pathway_hash != new.hash
    assert walk.events("pathway_moved") == []


def test_a_shorter_deadline_wakes_the_case_when_it_is_due(editor: Editor, launched: Launch) -> None:
    walk = launched()
    walk.walker.pass_time(days=2)
    assert walk.walker.parked[walk.reference] - walk.case.launched_at == 3.5 * DAY  # type: ignore[operator]
    (done,) = moved(editor.edits(shorten_consent))
    (date,) = done.dates
    assert date.after == walk.case.launched_at + 7 * DAY
    assert done.difference is not None and done.difference.at_once == ("remind: consent",)
    walk.walker.settle(walk.reference)
    assert len(walk.said("consent_reminder")) == 1
    assert walk.walker.parked[walk.reference] - walk.case.launched_at == 3.5 * DAY  # type: ignore[operator]
    walk.walker.pass_time(days=30)
    assert len(walk.said("consent_reminder")) == 3
    assert is_accounted_for(walk)


def test_a_new_place_is_offered_and_one_that_nobody_holds_falls_away(editor: Editor, launched: Launch) -> None:
    walk = launched(payer=PAYER)
    walk.goes_to_the_panel()
    walk.declines("cardiac_surgeon")
    walk.declines("cardiac_surgeon")
    assert walk.status is CaseStatus.AWAITING_PANEL, "nobody is left for the place"
    (done,) = moved(editor.edits(rename_the_surgeon, add_a_reader))
    assert done.obstacles == ()
    assert done.difference is not None
    assert done.difference.seats.added == ("heart_surgeon", "imager")
    assert done.difference.seats.dropped == ("cardiac_surgeon",)
    walk.walker.settle(walk.reference)
    assert walk.panel.keys() == {"clinical_cardiologist", "interventional_cardiologist", "imager"}
    assert is_accounted_for(walk)


def test_whoever_holds_a_place_keeps_it(editor: Editor, launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_readers()
    (done,) = moved(editor.edits(rename_the_surgeon))
    assert any("cardiac_surgeon has an expert" in reason for reason in done.obstacles)
    assert walk.panel["cardiac_surgeon"].status is AssignmentStatus.ACCEPTED


def test_signed_opinions_are_read_under_the_rule_that_they_were_signed_under(editor: Editor, launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_readers()
    concur = editor.edits(lambda content: content["panel"].update(adjudication="concur", board_when=None))
    assert tried(concur).obstacles == ()
    walk.signs("cardiac_surgeon", **AGREES)
    assert tried(concur).obstacles == ("Opinions are signed, and the new version would make them one by another rule.",)


def test_a_case_on_hold_stays_and_one_whose_panel_is_settled_too(
    editor: Editor, launched: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, settled = launched(), launched()
    held.holds()
    settled.goes_to_the_readers()
    monkeypatch.setattr(tasks.render, "missing", lambda content: ("a gap",))
    settled.signs(**AGREES)
    assert settled.status is CaseStatus.AWAITING_CORRECTION
    found = {one.case: one.obstacles for one in moved(editor.edits(hurry))}
    assert "on hold" in found[held.reference][0]
    assert "settled" in found[settled.reference][0]


def test_moving_again_moves_nothing_and_each_case_is_moved_for_itself(editor: Editor, launched: Launch) -> None:
    free, bound = launched(payer=PAYER), launched(payer=PAYER)
    bound.goes_to_the_panel()
    new = editor.edits(ask_for_lungs)
    assert [(one.case, bool(one.obstacles)) for one in moved(new)] == [(free.reference, False), (bound.reference, True)]
    assert [one.case for one in moved(new)] == [bound.reference]
    assert len(free.events("pathway_moved")) == 1
    assert sorted(count for _, count in pinned(CARDIOLOGY)) == [1, 1]


def test_only_the_named_cases_are_moved(editor: Editor, launched: Launch) -> None:
    one, other = launched(), launched()
    new = editor.edits(hurry)
    assert [done.case for done in moving.move(new, "ana", "a trial", [one.reference.lower()])] == [one.reference]
    assert other.case.pathway_hash != new.hash
    with pytest.raises(ConflictError, match="not cardiology"):
        list(moving.moves(new, [launched(Specialty.NEUROLOGY, manners=()).reference]))


def test_cases_are_moved_to_a_sound_pathway_only_and_for_a_reason(editor: Editor, launched: Launch, store: str) -> None:
    launched()
    before = snapshot(store)
    with pytest.raises(BadInputError, match="reason"):
        moved(editor.edits(hurry), reason="  ")
    with pytest.raises(BadInputError, match=r"version 0\.1\.0 that says something else"):
        moved(editor.edits(version="0.1.0"))
    with pytest.raises(BadInputError, match="wrong in it"):
        moved(editor.edits(lambda content: content["examples"][0]["expect"].update(urgency="P1")))
    assert snapshot(store) == before


def test_a_move_between_two_steps_of_an_execution_is_seen_by_the_next(
    editor: Editor, launched: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The coordinator moves the case while its run is executing: nothing is lost, and the log holds."""
    walk = launched(payer=PAYER)
    new = editor.edits(ask_for_lungs)
    before, done = tasks.gather.documents_to_fetch, []

    def meanwhile(session: Session, case: Case, now: datetime) -> list[int]:
        """What stands between two transactions of the execution."""
        if not done:
            done.append(moving_in_another_thread(new))
        return before(session, case, now)

    monkeypatch.setattr(tasks.gather, "documents_to_fetch", meanwhile)
    walk.consents()
    done[0].join()
    walk.walker.settle(walk.reference)
    assert walk.case.pathway_hash == new.hash
    assert "spirometry" in walk.missing
    walk.goes_to_its_end()
    assert walk.case.outcome is Outcome.DELIVERED
    assert is_accounted_for(walk)


def moving_in_another_thread(new: LoadedPathway) -> Thread:
    """It waits for the case's row, which the execution has locked, and gets it between two of its steps."""
    thread = Thread(target=moved, args=(new,))
    thread.start()
    return thread
