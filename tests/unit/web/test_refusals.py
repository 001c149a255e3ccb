"""What is refused is told in the reader's language, with the values that it was refused for."""

import pytest

from pathways import loader
from pathways.gaps import gap
from pathways.sections import MISSING
from pathways.triage import UNIVERSAL_RULES
from pathways.vocabulary import Text
from secunda.adapters.fhir.incoming import BundleWarning
from secunda.adapters.file_facts import FileWarning
from secunda.errors import BadInputError, ConflictError
from secunda.messages.events import EVENTS
from secunda.recipients import RecipientKind
from secunda.views.words import WORDS
from secunda.web.catalogues import LANGUAGES
from secunda.web.coordinator import case_words
from secunda.web.coordinator.words import NOTICED
from secunda.web.patient.purposes import PURPOSES
from secunda.web.refusal_texts import refusals, texts_of
from secunda.web.refusals import in_words, refusal, say

OTHERS = [language for language in LANGUAGES if language != "en"]


@pytest.mark.parametrize("language", OTHERS)
def test_a_refusal_keeps_its_values_and_says_states_in_words(language: str) -> None:
    told = refusal("Case SO-7K2M-Q9ZD is awaiting_documents; its opinions cannot be corrected now.", language)
    assert "SO-7K2M-Q9ZD" in told and "awaiting_documents" not in told and "cannot be corrected" not in told


def test_the_template_that_says_most_is_the_one() -> None:
    told = refusal("The bundle is not valid FHIR R4: Patient.name is missing.", "es")
    assert told == "El paquete no es FHIR R4 válido: Patient.name is missing."
    assert refusal("The file is a Windows program.", "de") == "Die Datei ist ein Windows-Programm."
    assert refusal("'ecg' is mandatory.", "fr") == "'ecg' est obligatoire."


def test_in_english_too_a_state_is_said_as_people_say_it() -> None:
    told = refusal("Case SO-7K2M-Q9ZD is on_hold; its report is not delivered yet.", "en")
    assert told == "Case SO-7K2M-Q9ZD is On hold; its report is not delivered yet."


def test_what_nobody_translated_stays_as_it_is() -> None:
    assert refusal("Something else altogether.", "ca") == "Something else altogether."


def test_advice_for_the_command_line_is_left_out() -> None:
    error = ConflictError("Case SO-1 is not on hold.", "`secunda case resume` goes on.")
    assert in_words(error, "en") == "Case SO-1 is not on hold."
    assert in_words(BadInputError("A reason is owed.", "Give it one."), "pt") == "É preciso um motivo. Dê-lhe um."


def test_the_texts_of_errors_are_found_where_they_are_raised() -> None:
    source = """
_AGAIN = "Send it again."
def f(case, other, key):
    raise BadInputError(f"Case {case.reference} has no {key!r} of {other.reference}.", _AGAIN)
    raise ConflictError("one way here" if key else "the other way", "`on the command line`")
    raise NotFoundError(f"{key}.")
"""
    assert list(texts_of(source)) == [
        "Case {reference} has no {key} of {reference_2}.",
        "Send it again.",
        "one way here",
        "the other way",
    ]
    assert len(refusals()) > 200


@pytest.mark.parametrize("language", OTHERS)
def test_gaps_and_exclusions_are_told_with_their_values(language: str) -> None:
    missing = gap("/sections/tnm", MISSING, title="TNM stage")
    told = say(missing.message, language)
    assert "TNM" in told and told != missing.message.en
    excluded = Text(en="Has 3 assignments and takes 2 at once.", es="Tiene 3 asignaciones y admite 2 a la vez.")
    told = say(excluded, language)
    assert "3" in told and "2" in told and told != excluded.en


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_that_a_pathway_says_is_left_in_english(language: str) -> None:
    """Clinical situations, the reasons of triage, roles, sections, kinds of document: of every shipped pathway."""
    for loaded in loader.load_all().values():
        pathway = loaded.pathway
        rules = (*pathway.triage.rules, *UNIVERSAL_RULES)
        for text in (*(one.title for one in pathway.flags), *(one.reason for one in rules)):
            assert say(text, language) != text.en or text.en in ALIKE, text.en


#: Words that are written alike in English and another language.
ALIKE = {"Endocarditis", "Endocarditis.", "Status epilepticus."}


def test_everything_that_is_noticed_in_a_bundle_has_its_words() -> None:
    assert set(NOTICED) == set(BundleWarning)


def test_every_message_state_and_warning_has_its_words() -> None:
    """What the case page shows of codes, and the history too."""
    assert set(case_words.EVENTS) == set(EVENTS)
    assert set(case_words.WARNINGS) == set(FileWarning)
    assert set(case_words.RECIPIENTS) == {kind.value for kind in RecipientKind} - {"expert"}
    assert {one.key for one in PURPOSES} <= set(WORDS)
