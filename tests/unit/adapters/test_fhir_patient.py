from datetime import UTC, date, datetime
from typing import Any

import pytest

from pathways.vocabulary import Language
from secunda.adapters.fhir.bundle import read_bundle
from secunda.adapters.fhir.incoming import BundleWarning, IncomingBundle
from secunda.adapters.fhir.problems import BundleError
from tests.unit.adapters.samples import PATIENT, bundle, coded, resource

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CANCER = coded("http://snomed.info/sct", "254837009", "Breast cancer")


def read(*resources: dict[str, Any], **patient: Any) -> IncomingBundle:
    return read_bundle(bundle(*resources, patient=PATIENT | patient), NOW)


def warnings(incoming: IncomingBundle) -> set[BundleWarning]:
    return {one.warning for one in incoming.noticed}


def test_a_bundle_without_a_patient_is_refused() -> None:
    with pytest.raises(BundleError, match="no Patient") as caught:
        read_bundle(bundle(resource("Condition", code=CANCER), patient=None), NOW)
    assert caught.value.remedy


def test_a_bundle_about_two_patients_names_both() -> None:
    other = {"resourceType": "Patient", "id": "p2", "name": [{"family": "Otra"}]}
    theirs = resource("Condition", code=CANCER) | {"subject": {"reference": "Patient/p2"}}
    with pytest.raises(BundleError) as caught:
        read(other, resource("Condition", code=CANCER), theirs)
    assert "/entry/0/resource" in caught.value.message
    assert "/entry/1/resource" in caught.value.message
    assert "Otra" not in str(caught.value)


def test_two_patients_of_whom_nothing_is_said_are_two_patients() -> None:
    with pytest.raises(BundleError, match="2 patients"):
        read({"resourceType": "Patient", "id": "p2", "name": [{"family": "Otra"}]})


def test_the_same_patient_entered_twice_is_one() -> None:
    assert read(PATIENT).record.patient.given_name == "Juan"


def test_who_only_pays_the_insurance_is_not_the_patient() -> None:
    parent = {"resourceType": "Patient", "id": "p2", "name": [{"family": "Madre"}]}
    coverage = {
        "resourceType": "Coverage",
        "status": "active",
        "beneficiary": {"reference": "Patient/p1"},
        "subscriber": {"reference": "Patient/p2"},
        "payor": [{"reference": "Patient/p2"}],
    }
    incoming = read(parent, coverage, resource("Condition", code=CANCER))
    assert incoming.record.patient.family_name == "García Pérez"
    assert len(incoming.record.conditions) == 1


def test_a_patient_that_is_only_contained_is_found() -> None:
    one = resource("Condition", code=CANCER, contained=[PATIENT | {"id": "me"}]) | {"subject": {"reference": "#me"}}
    incoming = read_bundle(bundle(one, patient=None), NOW)
    assert (incoming.record.patient.given_name, len(incoming.record.conditions)) == ("Juan", 1)


@pytest.mark.parametrize(
    ("written", "born", "partial"),
    [("1967-04-12", date(1967, 4, 12), False), ("1967-04", date(1967, 4, 1), True), ("1967", date(1967, 1, 1), True)],
)
def test_partial_birth_dates_are_read_and_marked(written: str, born: date, partial: bool) -> None:
    incoming = read(birthDate=written)
    assert incoming.record.patient.birth_date == born
    assert (BundleWarning.BIRTH_DATE_PARTIAL in warnings(incoming)) is partial


def test_an_absent_birth_date_is_marked() -> None:
    incoming = read_bundle(bundle(patient={"resourceType": "Patient"}), NOW)
    assert incoming.record.patient.birth_date is None
    assert BundleWarning.NO_BIRTH_DATE in warnings(incoming)


@pytest.mark.parametrize("written", ["2026-11-23", "1867-01-01"])
def test_an_impossible_birth_date_is_refused(written: str) -> None:
    with pytest.raises(BundleError, match="birth date") as caught:
        read(birthDate=written)
    assert caught.value.place == "/entry/0/resource/birthDate"


def test_minors_and_the_deceased_are_marked() -> None:
    assert BundleWarning.PATIENT_IS_MINOR in warnings(read(birthDate="2008-11-23"))
    assert BundleWarning.PATIENT_IS_MINOR not in warnings(read(birthDate="2008-11-22"))
    dead = read(deceasedDateTime="2026-01-02T10:00:00+01:00")
    assert (dead.deceased, dead.deceased_on) == (True, date(2026, 1, 2))
    assert BundleWarning.PATIENT_DECEASED in warnings(dead)
    assert not read(deceasedBoolean=False).deceased


def test_the_name_in_use_is_taken() -> None:
    names = [
        {"use": "maiden", "family": "Antes", "given": ["J"]},
        {"use": "old", "family": "Viejo"},
        {"family": "García", "given": ["Juan"], "period": {"end": "2001"}},
        {"use": "official", "family": "García Pérez", "given": ["Juan", "José"]},
    ]
    patient = read(name=names).record.patient
    assert (patient.given_name, patient.family_name) == ("Juan José", "García Pérez")
    assert read(name=[{"text": "Juan García"}]).record.patient.family_name == "Juan García"


