"""What is written for the patient is easy to read; the scores are printed (`pytest -s`, or on failure)."""

import pytest

from secunda.reporting.words import catalogue, languages
from tests.functional.shipped_reports import SPECIALTIES, example
from tests.unit.reporting.reading_ease import FORMULA, reading_ease

PLAIN = 55  # "standard" to "fairly easy" in every one of the scales
HARD = (
    "Notwithstanding the aforementioned contraindications, percutaneous revascularisation constitutes an "
    "alternative of comparatively inferior prognostic significance."
)


def test_every_language_has_its_formula() -> None:
    assert set(FORMULA) == set(languages())


def test_a_hard_sentence_scores_low_and_a_plain_one_high() -> None:
    assert reading_ease(HARD, "en") < 0
    assert reading_ease("Your heart is weak. We can help you.", "en") > 90


@pytest.mark.parametrize("language", languages())
def test_our_own_words_to_the_patient_are_plain(language: str) -> None:
    said = [entry for key, entry in catalogue(language).items() if key.startswith("summary_")]
    text = " ".join(one if isinstance(one, str) else one["other"] for one in said)
    score = reading_ease(text.replace("{count}", "").replace("{name}", ""), language)
    print(f"reading ease of the patient's page, {language}: {score:.0f}")  # noqa: T201 - the score is to be seen
    assert score >= PLAIN


@pytest.mark.parametrize("specialty", SPECIALTIES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_example_summaries_are_plain(specialty: str, language: str) -> None:
    score = reading_ease(example(specialty)["opinions"][language]["plain_summary"], language)
    print(f"reading ease of the summary, {specialty} {language}: {score:.0f}")  # noqa: T201 - the score is to be seen
    assert score >= PLAIN
