"""The seats of a case's panel."""

from pathlib import Path

import pytest

from pathways.errors import PathwayError
from pathways.facts import CaseFacts
from pathways.panel import panel
from tests.unit.pathways.tiny import pathway

EXTRA = """\
  extra_reader:
    key: third_reader
    title: {en: Third reader, es: Tercer lector}
    subspecialties: [structural_heart_disease]
report:"""


def test_a_role_with_two_seats_is_two_seats(tmp_path: Path) -> None:
    seats = [(one.role, one.seat, one.blind_first) for one in panel(pathway(tmp_path), CaseFacts())]
    assert seats == [("cardiologist", 1, False), ("surgeon", 1, True), ("surgeon", 2, True)]


def test_a_conditional_role_joins_when_its_condition_holds(tmp_path: Path) -> None:
    seats = panel(pathway(tmp_path), CaseFacts(conditions=("I48.0",)))
    assert seats[-1].role == "electrophysiologist"
    assert seats[-1].subspecialties == ("cardiac_electrophysiology",)


def test_the_extra_reader_joins_when_called_and_once(tmp_path: Path) -> None:
    with_extra = pathway(tmp_path, "report:", EXTRA)
    assert "third_reader" not in {one.role for one in panel(with_extra, CaseFacts())}
    called = panel(with_extra, CaseFacts(), extra_roles=("third_reader", "third_reader"))
    assert [one.role for one in called].count("third_reader") == 1


def test_a_conditional_role_can_be_added_by_hand(tmp_path: Path) -> None:
    added = panel(pathway(tmp_path), CaseFacts(), extra_roles=("electrophysiologist",))
    assert "electrophysiologist" in {one.role for one in added}


def test_an_unknown_extra_role_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PathwayError, match="no role 'barber'"):
        panel(pathway(tmp_path), CaseFacts(), extra_roles=("barber",))
