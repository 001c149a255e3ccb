import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.names import is_same_institution, is_same_person

names = st.text(st.sampled_from("aábcñ .,'-&SL"), max_size=20)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hospital La Paz", "HOSPITAL UNIVERSITARIO LA PAZ, S.A."),
        ("Hospital Clínic", "hospital clinic de Barcelona"),
        ("Vall d'Hebron", "Hospital Universitari Vall de Hebrón"),
        ("Quirón S. L. U.", "Quiron"),
        ("Charité gGmbH", "CHARITÉ"),
        ("Herzzentrum Nord GmbH & Co. KG", "Herzzentrum Nord"),
        ("Mayo Clinic Inc.", "The Mayo Clinic"),
        ("St. Mary's Hospital", "ST MARY S HOSPITAL"),
        ("Hospital del Mar", "Mar Hospital"),
    ],
)
def test_the_same_institution_by_two_hands(one, other):
    assert is_same_institution(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Clínica La Paz", "Hospital La Paz"),
        ("Hospital", "Hospital Sant Pau"),
        ("Hospital San Juan", "Hospital San Pedro"),
        ("", ""),
        ("", "Hospital La Paz"),
    ],
)
def test_different_institutions(one, other):
    assert not is_same_institution(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dr. José García", "GARCÍA, José"),
        ("Dra. E. Robles", "Elena Robles Campos"),
        ("J. M. Ruiz", "José María Ruiz"),
    ],
)
def test_the_same_person_by_two_hands(one, other):
    assert is_same_person(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("García", "José García"), ("A. Pérez", "Ana Gómez"), ("Ana Pérez", "Eva Pérez"), ("", "")]
)
def test_different_people(one, other):
    assert not is_same_person(one, other)


@given(names, names)
def test_it_does_not_matter_who_is_named_first(one, other):
    assert is_same_institution(one, other) == is_same_institution(other, one)
    assert is_same_person(one, other) == is_same_person(other, one)


@given(names)
def test_case_and_a_legal_form_change_nothing(name):
    assert is_same_institution(name, name.upper()) == is_same_institution(name, name)
    assert is_same_institution(f"Hospital {name}", f"Hospital {name}, S.L.")
