"""Who may enter a pathway, and which pathway a case's codes suggest."""

from pathlib import Path

import pytest

from pathways.eligibility import eligibility, fits, is_mandated, suggest
from pathways.facts import CaseFacts
from pathways.schema import CodeRange
from pathways.vocabulary import Coding, Specialty
from tests.unit.pathways.tiny import pathway


def code(system: str, code: str) -> Coding:
    return Coding.model_validate({"system": system, "code": code})


@pytest.mark.parametrize(
    ("system", "asked", "given", "expected"),
    [
        ("ICD-10", "C50", "C50", True),
        ("ICD-10", "C50", "C50.911", True),
        ("ICD-10", "C50.9", "C509", True),
        ("ICD-10", "C50", "c50.9", True),
        ("ICD-10", "C50", "C5", False),
        ("ICD-10", "C50", "C51.0", False),
        ("ICD-10", "C00-C97", "C97.8", True),
        ("ICD-10", "C00-C97", "C7A.1", True),
        ("ICD-10", "C00-C97", "D00", False),
        ("ICD-10", "I20.0-I20.8", "I20.9", False),
        ("ICD-10", "I20-I25", "I2", False),
        ("SNOMED-CT", "53741008", "53741008", True),
        ("SNOMED-CT", "53741008", "537410081", False),
        ("CPT", "33510-33536", "33510", True),
        ("CPT", "33510-33536", "33536", True),
        ("CPT", "33510-33536", "33537", False),
        ("CPT", "27447", "27447", True),
        ("OPS", "5-820", "5-820.0", True),
        ("OPS", "5-820", "5-821", False),
        ("ORPHA", "61", "616874", False),
    ],
)
def test_codes_fit_as_their_system_means(system: str, asked: str, given: str, expected: bool) -> None:
    assert fits(CodeRange.model_validate({"system": system, "code": asked}), code(system, given)) is expected


def test_the_same_digits_of_another_system_do_not_fit() -> None:
    assert not fits(CodeRange.model_validate({"system": "CPT", "code": "27447"}), code("other", "27447"))


def test_one_fitting_code_and_the_age_let_a_case_in(tmp_path: Path) -> None:
    found = eligibility(pathway(tmp_path), CaseFacts(age=60), [code("ICD-10", "I25.1"), code("ICD-10", "J45")])
    assert found.eligible
    assert found.codes == (code("ICD-10", "I25.1"),)
    assert found.reasons == ()


def test_a_refusal_says_every_reason(tmp_path: Path) -> None:
    found = eligibility(pathway(tmp_path), CaseFacts(age=12), [code("ICD-10", "J45")])
    assert not found.eligible
    assert found.reasons == (
        "No condition or planned procedure of the case belongs to Cardiology.",
        "Cardiology takes patients from 18 to 130 years of age.",
    )


def test_a_mandated_procedure_is_known(tmp_path: Path) -> None:
    assert is_mandated(pathway(tmp_path), code("CPT", "33533"))
    assert not is_mandated(pathway(tmp_path), code("CPT", "27447"))


def test_the_closest_pathway_is_suggested_first_with_its_codes(tmp_path: Path) -> None:
    heart = pathway(tmp_path)
    narrow = heart.eligibility.model_copy(update={"codes": (CodeRange(system="ICD-10", code="I25.1"),)})
    bones = heart.model_copy(update={"eligibility": narrow})
    found = suggest(
        {Specialty.CARDIOLOGY: heart, Specialty.ORTHOPEDICS: bones}, [code("ICD-10", "I25.1"), code("ICD-10", "J45")]
    )
    assert [(one.specialty, one.reason) for one in found] == [
        ("orthopedics", "ICD-10 I25.1"),
        ("cardiology", "ICD-10 I25.1"),
    ]
    assert suggest({Specialty.CARDIOLOGY: heart}, [code("ICD-10", "J45")]) == ()


def test_the_organs_specialty_is_suggested_before_the_general_ones(tmp_path: Path) -> None:
    heart = pathway(tmp_path)
    chosen = {Specialty.RADIOLOGY: heart, Specialty.CHRONIC_DISEASE: heart, Specialty.CARDIOLOGY: heart}
    found = [one.specialty for one in suggest(chosen, [code("SNOMED-CT", "53741008")])]
    assert found == ["cardiology", "radiology", "chronic_disease"]


def test_codes_of_any_length_are_as_specific_where_they_are_named(tmp_path: Path) -> None:
    heart = pathway(tmp_path)
    longer = heart.eligibility.model_copy(update={"codes": (CodeRange(system="SNOMED-CT", code="162864005"),)})
    chosen = {
        Specialty.CHRONIC_DISEASE: heart.model_copy(update={"eligibility": longer}),
        Specialty.CARDIOLOGY: heart,
    }
    given = [code("SNOMED-CT", "53741008"), code("SNOMED-CT", "162864005")]
    assert [one.specialty for one in suggest(chosen, given)] == ["cardiology", "chronic_disease"]
