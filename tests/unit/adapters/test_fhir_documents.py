import base64
import hashlib
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pathways import loader
from pathways.terminology import document_types
from secunda.adapters.document_types import document_type
from secunda.adapters.fhir.bundle import read_bundle
from secunda.adapters.fhir.incoming import BundleWarning, IncomingDocument
from secunda.adapters.fhir.problems import BundleError
from tests.unit.adapters.samples import bundle, coded, pdf, resource

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LOINC = "http://loinc.org"
CONTENT = pdf()
DATA = base64.b64encode(CONTENT).decode()
HOSPITAL = {"resourceType": "Organization", "id": "h", "name": "Hospital del Mar"}


def documents(*resources: dict[str, Any]) -> tuple[IncomingDocument, ...]:
    return read_bundle(bundle(*resources), NOW).documents


def reference(*attachments: dict[str, Any], **elements: Any) -> dict[str, Any]:
    base = {"status": "current", "type": coded(LOINC, "11526-1", "Pathology"), "date": "2026-03-01T10:00:00Z"}
    return resource("DocumentReference", **(base | elements), content=[{"attachment": one} for one in attachments])


def test_an_attachment_in_the_bundle_is_a_document() -> None:
    one = reference({"contentType": "application/pdf", "data": DATA}, custodian={"reference": "Organization/h"})
    (document,) = documents(HOSPITAL, one)
    assert document.content == CONTENT
    assert (document.loinc, document.title, document.source) == ("11526-1", "Pathology", "Hospital del Mar")
    assert (document.documented_on, document.media_type) == (date(2026, 3, 1), "application/pdf")
    assert document.pointer == "/entry/2/resource/content/0/attachment"


def test_base64_may_be_broken_into_lines() -> None:
    (document,) = documents(reference({"data": "\n".join(DATA[at : at + 76] for at in range(0, len(DATA), 76))}))
    assert document.content == CONTENT


def test_a_binary_of_the_bundle_is_the_attachment() -> None:
    binary = {"resourceType": "Binary", "id": "b", "contentType": "application/pdf", "data": DATA}
    assert documents(binary, reference({"url": "Binary/b"}))[0].content == CONTENT


def test_an_attachment_elsewhere_is_a_pointer_with_its_hash() -> None:
    digest = hashlib.sha1(CONTENT).digest()
    (document,) = documents(reference({"url": "https://x.example/1.pdf", "hash": base64.b64encode(digest).decode()}))
    assert (document.content, document.source_url) == (None, "https://x.example/1.pdf")
    assert document.expected_sha1 == digest.hex()


def test_a_relative_url_is_on_the_server_that_the_entry_came_from() -> None:
    content = bundle(reference({"url": "/Binary/9"}, id="d"))
    full = b'{"fullUrl": "https://x.example/fhir/DocumentReference/d", "resource": {"resourceType": "DocumentReference"'
    content = content.replace(b'{"resource": {"resourceType": "DocumentReference"', full)
    assert read_bundle(content, NOW).documents[0].source_url == "https://x.example/fhir/Binary/9"


@pytest.mark.parametrize(
    "written",
    [
        base64.b64encode(hashlib.sha1(CONTENT).digest()).decode(),
        hashlib.sha1(CONTENT).hexdigest(),
        base64.b64encode(hashlib.sha256(CONTENT).digest()).decode(),
        base64.b64encode(hashlib.sha1(DATA.encode()).digest()).decode(),
    ],
    ids=["sha1 in base64", "sha1 in hexadecimal", "sha256", "sha1 of the base64 text"],
)
def test_a_right_hash_passes_as_the_field_writes_it(written: str) -> None:
    incoming = read_bundle(bundle(reference({"data": DATA, "hash": written, "size": len(CONTENT)})), NOW)
    assert (len(incoming.documents), incoming.noticed) == (1, ())


