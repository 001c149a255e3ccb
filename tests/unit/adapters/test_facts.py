from datetime import UTC, date, datetime

import pytest

from pathways.facts import NEVER, ClinicalItem, ClinicalRecord, ObservationItem, PatientDemographics
from pathways.requirements import ReceivedDocument
from pathways.vocabulary import CodeSystem, Coding
from secunda.adapters.facts import case_facts

TODAY = date(2026, 11, 22)
DICOM = "application/dicom"


def item(code: str, system: CodeSystem = CodeSystem.SNOMED_CT, *, active: bool = True) -> ClinicalItem:
    return ClinicalItem(codings=(Coding(system=system, code=code),), active=active)


def result(code: str, value: float | None, year: int | None = None) -> ObservationItem:
    observed = datetime(year, 1, 1, tzinfo=UTC) if year else None
    return ObservationItem(codings=(Coding(system=CodeSystem.LOINC, code=code),), value=value, observed_at=observed)


def record(born: date | None = date(1967, 4, 12), **fields: tuple[object, ...]) -> ClinicalRecord:
    return ClinicalRecord(patient=PatientDemographics(birth_date=born, sex="female"), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("born", "age"), [(date(1967, 11, 22), 59), (date(1967, 11, 23), 58), (date(2026, 11, 22), 0), (None, 50)]
)
def test_age_is_in_completed_years(born: date | None, age: int) -> None:
    assert case_facts(record(born), today=TODAY).age == age


def test_codes_are_bare_and_those_of_unknown_systems_are_left_out() -> None:
    facts = case_facts(
        record(
            conditions=(item("C50.9", CodeSystem.ICD_10), item("1"), item("1"), item("2", active=False)),
            procedures=(item("27447", CodeSystem.CPT), item("27447", CodeSystem.OTHER), item("9", CodeSystem.OTHER)),
            medications=(item("3", CodeSystem.RXNORM), item("4", active=False)),
        ),
        today=TODAY,
    )
    assert (facts.conditions, facts.past_conditions) == (("1", "C50.9"), ("2",))
    assert (facts.procedures, facts.medications) == (("27447",), ("3",))


def test_the_latest_number_of_each_result_counts() -> None:
    results = (result("718-7", 9.0, 2026), result("718-7", 13.0, 1950), result("718-7", 7.0), result("x-1", None, 2026))
    assert case_facts(record(observations=results), today=TODAY).observations == {"718-7": 9.0}


def test_imaging_is_what_was_received_as_dicom() -> None:
    documents = [
        ReceivedDocument(id="1", loinc="18745-0", media_type=DICOM, modality="XA", frames=40),
        ReceivedDocument(id="2", loinc="18748-4", media_type="application/pdf", modality="CT"),
    ]
    facts = case_facts(record(), today=TODAY, documents=documents)
    assert (facts.documents, facts.imaging, facts.cine_imaging) == (("18745-0", "18748-4"), ("XA",), True)


def test_a_dose_grid_of_many_frames_is_no_film() -> None:
    dose = ReceivedDocument(id="1", media_type=DICOM, modality="RTDOSE", frames=15)
    assert not case_facts(record(), today=TODAY, documents=[dose]).cine_imaging


@pytest.mark.parametrize(
    ("planned", "days"),
    [(None, NEVER), (date(2026, 11, 29), 7), (TODAY, 0), (date(2026, 11, 1), 0), (date(2090, 1, 1), NEVER)],
)
def test_days_to_what_is_planned(planned: date | None, days: int) -> None:
    facts = case_facts(record(), today=TODAY, procedure_on=planned, treatment_starts_on=planned)
    assert (facts.days_to_procedure, facts.days_to_treatment) == (days, days)


def test_months_of_symptoms_and_phenotype_terms_are_counted() -> None:
    terms = (item("HP:0001250", CodeSystem.HPO), item("HP:0001250", CodeSystem.HPO), item("HP:0000252", CodeSystem.HPO))
    facts = case_facts(record(conditions=terms), today=TODAY, first_symptoms_on=date(2025, 10, 23))
    assert (facts.phenotype_terms, facts.months_since_first_symptoms) == (2, 12)
