"""Known codes and subspecialties, and check digits against codes that others published."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.check.codes import is_icd_10
from pathways.terminology import document_types, modalities_of, subspecialties
from pathways.terminology.check_digits import is_loinc, is_snomed_ct


def test_every_known_document_type_has_a_right_check_digit_and_both_names() -> None:
    assert [code for code in document_types() if not is_loinc(code)] == []
    assert all(one.en and one.es for one in [*document_types().values(), *subspecialties().values()])


def test_a_film_of_the_coronaries_is_an_angiography() -> None:
    assert modalities_of("18745-0") == ("XA",)
    assert modalities_of("1-8") == ()


@pytest.mark.parametrize("code", ["254837009", "22298006", "84757009", "73211009", "900000000000207008"])
def test_published_snomed_ct_codes_are_right(code: str) -> None:
    assert is_snomed_ct(code)


@pytest.mark.parametrize("code", ["", "254837008", "25483700", "C50.9", "٢٥٤٨٣٧٠٠٩", "100019", "254837019"])
def test_what_is_no_snomed_ct_concept_is_refused(code: str) -> None:
    assert not is_snomed_ct(code)


@given(st.integers(0, 8), st.integers(1, 9))
def test_verhoeff_finds_every_single_wrong_digit(place: int, shift: int) -> None:
    digits = list("254837009")
    digits[place] = str((int(digits[place]) + shift) % 10)
    assert not is_snomed_ct("".join(digits))


@given(st.integers(0, 7))
def test_verhoeff_finds_every_swap_of_neighbours(place: int) -> None:
    digits = list("254837009")
    digits[place], digits[place + 1] = digits[place + 1], digits[place]
    assert is_snomed_ct("".join(digits)) == (digits == list("254837009"))


@pytest.mark.parametrize("code", ["", "11526", "11526-2", "11526-", "-1", "11526-11", "LP1-8", "１-8"])
def test_what_is_no_loinc_code_is_refused(code: str) -> None:
    assert not is_loinc(code)


def test_every_code_of_real_records_passes(test_data: Path) -> None:
    wrong, seen = set(), 0
    checks = {"http://snomed.info/sct": is_snomed_ct, "http://loinc.org": is_loinc}

    def look(node: object) -> None:
        nonlocal seen
        if isinstance(node, dict):
            check = checks.get(str(node.get("system")))
            if check and "code" in node:
                seen += 1
                if not check(str(node["code"])):
                    wrong.add(node["code"])
            for value in node.values():
                look(value)
        elif isinstance(node, list):
            for value in node:
                look(value)

    for path in (test_data / "synthea-r4").glob("*.json"):
        look(json.loads(path.read_text(encoding="utf-8")))
    assert seen > 1000
    assert {code for code in wrong if not is_loinc(code)} == set()  # Synthea files one LOINC code under SNOMED CT


@pytest.mark.parametrize(
    ("code", "known"),
    [("C50", True), ("C50.911", True), ("I21.4", True), ("I70.29", True), ("C50.777", False), ("I29", False)],
)
def test_icd_10_knows_the_american_codes_and_the_whos_subdivisions(code: str, known: bool) -> None:
    assert is_icd_10(code) is known
