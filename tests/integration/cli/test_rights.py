"""`secunda right`: what a patient asks for by law is answered from the command line as from the case's page."""

import pytest

from models.rights_request import Right
from secunda.actions.rights import request_right
from tests.integration.cli.conftest import Run, snapshot

WHY = "The law keeps medical records for five years."


@pytest.fixture
def asked(launched: str) -> str:
    """The reference of a case whose patient asks for erasure."""
    request_right(launched, Right.ERASURE, "patient")
    return launched


def test_what_is_owed_is_listed_until_it_is_answered(secunda: Run, asked: str) -> None:
    (owed,) = secunda("right", "list", "--json").json
    assert (owed["case"], owed["right"], owed["answer"], owed["is_late"]) == (asked, "erasure", "", False)
    assert asked in secunda("right", "list", "--case", asked).out
    done = secunda("right", "answer", asked, "erasure", "refused", "--reason", WHY, "--actor", "cli:ana", "--json")
    assert (done.status, done.json) == (0, {"case": asked, "right": "erasure", "answer": "refused"})
    assert secunda("right", "list").out == "No request.\n"
    (answered,) = secunda("right", "list", "--all", "--json").json
    assert (answered["answer"], answered["reason"]) == ("refused", WHY)
    said = secunda("case", "history", asked, "--json").json
    assert [one["actor"] for one in said if one["kind"] == "right_answered"] == ["cli:ana"]


def test_the_same_answer_again_is_harmless_and_another_is_refused(secunda: Run, asked: str, database: str) -> None:
    assert secunda("right", "answer", asked, "Erasure", "granted").status == 0
    before = snapshot(database)
    assert secunda("right", "answer", asked, "erasure", "granted").status == 0
    other = secunda("right", "answer", asked, "erasure", "partly", "--reason", WHY, "--json")
    assert (other.status, other.error["message"]) == (1, "This request was answered already.")
    assert snapshot(database) == before


def test_more_time_is_taken_once_and_with_a_reason(secunda: Run, asked: str) -> None:
    assert secunda("right", "extend", asked, "erasure", "--json").error["message"] == "A reason is owed."
    assert secunda("right", "extend", asked, "erasure", "--reason", "Many records.").status == 0
    assert "Many records." in secunda("right", "list").out
    again = secunda("right", "extend", asked, "erasure", "--reason", "Many records.", "--json")
    assert "the law gives it once" in again.error["message"]


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("CASE", "access", "granted"), 2, "The patient has not asked for this."),
        (("CASE", "erasure", "refused"), 2, "A reason is owed."),
        (("CASE", "erasure", "partly", "--reason", "x" * 1001), 2, "longer than 1,000 characters"),
        (("CASE", "erasure", "grant"), 2, "'grant' is not known here."),
        (("CASE", "erase", "granted"), 2, "'erase' is not known here."),
        (("SO-0000-0000", "erasure", "granted"), 2, "There is no case"),
    ],
)
def test_what_cannot_be_answered_changes_nothing(
    secunda: Run, asked: str, database: str, words: tuple[str, ...], status: int, message: str
) -> None:
    before = snapshot(database)
    done = secunda("right", "answer", *(asked if word == "CASE" else word for word in words), "--json")
    assert (done.status, message in done.error["message"]) == (status, True), done.err
    assert snapshot(database) == before
