"""The most urgent class of all rules that hold, and the rule that every pathway has."""

from pathlib import Path

import pytest

from pathways.errors import PathwayError
from pathways.facts import CaseFacts
from pathways.triage import triage
from tests.unit.pathways.tiny import pathway


def test_no_rule_gives_the_default(tmp_path: Path) -> None:
    result = triage(pathway(tmp_path), CaseFacts())
    assert (result.urgency, result.held, result.is_default) == ("P3", (), True)


def test_the_most_urgent_rule_wins_and_all_are_told_with_their_reasons(tmp_path: Path) -> None:
    result = triage(pathway(tmp_path), CaseFacts(planned_procedure="33533", flags=("left_main",)))
    assert result.urgency == "P1"
    assert [(rule.key, rule.urgency, rule.reason.es) for rule in result.held] == [
        ("left_main", "P1", "Lesión del tronco."),
        ("planned", "P2", "Hay un procedimiento previsto."),
    ]
    assert [rule.key for rule in result.deciding] == ["left_main"]


@pytest.mark.parametrize(("days", "urgency"), [(0, "P1"), (7, "P1"), (8, "P2"), (-1, "P2"), (9999, "P2")])
def test_a_procedure_within_seven_days_makes_any_case_p1(tmp_path: Path, days: int, urgency: str) -> None:
    result = triage(pathway(tmp_path), CaseFacts(planned_procedure="33533", days_to_procedure=days))
    assert result.urgency == urgency


def test_an_emergency_stays_one_however_near_the_procedure(tmp_path: Path) -> None:
    assert triage(pathway(tmp_path), CaseFacts(flags=("collapse",), days_to_procedure=2)).urgency == "P0"


def test_a_broken_rule_is_named(tmp_path: Path) -> None:
    broken = pathway(tmp_path, "when: '\"left_main\" in flags'", "when: lef_main")
    with pytest.raises(PathwayError, match="`lef_main`"):
        triage(broken, CaseFacts())
