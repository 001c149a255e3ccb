"""What a script on the command line needs: a bare reference, whose turn it is, today's date, an opinion to try with."""

from datetime import UTC, datetime

import pytest
from ruamel.yaml import YAML
from sqlmodel import update

from models import Case
from pathways.vocabulary import Specialty
from secunda import clock
from secunda.db import transaction
from secunda.demo.writing import ANSWERS, example
from secunda.settings import settings
from tests.integration.cli.conftest import EXPERTS, Run, assemble_panel, bundle
from tests.unit.test_settings import SAFE


def test_quiet_prints_the_reference_and_nothing_else(secunda: Run) -> None:
    done = secunda("case", "launch", bundle("cardiology"), "--quiet")
    assert done.out == f"{secunda('case', 'list', '--json').json[0]['reference']}\n"


def test_a_case_that_experts_must_answer_is_not_waited_for(secunda: Run, assembled: str) -> None:
    _taken_up(assembled)
    done = secunda("case", "wait", assembled)
    assert (done.status, done.out) == (0, f"{assembled}: Awaiting acceptance; who must act: experts.\n")


def test_waiting_ends_with_the_case(secunda: Run, launched: str) -> None:
    assert secunda("case", "withdraw", launched, "--reason", "not wanted").status == 0
    _taken_up(launched)
    assert secunda("case", "wait", launched).out == f"{launched}: Closed: withdrawn.\n"


def test_waiting_gives_up_where_nobody_works(secunda: Run, launched: str) -> None:
    done = secunda("case", "wait", launched, "--seconds", "1", "--json")
    assert done.status == 1
    assert "secunda doctor" in done.error["remedy"]


def test_waiting_for_a_case_that_there_is_not_is_refused(secunda: Run) -> None:
    assert secunda("case", "wait", "SO-7K2M-Q9ZD").status == 2


def test_a_paper_may_be_of_today(secunda: Run, launched: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 4, 23, tzinfo=UTC))
    words = ("case", "attach", launched, "-", "--loinc", "11524-6", "--date", "today")
    assert secunda(*words, stdin=b"Sinus rhythm.").status == 0
    dated = {one["documented_on"] for one in secunda("case", "show", launched, "--json").json["documents"]}
    assert "2026-03-04" in dated


def test_an_example_answers_the_questions_that_are_asked(secunda: Run) -> None:
    """The bundle's own come after the one that is asked here; an answer to another question would be read as wrong."""
    assert secunda("expert", "import", EXPERTS).status == 0
    words = ("--pathway", "cardiology", "--language", "en", "--question", "Must it be now?", "--quiet")
    reference = secunda("case", "launch", bundle("cardiology"), *words).out.strip()
    assemble_panel(reference)
    written = secunda("opinion", "template", f"{reference}/clinical_cardiologist", "--example").out
    answers = YAML(typ="safe").load(written)["answers"]
    assert [one.text for one in example(Specialty.CARDIOLOGY, "en").answers] == [one["text"] for one in answers[1:]]
    assert answers[0]["text"] == ANSWERS["en"]


def test_no_invented_opinion_among_real_patients(secunda: Run, assembled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seat = secunda("assignment", "list", "--json").json[0]["id"]
    assert "plain_summary" in secunda("opinion", "template", seat, "--example").out
    for name, value in SAFE.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    done = secunda("opinion", "template", seat, "--example")
    assert (done.status, done.out) == (1, "")
    assert "no place among real patients" in done.err


def _taken_up(reference: str) -> None:
    with transaction() as session:
        session.exec(update(Case).where(Case.reference == reference).values(wake_requested_at=None))  # type: ignore[arg-type]
