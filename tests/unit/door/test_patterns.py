"""What is said of a text that does not match its pattern."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from secunda.api import patterns
from secunda.api.handlers import invalid
from secunda.api.v1.shapes import PatientIn
from secunda.api.v1.webhooks import WebhookIn
from tests.integration.application import application

#: Checked by hand where it is read, with words of its own.
ELSEWHERE = {"^[!#-\\[\\]-~]+$"}


def in_the_openapi_file() -> set[str]:
    def walk(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("pattern"), str):
                yield node["pattern"]
            for one in node.values():
                yield from walk(one)
        elif isinstance(node, list):
            for one in node:
                yield from walk(one)

    return set(walk(application().openapi())) - ELSEWHERE


def test_every_pattern_of_the_api_is_in_the_table() -> None:
    assert patterns.EXPECTED.keys() >= in_the_openapi_file() != set()


@pytest.mark.parametrize("pattern", patterns.EXPECTED)
def test_every_example_is_what_is_asked_for(pattern: str) -> None:
    assert re.fullmatch(pattern, patterns.EXPECTED[pattern].example)


def test_a_text_that_does_not_match_is_told_what_would() -> None:
    written = {"family_name": "A", "given_names": ["B"], "birth_date": "1958-03-14", "email": "a(at)b", "phone": "0034"}
    with pytest.raises(ValidationError) as wrong:
        TypeAdapter(PatientIn).validate_python(written)
    problem = invalid([{**one, "loc": ("body", *one["loc"])} for one in wrong.value.errors()])
    assert [(fault.pointer, fault.detail) for fault in problem.faults] == [
        ("#/email", "Write one e-mail address, like maria@example.org."),
        ("#/phone", "Write an international number without spaces (E.164), like +34931234567."),
    ]


@pytest.mark.parametrize("written", [[], "x", 7, None])
def test_what_is_no_object_is_told_so_in_plain_words(written: Any) -> None:
    with pytest.raises(ValidationError) as wrong:
        TypeAdapter(PatientIn).validate_python(written, from_attributes=True)
    problem = invalid([{**one, "loc": ("body",)} for one in wrong.value.errors()])
    assert [(fault.pointer, fault.detail) for fault in problem.faults] == [("#", "This should be a JSON object.")]


def test_an_address_that_begins_wrongly_is_told_so_however_short_it_is() -> None:
    with pytest.raises(ValidationError) as wrong:
        TypeAdapter(WebhookIn).validate_python({"url": "ftp://x"})
    problem = invalid([{**one, "loc": ("body", *one["loc"])} for one in wrong.value.errors()])
    assert "begins with https://" in problem.faults[0].detail
