"""What the steps and actions say is what the table of messages knows: the calls are read from the source."""

import ast
from collections.abc import Iterator

import pytest

from secunda.messages import EVENTS
from secunda.messages.events import ASSIGNMENT
from tests.conftest import CHECKOUT

CALLS = {"tell", "tell_on_other_channel"}  # of secunda.notices
NOT_PARAMETERS = {"channel", ASSIGNMENT}


def calls() -> Iterator[tuple[str, str, set[str], bool]]:
    """Place, event, names of parameters, and whether there are more that only show at run time (`**about`)."""
    for folder in ("tasks", "flows", "secunda"):
        for path in sorted((CHECKOUT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call) or len(node.args) < 3 or not isinstance(node.args[1], ast.Constant):
                    continue
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in CALLS:
                    given = {keyword.arg for keyword in node.keywords}
                    place = f"{path.relative_to(CHECKOUT)}:{node.lineno}"
                    yield place, str(node.args[1].value), {word for word in given if word}, None in given


FOUND = list(calls())


@pytest.mark.parametrize(("place", "event", "given", "more"), FOUND, ids=[f"{call[0]}-{call[1]}" for call in FOUND])
def test_every_message_that_is_sent_is_in_the_table(place: str, event: str, given: set[str], more: bool) -> None:
    assert event in EVENTS, place
    needed = set(EVENTS[event].parameters)
    assert given - NOT_PARAMETERS <= needed, place
    assert more or given - NOT_PARAMETERS == needed, place


def test_the_calls_are_found_at_all() -> None:
    assert {"consent_requested", "offer", "report_ready"} <= {event for _, event, _, _ in FOUND}
