"""Foreign text, made safe to set."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from secunda.reporting.printable import LONGEST_NAME, clean, short

ANY_TEXT = st.text(max_size=400)


@given(ANY_TEXT)
def test_nothing_invisible_is_printed(text: str) -> None:
    invisible = {"Cc", "Cf", "Cs", "Co", "Cn"}
    assert not [c for c in clean(text) if c not in "\n\u200b" and unicodedata.category(c) in invisible]


@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd"], max_codepoint=0x17F), max_size=100))
def test_latin_letters_and_digits_stay_as_they_are(text: str) -> None:
    assert clean(text) == unicodedata.normalize("NFC", text)


@given(ANY_TEXT)
def test_a_name_is_one_line_of_bounded_length(text: str) -> None:
    name = short(text)
    assert "\n" not in name
    assert len(name) <= LONGEST_NAME


def test_direction_overrides_cannot_turn_a_name_round() -> None:
    assert clean("Ana \u202egnp.exe\u202c \u2066Ruiz\u2069") == "Ana gnp.exe Ruiz"


def test_control_characters_go_and_newlines_stay() -> None:
    assert clean("one\x00\x07\r\ntwo\x1b[31m") == "one\ntwo[31m"


def test_a_symbol_that_the_typeface_lacks_is_named_not_dropped() -> None:
    assert clean("better 😀") == "better [grinning face]"


def test_medical_signs_are_printed_as_they_are() -> None:
    signs = "α β γ µ Δ ≥ ≤ ± × ° ½ → ª º – — « » “ ” … €"
    assert clean(signs) == signs


def test_letters_of_other_scripts_are_kept() -> None:
    assert clean("Łódź Żółć Ștefan Αθήνα Київ שלום 漢字") == "Łódź Żółć Ștefan Αθήνα Київ שלום 漢字"


def test_marks_cannot_climb_over_the_lines_above() -> None:
    assert len(clean("z" + "\u0301\u0302\u0303\u0304" * 50)) <= 5


def test_an_endless_word_gets_places_to_break_at() -> None:
    pieces = clean("W" * 10_000).split("\u200b")
    assert max(map(len, pieces)) == 24
    assert "".join(pieces) == "W" * 10_000
