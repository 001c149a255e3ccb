"""Every event × channel × language has a text, complete, in one language, and within one SMS."""

import html
import re
from pathlib import Path
from typing import Any, Final

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.certification import CoverageAnswer
from pathways.vocabulary import Language
from secunda.messages import EVENTS, Rendered, Timing, Words, render, rendering
from secunda.messages.gsm7 import BASIC, fits_gsm7, segments, to_gsm7
from secunda.messages.rendering import RENDERERS, TRANSLATED
from secunda.recipients import RecipientKind
from tests.conftest import CHECKOUT

TEMPLATES = CHECKOUT / "templates" / "messages"
REFERENCE = "SO-ABCD-1234"
LINK = "https://secunda.salud.example.org/d/" + "A" * 53  # a public address of 33 characters
ROLE = "Xyzzy <role>"

# The longest that a parameter can be, and values that mean nothing in any language.
PARAMETERS: Final[dict[str, list[Any]]] = {
    "due_at": ["2026-09-27T22:30:00+00:00"],
    "role": [ROLE],
    "count": [1, 12],
    "waiting_for": ["consent", "documents", "acceptance", "opinion", "adjudication", "report"],
    "addressee": list(RecipientKind),
    "failed_channel": list(RENDERERS),
    "next_channel": ["", *RENDERERS],
    "doubt": [True, False],
    "share": [50, 100],
    "answer": list(CoverageAnswer),
    "code": ["123456"],
    "request": ["access", "erasure", "document"],
}

# Frequent words that only one of the languages has.
MARKS: Final[dict[Language, set[str]]] = {
    Language.EN: {
        "the",
        "and",
        "of",
        "your",
        "it",
        "has",
        "have",
        "will",
        "please",
        "this",
        "were",
        "been",
        "which",
        "before",
        "you",
        "again",
        "not",
    },
    Language.ES: {
        "las",
        "y",
        "usted",
        "puede",
        "hay",
        "sigue",
        "su",
        "sus",
        "enlace",
        "aún",
        "ahora",
        "firmada",
        "contiene",
        "enviado",
    },
    Language.CA: {
        "els",
        "amb",
        "vostre",
        "vostra",
        "aquest",
        "aquesta",
        "què",
        "cal",
        "perquè",
        "més",
        "abans",
        "i",
        "enllaç",
        "conté",
        "enviat",
    },
    Language.FR: {
        "et",
        "votre",
        "aux",
        "ce",
        "cette",
        "avant",
        "peut",
        "vous",
        "avis",
        "qui",
        "dossier",
        "pas",
        "été",
        "lien",
    },
    Language.DE: {
        "der",
        "die",
        "und",
        "nicht",
        "ihre",
        "ihr",
        "sie",
        "bitte",
        "wird",
        "werden",
        "noch",
        "ein",
        "eine",
        "fall",
        "diese",
        "wurde",
    },
    Language.PT: {
        "os",
        "não",
        "sua",
        "seu",
        "pelo",
        "foi",
        "uma",
        "ligação",
        "prazo",
        "são",
        "pode",
        "perito",
        "contém",
        "mensagem",
    },
}


def variants(event: str) -> list[dict[str, Any]]:
    """Parameter sets in which each value of each parameter occurs."""
    names = EVENTS[event].parameters
    most = max((len(PARAMETERS[name]) for name in names), default=1)
    return [{name: PARAMETERS[name][turn % len(PARAMETERS[name])] for name in names} for turn in range(most)]


def rendered(
    event: str, channel: str, language: Language, parameters: dict[str, Any], link: str | None = None
) -> Rendered:
    link = (LINK if EVENTS[event].linked else "") if link is None else link
    return render(channel, Words(event, language, "Europe/Madrid", REFERENCE, link, parameters))


EVERY = [
    pytest.param(event, channel, language, id=f"{event}-{channel}-{language}")
    for event in EVENTS
    for channel in RENDERERS
    for language in Language
]


@pytest.mark.parametrize(("event", "channel", "language"), EVERY)
def test_every_event_has_a_complete_text(event: str, channel: str, language: Language) -> None:
    for parameters in variants(event):
        for link in {LINK if EVENTS[event].linked else "", ""}:
            texts = rendered(event, channel, language, parameters, link)
            for said in (texts.text, texts.subject, texts.html) if channel == "email" else (texts.text,):
                assert REFERENCE in said
                assert "{" not in said.partition("</style>")[2] if "</style>" in said else "{" not in said
                assert "None" not in said
            assert (link in texts.text) and ("/d/" in texts.text) == bool(link)


@pytest.mark.parametrize(("event", "channel", "language"), EVERY)
def test_every_text_stays_in_its_language(event: str, channel: str, language: Language) -> None:
    foreign = set().union(*(words for other, words in MARKS.items() if other is not language))
    for parameters in variants(event):
        texts = rendered(event, channel, language, parameters, "")
        words = re.findall(r"[^\W\d_]+", f"{texts.subject} {texts.text}".casefold())
        assert sorted(foreign & set(words)) == []


@pytest.mark.parametrize("language", Language)
def test_every_email_is_recognisably_in_its_language(language: Language) -> None:
    for event in EVENTS:
        texts = rendered(event, "email", language, variants(event)[0])
        words = set(re.findall(r"[^\W\d_]+", texts.text.casefold()))
        assert len(words & MARKS[language]) >= 2, event
        assert f'<html lang="{language}">' in texts.html


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("event", EVENTS)
def test_every_sms_is_one_segment(event: str, language: Language) -> None:
    for parameters in variants(event):
        text = rendered(event, "sms", language, parameters).text
        assert fits_gsm7(text), {character for character in text if character not in BASIC}
        assert segments(text) == 1, f"{len(text)} characters: {text}"


