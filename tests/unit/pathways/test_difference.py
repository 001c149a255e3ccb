"""What differs between two versions of a pathway: everything, and nothing else."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways import loader
from pathways.difference import Change, Difference, differences
from pathways.schema import Pathway
from pathways.vocabulary import Specialty
from tests.unit.pathways.altered import altered

SHIPPED = {specialty: loader.load(specialty).pathway for specialty in Specialty}
CARDIOLOGY = SHIPPED[Specialty.CARDIOLOGY]


def edited(pathway: Pathway, change: Any) -> Pathway:
    """Another version: `change` is given the content to change."""
    content = copy.deepcopy(loader.content(pathway))
    change(content)
    return Pathway.model_validate(content)


def found(change: Any) -> list[Difference]:
    return list(differences(CARDIOLOGY, edited(CARDIOLOGY, change)))


@pytest.mark.parametrize("specialty", Specialty)
def test_a_pathway_does_not_differ_from_itself(specialty: Specialty) -> None:
    assert differences(SHIPPED[specialty], loader.from_content(loader.content(SHIPPED[specialty]))) == ()


def test_a_document_that_is_asked_for_anew_is_told_whole() -> None:
    def ask(content: dict[str, Any]) -> None:
        title = {"en": "Spirometry", "es": "Espirometría"}
        content["documents"].append({"key": "spirometry", "title": title, "loinc": ["18759-1"]})

    (one,) = found(ask)
    assert (one.part, one.name, one.change) == ("documents", "spirometry", Change.ADDED)
    assert one.after["loinc"] == ["18759-1"]
    assert (one.after["title"]["es"], one.before) == ("Espirometría", None)


def test_what_changed_of_a_thing_is_told_field_by_field() -> None:
    def change(content: dict[str, Any]) -> None:
        ecg = next(one for one in content["documents"] if one["key"] == "ecg")
        ecg["obligation"], ecg["maximum_age"] = "mandatory", "77 days"

    before = next(one for one in CARDIOLOGY.documents if one.key == "ecg")
    assert [(one.name, one.field, one.before, one.after) for one in found(change)] == [
        ("ecg", "obligation", before.obligation, "mandatory"),
        ("ecg", "maximum_age", str(before.maximum_age) if before.maximum_age else None, "77 days"),
    ]


def test_deadlines_and_ladders_are_told_in_the_words_of_the_file() -> None:
    def change(content: dict[str, Any]) -> None:
        content["deadlines"]["acceptance"]["P1"] = "2 h"
        content["deadlines"]["documents"] = "7 days"
        content["chase"]["consent"][0] = {"at": "2 days", "do": "remind", "to": None}

    told = {(one.part, one.name): (one.before, one.after) for one in found(change)}
    assert told[("deadlines", "acceptance P1")] == ("4 h", "2 h")
    assert told[("deadlines", "documents")] == ("14 days", "7 days")
    first, second, *_ = told[("chase", "consent")][1]
    assert (first["at"], first["do"], second["at"], second["do"]) == ("2 days", "remind", "50 %", "change_channel")
    assert len(told) == 3


def test_another_order_of_what_is_printed_in_order_is_told() -> None:
    (one,) = found(lambda content: content["report"]["sections"].reverse())
    assert (one.part, one.field) == ("sections", "order")


def test_the_classes_of_a_deadline_have_no_order() -> None:
    def turn(content: dict[str, Any]) -> None:
        content["deadlines"]["report"] = dict(reversed(content["deadlines"]["report"].items()))

    assert loader.hash_of(edited(CARDIOLOGY, turn)) == loader.hash_of(CARDIOLOGY)
    assert found(turn) == []


@given(data=st.data(), specialty=st.sampled_from(Specialty))
def test_no_other_content_goes_unnoticed(data: st.DataObject, specialty: Specialty) -> None:
    """One value somewhere is another one, or one item of a list is gone: the hash differs, so a difference is told."""
    old = SHIPPED[specialty]
    new = altered(data, old)
    same = loader.hash_of(new) == loader.hash_of(old)
    assert (differences(old, new) == ()) == same


@given(st.sampled_from(Specialty), st.sampled_from(Specialty))
def test_what_was_added_is_removed_the_other_way_round(one: Specialty, other: Specialty) -> None:
    there, back = differences(SHIPPED[one], SHIPPED[other]), differences(SHIPPED[other], SHIPPED[one])
    opposite = {Change.ADDED: Change.REMOVED, Change.REMOVED: Change.ADDED, Change.CHANGED: Change.CHANGED}
    turned = [(d.part, d.name, d.field, opposite[d.change], d.after, d.before) for d in back]
    assert len(there) == len(back)
    assert all((d.part, d.name, d.field, d.change, d.before, d.after) in turned for d in there)
