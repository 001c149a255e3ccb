"""Free text as paragraphs and lists."""

from hypothesis import given
from hypothesis import strategies as st

from secunda.reporting.prose import blocks


def test_an_empty_line_begins_a_paragraph() -> None:
    assert [block.lines for block in blocks("One.\n\nTwo.\n  \nThree.")] == [("One.",), ("Two.",), ("Three.",)]


def test_lines_with_dashes_are_a_list() -> None:
    first, items, last = blocks("Before:\n- aspirin\n• bisoprolol\nAfter.")
    assert (first.lines, items.lines, last.lines) == (("Before:",), ("aspirin", "bisoprolol"), ("After.",))
    assert (first.is_list, items.is_list, last.is_list) == (False, True, False)


def test_a_negative_number_is_no_list() -> None:
    assert not blocks("-5 mmHg")[0].is_list


def test_a_line_that_an_editor_broke_is_joined_again() -> None:
    text = "The patient has had exertional chest pain since the autumn of last\nyear, twice a week."
    assert blocks(text)[0].lines == (text.replace("\n", " "),)


def test_a_short_line_is_a_line_of_its_own() -> None:
    assert blocks("BP 120/80\nHR 78")[0].lines == ("BP 120/80", "HR 78")


@given(st.text(max_size=300))
def test_no_word_is_lost(text: str) -> None:
    words = " ".join(line for block in blocks(text) for line in block.lines).split()
    dropped = [word for word in text.split() if word not in "-*•–"]
    assert [word for word in words if word not in "-*•–"] == dropped