def test_a_wrong_hash_is_refused_with_its_place() -> None:
    wrong = base64.b64encode(hashlib.sha1(b"another").digest()).decode()
    with pytest.raises(BundleError, match="hash") as caught:
        documents(reference({"data": DATA, "hash": wrong}))
    assert caught.value.place == "/entry/1/resource/content/0/attachment/hash"


def test_wrong_base64_is_refused_with_its_place() -> None:
    with pytest.raises(BundleError, match="base64") as caught:
        documents(reference({"data": "no!"}))
    assert caught.value.place == "/entry/1/resource/content/0/attachment/data"


@pytest.mark.parametrize(
    ("attachment", "warning"),
    [
        ({"data": DATA, "hash": "??"}, BundleWarning.ATTACHMENT_HASH_UNKNOWN),
        ({"data": DATA, "size": 5}, BundleWarning.ATTACHMENT_SIZE_DIFFERS),
        ({"title": "x"}, BundleWarning.ATTACHMENT_WITHOUT_CONTENT),
    ],
)
def test_oddities_of_an_attachment_are_marked(attachment: dict[str, Any], warning: BundleWarning) -> None:
    incoming = read_bundle(bundle(reference(attachment)), NOW)
    assert [one.warning for one in incoming.noticed] == [warning]
    assert len(incoming.documents) == 1


@pytest.mark.parametrize(
    "elements", [{"status": "superseded"}, {"status": "entered-in-error"}, {"docStatus": "entered-in-error"}]
)
def test_withdrawn_documents_are_left_out(elements: dict[str, Any]) -> None:
    assert documents(reference({"data": DATA}, **elements)) == ()


def test_each_form_of_a_document_has_its_own_pointer() -> None:
    found = documents(reference({"data": DATA}, {"url": "https://x.example/1"}))
    assert len({one.pointer for one in found}) == 2


def report(**elements: Any) -> dict[str, Any]:
    lab = [coded("http://terminology.hl7.org/CodeSystem/v2-0074", "LAB")]
    base = {"status": "final", "code": coded(LOINC, "51990-0", "Metabolic panel"), "category": lab}
    return resource("DiagnosticReport", **(base | elements))


def test_a_report_with_a_presented_form_is_that_form() -> None:
    (document,) = documents(report(presentedForm=[{"data": DATA, "contentType": "application/pdf"}], conclusion="x"))
    assert document.content == CONTENT


def test_a_report_of_results_alone_is_written_out_as_text() -> None:
    glucose = resource(
        "Observation",
        id="g",
        status="final",
        code=coded(LOINC, "2345-7", "Glucose"),
        valueQuantity={"value": 91.50, "unit": "mg/dL"},
        referenceRange=[{"low": {"value": 70}, "high": {"value": 100}}],
        interpretation=[{"text": "normal"}],
    )
    one = report(
        result=[{"reference": "Observation/g"}, {"reference": "Observation/nowhere"}],
        conclusion="Sin hallazgos.",
        effectiveDateTime="2026-03-01T10:30:00+01:00",
        performer=[{"reference": "Organization/h"}],
    )
    (document,) = documents(HOSPITAL, glucose, one)
    assert document.media_type == "text/plain"
    assert document.content is not None
    assert document.content.decode().splitlines() == [
        "Metabolic panel",
        "2026-03-01 10:30",
        "Hospital del Mar",
        "",
        "Glucose: 91.5 mg/dL (normal) (70–100)",
        "Sin hallazgos.",
    ]
    assert documents(HOSPITAL, glucose, one)[0].content == document.content


def test_a_report_that_says_nothing_is_no_document() -> None:
    assert documents(report()) == ()
    assert documents(report(status="cancelled", conclusion="x")) == ()


def test_a_report_of_narrative_alone_keeps_its_text_without_markup() -> None:
    div = "<div xmlns='http://www.w3.org/1999/xhtml'><p>Café</p><script>alert(1)</script><p>dos</p></div>"
    (document,) = documents(report(text={"status": "generated", "div": div}))
    assert document.content is not None
    assert document.content.decode().splitlines()[-2:] == ["Café", "dos"]


