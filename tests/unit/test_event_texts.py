"""Every event that the code records is told in plain words, in every language that the history has."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from models.status import CaseStatus, OpinionStatus, RequirementStatus
from secunda.views.event_texts import SENTENCES
from secunda.views.telling import told
from secunda.views.words import STAGES
from secunda.web.catalogues import LANGUAGES

ROOT = Path(__file__).parents[2]

#: Kinds that the code puts together, by how it writes them.
COMPOSED = {
    "requirement_{to}": [f"requirement_{status}" for status in (RequirementStatus.WAIVED, RequirementStatus.LIMITED)],
    "opinion_locked_{status}": [f"opinion_locked_{one}" for one in (OpinionStatus.PROVISIONAL, OpinionStatus.FINAL)],
}


def _recorded() -> set[str]:
    """The kinds in the calls of `events.record` and of the helper that the outbox records by."""
    files = [file for folder in ("secunda", "tasks", "flows") for file in (ROOT / folder).rglob("*.py")]
    found: set[str] = set()
    for file in files:
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and _is_record(call):
                found.update(_kinds(call.args[2]))
    return found


def _is_record(call: ast.Call) -> bool:
    name = call.func
    is_events = isinstance(name, ast.Attribute) and name.attr == "record" and ast.unparse(name.value) == "events"
    is_helper = isinstance(name, ast.Name) and name.id == "_record"
    return (is_events or is_helper) and len(call.args) > 2


def _kinds(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.JoinedStr):
        yield from COMPOSED[ast.unparse(argument)[2:-1]]
    elif isinstance(argument, ast.IfExp):
        yield from (*_kinds(argument.body), *_kinds(argument.orelse))
    elif isinstance(argument, ast.Constant):
        yield str(argument.value)


def test_every_event_that_the_code_records_has_its_sentence() -> None:
    recorded = _recorded()
    assert len(recorded) > 30, "the calls are not found any more"
    assert recorded - SENTENCES.keys() == set()


def test_every_sentence_belongs_to_an_event() -> None:
    assert SENTENCES.keys() - _recorded() == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", SENTENCES)
def test_a_sentence_can_be_told_of_an_event_that_says_nothing(kind: str, language: str) -> None:
    sentence = told(kind, {}, language)
    assert sentence.endswith(".")
    assert "{" not in sentence


@pytest.mark.parametrize("kind", SENTENCES)
def test_both_languages_say_the_same_values(kind: str) -> None:
    text, more = SENTENCES[kind]
    for one in (text, *more.values()):
        fields = [sorted(name for _, name, _, _ in Formatter().parse(said) if name) for said in (one.en, one.es)]
        assert fields[0] == fields[1]


def test_codes_become_words_and_reasons_stay_as_they_were_said() -> None:
    data = {"before": "requested", "after": "on_hold"}
    assert told("status_changed", data, "en") == "Stage: On hold."
    assert told("status_changed", data, "es") == "Fase: En pausa."
    assert told("held", {"reason": "closed"}, "es") == "El caso quedó en pausa. Motivo: closed."
    assert "an opinion" in told("chased", {"subject": "opinion:8d3f", "action": "remind", "rung": 1}, "en")


def test_an_event_of_another_version_is_named_as_it_is() -> None:
    assert told("teleported", {}, "en") == "teleported."


def test_every_stage_has_its_words() -> None:
    assert set(STAGES) == set(CaseStatus)