def test_contacts_that_cannot_be_used_are_kept_apart() -> None:
    telecom = [
        {"system": "phone", "value": "+34 (600) 111 222, ask for the ward"},
        {"system": "phone", "value": "call the ward in the morning please"},
        {"system": "email", "value": "no address"},
    ]
    found = [(one.system, one.value) for one in read(telecom=telecom).record.patient.telecom]
    assert found == [("phone", "+34600111222"), ("other", telecom[1]["value"]), ("other", "no address")]


def test_contacts_address_and_language_are_read() -> None:
    patient = read(
        telecom=[
            {"system": "email", "value": "j@example.org"},
            {"system": "fax", "value": "1"},
            {"system": "phone", "value": "2", "use": "old"},
        ],
        address=[{"use": "old", "city": "Lleida"}, {"line": ["C/ Mayor 1"], "city": "Huesca", "postalCode": "22001"}],
        communication=[
            {"language": coded("urn:ietf:bcp:47", "en")},
            {"language": coded("urn:ietf:bcp:47", "ca-ES"), "preferred": True},
        ],
    ).record.patient
    assert [(one.system, one.value) for one in patient.telecom] == [("email", "j@example.org"), ("other", "1")]
    assert patient.address == "C/ Mayor 1, 22001, Huesca"
    assert patient.language is Language.CA
    assert read(communication=[{"language": coded("urn:ietf:bcp:47", "eu")}]).record.patient.language is None


@pytest.mark.parametrize(
    "reference",
    [
        {"reference": "Patient/p1"},
        {"reference": "https://hospital.example/fhir/Patient/p1"},
        {"reference": "Patient/p1/_history/3"},
        {"reference": "Patient?identifier=urn:oid:2.16.724|77"},
        {"identifier": {"system": "urn:oid:2.16.724", "value": "77"}},
        {"type": "Patient", "identifier": {"value": "77"}},
    ],
)
def test_a_subject_is_found_however_it_is_referred_to(reference: dict[str, Any]) -> None:
    incoming = read(resource("Condition", code=CANCER) | {"subject": reference})
    assert len(incoming.record.conditions) == 1
    assert incoming.noticed == ()


def test_a_subject_is_found_by_its_full_url() -> None:
    urn = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"
    one = resource("Condition", code=CANCER) | {"subject": {"reference": urn}}
    content = bundle(one).replace(
        b'{"resource": {"resourceType": "Patient"',
        b'{"fullUrl": "%s", "resource": {"resourceType": "Patient"' % urn.encode(),
    )
    assert len(read_bundle(content, NOW).record.conditions) == 1  # fmt: skip


@pytest.mark.parametrize("reference", ["Patient/other", "urn:uuid:x", "#p1", "Patient?identifier=a|b", "Group/p1"])
def test_somebody_elses_record_is_left_out_and_marked(reference: str) -> None:
    incoming = read(resource("Condition", code=CANCER) | {"subject": {"reference": reference}})
    assert incoming.record.conditions == ()
    assert [(one.warning, one.pointer) for one in incoming.noticed] == [
        (BundleWarning.SUBJECT_NOT_IN_BUNDLE, "/entry/1/resource")
    ]


def test_a_reference_to_nowhere_is_marked_once() -> None:
    one = resource("Condition", code=CANCER, recorder={"reference": "Practitioner/9"})
    incoming = read(one, one | {"id": "2"})
    assert [(item.warning, item.pointer) for item in incoming.noticed] == [
        (BundleWarning.REFERENCE_TO_NOWHERE, "/entry/1/resource/recorder")
    ]
    elsewhere = resource("Condition", code=CANCER, recorder={"reference": "https://x.example/Practitioner/9"})
    assert read(elsewhere).noticed == ()


TURNED: dict[str, Any] = {"modifierExtension": [{"url": "urn:not", "valueBoolean": True}]}


@pytest.mark.parametrize(
    "where", [TURNED, {"stage": [{"summary": {"text": "II"}} | TURNED]}, {"implicitRules": "urn:r"}]
)
def test_a_resource_whose_meaning_may_be_turned_round_is_left_out(where: dict[str, Any]) -> None:
    incoming = read(resource("Condition", code=CANCER, **where))
    assert incoming.record.conditions == ()
    assert warnings(incoming) == {BundleWarning.MODIFIER_NOT_UNDERSTOOD}


def test_a_patient_whose_meaning_may_be_turned_round_is_refused_by_the_name_of_the_element() -> None:
    with pytest.raises(BundleError, match="turn the meaning round") as caught:
        read(contact=[{"name": {"family": "Otra"}} | TURNED])
    assert caught.value.place == "/entry/0/resource/contact/0/modifierExtension/0"