def test_an_imaging_study_is_a_pointer() -> None:
    study = resource(
        "ImagingStudy",
        status="available",
        started="2026-03-01T10:00:00Z",
        identifier=[{"system": "urn:dicom:uid", "value": "urn:oid:1.2.840.99.1"}],
        description="RM rodilla",
        series=[
            {"uid": "1.2", "modality": {"code": "SR"}},
            {"uid": "1.3", "modality": {"code": "MR"}, "bodySite": {"display": "Knee"}},
        ],
    )
    (document,) = documents(study)
    assert (document.modality, document.study_uid, document.content) == ("MR", "1.2.840.99.1", None)
    assert (document.title, document.documented_on) == ("MR RM rodilla", date(2026, 3, 1))


def test_a_fhir_document_is_written_out_section_by_section() -> None:
    section = {"title": "Alergias", "text": {"status": "generated", "div": "<div><ul><li>Penicilina</li></ul></div>"}}
    one = resource(
        "Composition",
        status="final",
        type=coded(LOINC, "60591-5"),
        date="2026-03-01",
        author=[{"display": "Dra. Soler"}],
        title="Resumen",
        section=[{"title": "Salud", "section": [section]}],
    )
    (document,) = documents(one)
    assert document.content is not None
    assert (document.loinc, document.source) == ("60591-5", "Dra. Soler")
    assert document.content.decode().split() == ["Resumen", "2026-03-01", "Salud", "Alergias", "Penicilina"]


def test_a_consent_brings_its_signed_form_and_what_it_allows() -> None:
    consent = resource(
        "Consent",
        status="active",
        scope=coded("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy"),
        category=[coded(LOINC, "59284-0")],
        dateTime="2026-03-01",
        sourceAttachment={"data": DATA, "title": "Consentimiento"},
        policyRule=coded("http://terminology.hl7.org/CodeSystem/v3-ActCode", "OPTIN"),
        provision={"period": {"end": "2027-03-01"}},
    )
    incoming = read_bundle(bundle(consent, consent | {"status": "inactive"}), NOW)
    assert incoming.documents[0].loinc == "59284-0"
    (given,) = incoming.consents
    assert (given.permits, given.scope, given.categories) == (True, "patient-privacy", ("59284-0",))
    assert (given.given_at, given.expires_at) == (datetime(2026, 3, 1, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC))
    refused = consent | {"policyRule": coded("http://terminology.hl7.org/CodeSystem/v3-ActCode", "OPTOUT")}
    assert not read_bundle(bundle(refused), NOW).consents[0].permits
    denied = consent | {"provision": {"type": "deny"}}
    assert not read_bundle(bundle(denied), NOW).consents[0].permits


@pytest.mark.parametrize(
    ("codes", "categories", "found"),
    [
        (["11526-1"], {"LAB"}, "11526-1"),
        (["51990-0"], {"LAB"}, "11502-2"),
        (["36643-5"], {"RAD"}, "18748-4"),
        (["34847-4"], set(), "11488-4"),
        (["11490-0"], set(), "18842-5"),
        (["99999-9", "24627-2"], set(), "24627-2"),
        (["99999-9"], set(), "99999-9"),
        ([], {"LP29684-5"}, "18748-4"),
        ([], set(), ""),
    ],
)
def test_a_document_gets_the_type_that_pathways_ask_for(codes: list[str], categories: set[str], found: str) -> None:
    assert document_type(codes, categories) == found


def test_every_type_that_a_pathway_asks_for_keeps_its_own_code() -> None:
    asked = {code for loaded in loader.load_all().values() for one in loaded.pathway.documents for code in one.loinc}
    assert asked <= set(document_types())
    assert all(document_type([code], {"LAB"}) == code for code in asked)
