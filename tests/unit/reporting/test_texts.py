"""The report's own words: all there in every language, all used, all said to exist."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from pathways.opinion import Confidence, Stance
from pathways.rand import Appropriateness
from pathways.vocabulary import Concordance, Language, Urgency
from secunda.errors import BadInputError
from secunda.reporting.content import Milestone
from secunda.reporting.environment import TEMPLATES
from secunda.reporting.images import NotShown
from secunda.reporting.typeface import coverage
from secunda.reporting.words import Words, catalogue, languages

SOURCES = [*TEMPLATES.rglob("*.j2"), *(TEMPLATES.parents[1] / "secunda" / "reporting").glob("*.py")]
SOURCES.append(TEMPLATES.parents[1] / "secunda" / "report_sealing.py")  # says who signs to a screen reader
CODE = "\n".join(path.read_text() for path in SOURCES)

#: Keys that the templates put together from a prefix and a word of one of these vocabularies.
COMPOSED = {
    "concordance_": Concordance,
    "diagnosis_": Concordance,
    "treatment_": Concordance,
    "stance_": Stance,
    "vote_": Stance,
    "confidence_": Confidence,
    "urgency_": Urgency,
    "class_": Appropriateness,
    "timeline_": Milestone,
    "settled_by_": ("board", "third_reader"),
    "sex_": ("female", "male", "other"),
    "summary_diagnosis_": Concordance,
    "summary_treatment_": Concordance,
    "summary_confidence_": Confidence,
    "summary_next_": ("show", "ask", "decide"),
    "asked_by_": ("requester", "patient"),
    "image_left_out_": NotShown,
}


KEYS = catalogue("en").keys()


def test_a_report_can_be_printed_in_every_language_of_the_vocabulary() -> None:
    assert set(languages()) == set(Language)


@pytest.mark.parametrize("language", languages())
def test_every_text_is_there_in_every_language(language: str) -> None:
    assert KEYS ^ catalogue(language).keys() == set()


@pytest.mark.parametrize("language", languages())
def test_the_typeface_draws_every_text(language: str) -> None:
    written = "".join(str(entry) for entry in catalogue(language).values())
    assert {character for character in written if ord(character) not in coverage()} == set()


@pytest.mark.parametrize("language", languages())
def test_a_text_that_counts_has_every_plural_form_of_its_language(language: str) -> None:
    forms = {Words(language, "UTC").locale.plural_form(count) for count in (*range(200), 1_000_000)}
    lacking = {key: forms - set(entry) for key, entry in catalogue(language).items() if isinstance(entry, dict)}
    assert {key: lack for key, lack in lacking.items() if lack} == {}


def test_every_word_of_every_vocabulary_has_its_text() -> None:
    composed = {prefix + str(word) for prefix, words in COMPOSED.items() for word in words}
    assert composed - KEYS == set()


def test_every_text_that_is_asked_for_exists() -> None:
    asked = set(re.findall(r'\.text\(\s*"([A-Za-z0-9_]+)"\s*[,)]', CODE))
    assert len(asked) > 60
    assert asked - KEYS == set()


def test_no_text_is_left_over() -> None:
    used = set(re.findall(r"[\"']([A-Za-z0-9_]+)[\"']", CODE))
    composed = {prefix + str(word) for prefix, words in COMPOSED.items() for word in words}
    columns = {f"column_{name}" for name in used}
    assert KEYS - used - composed - columns == set()


def test_the_languages_of_a_text_fill_in_the_same_values() -> None:
    for key in KEYS:
        texts = [catalogue(language)[key] for language in languages()]
        places = {
            frozenset(re.findall(r"\{(\w+)\}", text if isinstance(text, str) else text["other"])) for text in texts
        }
        assert len(places) == 1, key


def test_a_counted_text_takes_its_plural_form() -> None:
    words = Words("es", "Europe/Madrid")
    assert [words.text("pages", count=count) for count in (1, 2)] == ["1 página", "2 páginas"]


def test_dates_and_numbers_are_written_as_the_language_writes_them() -> None:
    spanish, english = Words("es", "Europe/Madrid"), Words("en", "Europe/Madrid")
    days = {language: Words(language, "UTC").date(date(2026, 3, 1)) for language in languages()}
    assert days["de"] == "1. März 2026"
    assert days["ca"] == "1 de març del 2026"
    assert (days["fr"], days["pt"]) == ("1 mars 2026", "1 de março de 2026")
    assert Words("en", "UTC").date(date(2026, 3, 1), "yMMMd") == "1 Mar 2026"
    assert spanish.date(date(2026, 3, 20)) == "20 de marzo de 2026"
    assert english.date(date(2026, 3, 20)) == "20 March 2026"
    assert (spanish.number(26.5), english.number(26.5)) == ("26,5", "26.5")


def test_a_moment_is_printed_in_the_time_zone_of_the_case() -> None:
    late = datetime(2026, 3, 20, 23, 30, tzinfo=UTC)
    assert Words("en", "Europe/Madrid").moment(late) == "21 Mar 2026, 00:30"
    assert Words("en", "Europe/Madrid").date(late) == "21 March 2026"
    assert Words("en", "Atlantic/Canary").date(late) == "20 March 2026"


def test_a_short_time_is_told_in_hours_and_a_long_one_in_days() -> None:
    words = Words("en", "UTC")
    assert words.span(timedelta(hours=30)) == "30 hours"
    assert words.span(timedelta(hours=71)) == "3 days"


def test_a_language_without_texts_is_refused_with_those_that_have_them() -> None:
    with pytest.raises(BadInputError, match="ca, de, en, es, fr, pt"):
        Words("it", "UTC")
