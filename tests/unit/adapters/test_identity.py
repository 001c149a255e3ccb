from datetime import date
from typing import Any

import pytest

from pathways.facts import PatientDemographics
from secunda.adapters.file_facts import FileWarning
from secunda.adapters.identity import differences

EXPECTED = PatientDemographics(
    given_name="Juan José", family_name="García Pérez", birth_date=date(1967, 4, 12), sex="male"
)


def found(**fields: Any) -> tuple[FileWarning, ...]:
    return differences(PatientDemographics(**fields), EXPECTED)


@pytest.mark.parametrize(
    "name",
    [
        {"given_name": "JUAN", "family_name": "GARCIA PEREZ"},
        {"given_name": "Juan J.", "family_name": "Garcia"},
        {"given_name": "García", "family_name": "Juan"},
        {"family_name": "Garcia-Perez Juan Jose"},
        {"family_name": "Pérez"},
    ],
)
def test_a_name_is_the_same_however_it_is_written(name: dict[str, str]) -> None:
    assert found(**name, birth_date=date(1967, 4, 12), sex="male") == ()


@pytest.mark.parametrize(
    "name",
    [
        {"given_name": "María", "family_name": "García Pérez"},
        {"given_name": "Pedro", "family_name": "López"},
        {"given_name": "Juan", "family_name": "López"},
    ],
)
def test_another_name_is_marked_also_that_of_a_sibling(name: dict[str, str]) -> None:
    assert found(**name, birth_date=date(1967, 4, 12)) == (FileWarning.PATIENT_NAME_DIFFERS,)


def test_initials_say_nothing() -> None:
    assert found(family_name="G P", birth_date=date(1967, 4, 12)) == ()


@pytest.mark.parametrize(("family", "given", "differs"), [("李", "伟", False), ("王", "芳", True), ("李", "娜", True)])
def test_where_a_sign_is_a_word_one_sign_is_a_name(family: str, given: str, differs: bool) -> None:
    expected = PatientDemographics(family_name="李", given_name="伟")
    warned = differences(PatientDemographics(family_name=family, given_name=given), expected)
    assert (FileWarning.PATIENT_NAME_DIFFERS in warned) is differs


def test_birth_date_and_sex_are_compared_where_both_are_known() -> None:
    name = {"given_name": "Juan", "family_name": "García"}
    assert found(**name, birth_date=date(1967, 12, 4), sex="female") == (
        FileWarning.PATIENT_BIRTH_DATE_DIFFERS,
        FileWarning.PATIENT_SEX_DIFFERS,
    )
    assert found(**name) == ()


def test_a_document_that_names_nobody_is_marked_and_one_that_cannot_is_not() -> None:
    assert found() == (FileWarning.PATIENT_NOT_NAMED,)
    assert differences(None, EXPECTED) == ()
