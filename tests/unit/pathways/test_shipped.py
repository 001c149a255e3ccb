"""The shipped pathways have no findings, and are complete."""

from pathlib import Path

import pytest

from pathways.check import check
from pathways.loader import content, from_content, hash_of, load, load_all, paths
from pathways.vocabulary import Specialty


def test_every_specialty_has_a_pathway() -> None:
    assert set(load_all()) == set(Specialty)


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.stem)
def test_a_shipped_pathway_has_no_findings(path: Path) -> None:
    assert [str(problem) for problem in check(path)] == []


def test_every_pathway_lies_in_a_file_of_its_name() -> None:
    assert [path.stem for path in paths() if load(path).pathway.pathway != path.stem] == []


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.stem)
def test_a_shipped_pathway_survives_being_pinned(path: Path) -> None:
    loaded = load(path)
    assert hash_of(from_content(content(loaded.pathway))) == loaded.hash


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.stem)
def test_every_class_that_a_rule_may_give_has_an_example(path: Path) -> None:
    pathway = load(path).pathway
    shown = {example.expect.urgency for example in pathway.examples}
    assert {pathway.triage.default, *(rule.urgency for rule in pathway.triage.rules)} <= shown