@pytest.mark.parametrize("language", Language)
def test_the_languages_say_different_things(language: Language) -> None:
    for event in EVENTS:
        ours = rendered(event, "email", language, variants(event)[0])
        others = [rendered(event, "email", other, variants(event)[0]) for other in Language if other is not language]
        assert ours.subject not in [other.subject for other in others]


def test_every_folder_of_texts_is_an_event() -> None:
    assert {path.name for path in TEMPLATES.iterdir()} == {*EVENTS, "layout"}
    for event in EVENTS:
        assert {path.name for path in (TEMPLATES / event).iterdir()} == {f"{language}.j2" for language in Language}


def test_every_language_has_the_same_shared_words() -> None:
    tables = {language: Words("offer", language, "UTC", "", "", {}).shared.__dict__ for language in Language}
    english = {name: value for name, value in tables[Language.EN].items() if not name.startswith("_")}
    for language, table in tables.items():
        assert {name for name in table if not name.startswith("_")} == set(english), language
        for name in TRANSLATED.values():
            assert set(table[name]) == set(english[name])
    assert set(english["recipients"]) == set(RecipientKind)
    assert set(english["channels"]) == set(RENDERERS)


@pytest.mark.parametrize("event", [name for name, event in EVENTS.items() if event.parameters])
@pytest.mark.parametrize("channel", RENDERERS)
def test_a_missing_value_stops_the_message(event: str, channel: str) -> None:
    for missing in EVENTS[event].parameters:
        parameters = {name: value for name, value in variants(event)[0].items() if name != missing}
        with pytest.raises(KeyError, match=missing):
            rendered(event, channel, Language.ES, parameters)


def test_a_text_that_names_an_unknown_value_stops_the_message() -> None:
    words = Words("offer", Language.EN, "UTC", REFERENCE, "", variants("offer")[0])
    layout = rendering._environment().get_template("layout/email.txt.j2")
    with pytest.raises(jinja2.UndefinedError):
        layout.render(words.values(""))


def test_an_unknown_word_stops_the_message() -> None:
    with pytest.raises(KeyError):
        rendered("escalation_coordinator", "email", Language.ES, {"waiting_for": "godot"})


def test_a_deadline_without_a_zone_stops_the_message() -> None:
    with pytest.raises(ValueError, match="zone"):
        rendered("consent_reminder", "email", Language.ES, {"due_at": "2026-09-27T22:30:00"})


def test_a_deadline_is_told_in_local_time() -> None:
    parameters = {"due_at": "2026-09-27T22:30:00+00:00"}
    assert (
        "lunes, 28 de septiembre de 2026, 00:30 CEST"
        in rendered("consent_reminder", "email", Language.ES, parameters).text
    )
    assert "28/09 00:30 CEST" in rendered("consent_reminder", "sms", Language.ES, parameters).text
    assert (
        "Monday, 28 September 2026, 00:30 CEST" in rendered("consent_reminder", "email", Language.EN, parameters).text
    )
    words = Words("consent_reminder", Language.EN, "America/Los_Angeles", REFERENCE, LINK, parameters)
    assert "27 September 2026, 15:30 PDT" in render("email", words).text


@given(role=st.text(min_size=1, max_size=40))
def test_what_is_put_into_html_is_escaped(role: str) -> None:
    parameters = {"role": f"<script>{role}", "due_at": "2026-09-27T22:30:00+00:00"}
    said = rendered("offer", "email", Language.EN, parameters)
    assert "<script" not in said.html
    assert html.escape("<script>") in said.html
    assert "<script>" in said.text


def test_texts_fetch_nothing(tmp_path: Path) -> None:
    said = rendered("offer", "email", Language.EN, variants("offer")[0]).html
    assert set(re.findall(r"https?://[^\"'<\s]+", said)) == {LINK}
    assert not re.search(r"<(img|link|script|iframe)|url\(|@import", said)


@pytest.mark.parametrize("event", EVENTS)
def test_only_the_right_people_get_the_right_parameters(event: str) -> None:
    known = EVENTS[event]
    for kind in RecipientKind:
        if kind in known.recipients:
            known.check(kind, variants(event)[0])
        else:
            with pytest.raises(ValueError, match="does not go to"):
                known.check(kind, variants(event)[0])
    with pytest.raises(ValueError, match="patient_name"):
        known.check(known.recipients[0], variants(event)[0] | {"patient_name": "Núria"})
    if known.parameters:
        with pytest.raises(ValueError, match=known.parameters[0]):
            known.check(known.recipients[0], {})


def test_every_reminder_and_escalation_ends_with_its_case() -> None:
    for name, event in EVENTS.items():
        assert (event.timing is Timing.REMINDER) == bool(re.search("reminder|overdue|escalation", name)), name


@given(st.text())
def test_an_sms_is_never_longer_than_its_segments(text: str) -> None:
    count = segments(text)
    assert count >= 1
    if fits_gsm7(text) and not set(text) - BASIC:
        assert len(text) <= (160 if count == 1 else 153 * count)


@given(st.text())
def test_unaccenting_never_makes_a_text_worse(text: str) -> None:
    assert fits_gsm7(to_gsm7(text)) or not fits_gsm7(text)
    assert to_gsm7(to_gsm7(text)) == to_gsm7(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("á" * 70, 1),
        ("á" * 71, 2),
        ("😀" * 36, 2),
    ],
)
def test_segments_are_counted_as_the_standard_says(text: str, count: int) -> None:
    assert segments(text) == count


def test_accents_that_sms_lacks_are_dropped_and_others_kept() -> None:
    assert to_gsm7("Opinión del ñandú, à propos, sol·licitud “así”") == 'Opinion del ñandu, à propos, sol.licitud "asi"'
