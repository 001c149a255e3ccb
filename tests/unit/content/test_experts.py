"""The directory of invented experts can fill every panel, and holds no real address."""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from pathways.loader import load_all
from pathways.names import is_same_institution
from pathways.terminology import subspecialties

FILE = Path(__file__).parents[3] / "examples" / "experts.csv"
COLUMNS = [
    *("code", "name", "email", "phone", "subspecialties", "languages", "institution", "licences", "leave"),
    *("financial_interests", "practising_since", "capacity", "quality"),
]
TODAY = date(2026, 11, 22)  # when the directory was written
NEEDED = 3  # so that one may decline and one be late


def _rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _used() -> set[str]:
    panels = [loaded.pathway.panel for loaded in load_all().values()]
    roles = [role for panel in panels for role in (*panel.roles, *filter(None, [panel.extra_reader]))]
    return {key for role in roles for key in role.subspecialties}


def _is_free(row: dict[str, str]) -> bool:
    ends = {part[:2]: date.fromisoformat(part[3:]) for part in row["licences"].split(";")}
    since = date.fromisoformat(row["practising_since"])
    licensed = ends.get("ES", TODAY) > date(2027, 12, 31)
    return licensed and not row["leave"] and not row["financial_interests"] and since.year <= TODAY.year - 5


def test_the_directory_has_the_columns_that_the_import_reads() -> None:
    assert list(_rows()[0]) == COLUMNS


def test_every_subspecialty_of_every_panel_has_three_experts_of_different_institutions() -> None:
    institutions = defaultdict(set)
    for row in filter(_is_free, _rows()):
        for key in row["subspecialties"].split(";"):
            institutions[key].add(row["institution"])
    assert {key: len(institutions[key]) for key in _used() if len(institutions[key]) < NEEDED} == {}


def test_nobody_claims_a_subspecialty_that_does_not_exist() -> None:
    claimed = {key for row in _rows() for key in row["subspecialties"].split(";")}
    assert claimed - set(subspecialties()) == set()


def test_codes_and_addresses_are_unique_and_invented() -> None:
    rows = _rows()
    for column in ("code", "email", "phone", "name"):
        assert len({row[column] for row in rows}) == len(rows)
    assert all(row["email"].endswith("@example.org") for row in rows)


def test_no_two_institutions_can_be_taken_for_one() -> None:
    names = sorted({row["institution"] for row in _rows()})
    assert [(a, b) for a in names for b in names if a < b and is_same_institution(a, b)] == []


@pytest.mark.parametrize(("column", "least"), [("leave", 2), ("financial_interests", 2)])
def test_some_experts_show_why_one_is_excluded(column: str, least: int) -> None:
    assert sum(bool(row[column]) for row in _rows()) >= least
    assert any(date.fromisoformat(row["practising_since"]).year > TODAY.year - 5 for row in _rows())
