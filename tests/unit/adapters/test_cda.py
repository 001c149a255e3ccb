import base64
import io
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from pathways.vocabulary import CodeSystem
from secunda.adapters.cda.values import parse_time
from secunda.adapters.file_facts import FileWarning
from secunda.adapters.filetype import examine
from secunda.adapters.intake import take_in
from secunda.errors import BadInputError
from tests.unit.adapters.samples import cda, entry, pdf, write

SNOMED, LOINC, RXNORM = "2.16.840.1.113883.6.96", "2.16.840.1.113883.6.1", "2.16.840.1.113883.6.88"
CCDA = "2.16.840.1.113883.10.20.22.4."


def observation(template: str, value: str, attributes: str = 'moodCode="EVN"', inside: str = "") -> str:
    return f"""<observation classCode="OBS" {attributes}><templateId root="{CCDA}{template}"/>
      <code code="718-7" codeSystem="{LOINC}"/><statusCode code="completed"/>
      <effectiveTime><low value="20240315"/></effectiveTime>{value}{inside}</observation>"""


def problem(code: str = "254837009", attributes: str = 'moodCode="EVN"', inside: str = "") -> str:
    value = f'<value xsi:type="CD" code="{code}" codeSystem="{SNOMED}" displayName="Cáncer de mama"/>'
    return observation("4", value, attributes, inside)


def record_of(folder: Path, markup: str):
    record = examine(write(folder, cda(entry(markup)))).record
    assert record is not None
    return record


def test_the_header_tells_what_it_is_when_and_whose(tmp_path: Path) -> None:
    facts = examine(write(tmp_path, cda()))
    assert (facts.title, facts.loinc, facts.source) == ("Informe de consulta", "11488-4", "Hospital del Mar")
    assert facts.documented_on == date(2026, 2, 14)
    assert facts.patient is not None
    assert (facts.patient.family_name, facts.patient.birth_date) == ("García", date(1967, 4, 12))


def test_a_problem_is_a_condition(tmp_path: Path) -> None:
    (condition,) = record_of(tmp_path, problem()).conditions
    assert (condition.codings[0].system, condition.codings[0].code) == (CodeSystem.SNOMED_CT, "254837009")
    assert (condition.started, condition.active) == (date(2024, 3, 15), True)


@pytest.mark.parametrize("status", ["413322009", "73425007"])
def test_a_resolved_problem_is_not_active(tmp_path: Path, status: str) -> None:
    inside = f"""<entryRelationship typeCode="REFR"><observation classCode="OBS" moodCode="EVN">
      <templateId root="{CCDA}6"/><value xsi:type="CD" code="{status}" codeSystem="{SNOMED}"/>
      </observation></entryRelationship>"""
    assert not record_of(tmp_path, problem(inside=inside)).conditions[0].active


@pytest.mark.parametrize("attributes", ['moodCode="EVN" negationInd="true"', 'moodCode="RQO"', 'moodCode="GOL"'])
def test_what_is_denied_or_only_planned_is_left_out(tmp_path: Path, attributes: str) -> None:
    assert record_of(tmp_path, problem(attributes=attributes)).conditions == ()


def test_a_relatives_problem_is_left_out(tmp_path: Path) -> None:
    organizer = f"""<organizer classCode="CLUSTER" moodCode="EVN"><subject><relatedSubject classCode="PRS"/></subject>
      <component>{problem()}</component></organizer>"""
    assert record_of(tmp_path, organizer).conditions == ()


def test_a_problem_without_code_keeps_its_narrative(tmp_path: Path) -> None:
    value = '<value xsi:type="CD" nullFlavor="UNK"><originalText><reference value="#p1"/></originalText></value>'
    body = f"""<structuredBody><component><section><text><paragraph ID="p1">Dolor
      lumbar</paragraph></text><entry>{observation("4", value)}</entry></section></component></structuredBody>"""
    record = examine(write(tmp_path, cda(body))).record
    assert record is not None
    assert [item.text for item in record.conditions] == ["Dolor lumbar"]


def test_an_allergy_is_the_substance(tmp_path: Path) -> None:
    inside = f"""<participant typeCode="CSM"><participantRole><playingEntity><code code="70618" codeSystem="{RXNORM}"
      displayName="Penicillin"/></playingEntity></participantRole></participant>"""
    value = f'<value xsi:type="CD" code="419199007" codeSystem="{SNOMED}" displayName="Allergy"/>'
    (allergy,) = record_of(tmp_path, observation("7", value, inside=inside)).allergies
    assert (allergy.codings[0].system, allergy.text) == (CodeSystem.RXNORM, "Penicillin")


def test_a_medication_is_the_material(tmp_path: Path) -> None:
    markup = f"""<substanceAdministration classCode="SBADM" moodCode="INT"><templateId root="{CCDA}16"/>
      <statusCode code="active"/><effectiveTime xsi:type="IVL_TS"><low value="2013"/></effectiveTime>
      <consumable><manufacturedProduct><manufacturedMaterial><code code="197380" codeSystem="{RXNORM}"
      displayName="atenolol"/></manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration>"""
    (medication,) = record_of(tmp_path, markup).medications
    assert (medication.codings[0].code, medication.started) == ("197380", date(2013, 1, 1))


def test_a_result_is_a_number_with_its_unit(tmp_path: Path) -> None:
    (result,) = record_of(tmp_path, observation("2", '<value xsi:type="PQ" value="13.2" unit="g/dL"/>')).observations
    assert (result.codings[0].code, result.value, result.unit) == ("718-7", 13.2, "g/dL")
    assert result.observed_at == datetime(2024, 3, 15, tzinfo=UTC)


def test_a_result_in_a_local_unit_is_the_one_of_its_translation(tmp_path: Path) -> None:
    local = '<translation nullFlavor="OTH" value="11.5"><originalText>x10e3/uL</originalText></translation>'
    value = f'<value xsi:type="PQ" nullFlavor="OTH">{local}</value>'
    (result,) = record_of(tmp_path, observation("2", value)).observations
    assert (result.value, result.unit) == (11.5, "x10e3/uL")


@pytest.mark.parametrize("value", ['value="NaN"', 'value="inf"', 'nullFlavor="UNK"', ""])
def test_a_result_that_is_no_number_is_left_out(tmp_path: Path, value: str) -> None:
    assert record_of(tmp_path, observation("2", f'<value xsi:type="PQ" {value}/>')).observations == ()


@pytest.mark.parametrize("long", ['<a b="{}"/>', "<!--{}-->", "<?p {}?>"])
def test_a_tag_or_comment_of_megabytes_is_refused_by_its_place(tmp_path: Path, long: str) -> None:
    with pytest.raises(BadInputError, match="more than 1 MiB") as caught:
        examine(write(tmp_path, cda(long.format("x" * 2**21))))
    assert caught.value.place.startswith("line ")


def test_a_text_of_megabytes_is_read(tmp_path: Path) -> None:
    long = f"<structuredBody><component><section><text>{'x ' * 2**20}</text></section></component></structuredBody>"
    assert examine(write(tmp_path, cda(long))).media_type == "application/cda+xml"


def embedding(content: bytes, attributes: str = 'representation="B64"') -> bytes:
    written = base64.b64encode(content).decode()
    return cda(f'<nonXMLBody><text mediaType="application/pdf" {attributes}>{written}</text></nonXMLBody>')


def test_the_file_inside_is_a_document_of_its_own(home: Path) -> None:
    inside = pdf()  # made once: it holds the second in which it was made
    taken = take_in(io.BytesIO(embedding(inside)))
    (part,) = taken.parts
    assert (taken.facts.media_type, part.facts.media_type) == ("application/cda+xml", "application/pdf")
    assert part.file.path.read_bytes() == inside


def test_a_refused_file_inside_refuses_the_whole_and_leaves_nothing(home: Path) -> None:
    with pytest.raises(BadInputError, match="Windows program"):
        take_in(io.BytesIO(embedding(b"MZ\x90\0" + bytes(100))))
    assert [path for path in home.rglob("*") if path.is_file()] == []


def test_documents_inside_documents_inside_documents_end_somewhere(home: Path) -> None:
    content = pdf()
    for _ in range(5):
        content = embedding(content)
    with pytest.raises(BadInputError, match="nested too deeply"):
        take_in(io.BytesIO(content))
    assert [path for path in home.rglob("*") if path.is_file()] == []


def test_wrong_base64_and_compression_are_refused(tmp_path: Path) -> None:
    for content in (
        cda('<nonXMLBody><text representation="B64">no!</text></nonXMLBody>'),
        embedding(b"x", 'compression="DF"'),
    ):
        with pytest.raises(BadInputError):
            examine(write(tmp_path, content))


def test_a_body_that_lies_elsewhere_is_marked(tmp_path: Path) -> None:
    content = cda('<nonXMLBody><text><reference value="scan.pdf"/></text></nonXMLBody>')
    assert examine(write(tmp_path, content)).warnings == (FileWarning.CDA_BODY_ELSEWHERE,)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<section><code/></section>", "fragment"),
        (b'<section><value xsi:type="CD"/></section>', "fragment"),
        (cda(namespace="urn:other"), "namespace"),
        (cda().replace(b' xmlns="urn:hl7-org:v3"', b""), "namespace"),
        (cda().replace(b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"', b' xsi:a="b"'), "well-formed"),
        (b'<Patient xmlns="http://hl7.org/fhir"/>', "FHIR in XML"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "no CDA document"),
        (cda().replace(b"</recordTarget>", b""), "well-formed"),
        (cda().replace(b"recordTarget", b"other"), "names no patient"),
        (cda(header="<recordTarget><patientRole/></recordTarget>"), "several patients"),
        (b"<a>" * 1000 + b"</a>" * 1000, "fragment"),
        (cda("<x>" * 1000 + "</x>" * 1000), "nested too deeply"),
    ],
)
def test_other_xml_is_refused_with_the_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(BadInputError, match=reason):
        examine(write(tmp_path, content))


BILLION_LAUGHS = b"<!DOCTYPE lolz [<!ENTITY lol 'lol'>" + b"".join(
    b"<!ENTITY lol%d '%s'>" % (level, (b"&lol%d;" % (level - 1) if level > 1 else b"&lol;") * 10)
    for level in range(1, 10)
)


@pytest.mark.parametrize(
    "doctype",
    [
        BILLION_LAUGHS + b"]>",
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_any_encoding(tmp_path: Path, doctype: bytes, encoding: str) -> None:
    text = cda(header="&lol9;").decode().replace("<ClinicalDocument", doctype.decode() + "<ClinicalDocument")
    with pytest.raises(BadInputError, match="DOCTYPE"):
        examine(write(tmp_path, text.replace('"UTF-8"', f'"{encoding}"').encode(encoding)))


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2013", datetime(2013, 1, 1, tzinfo=UTC)),
        ("201305", datetime(2013, 5, 1, tzinfo=UTC)),
        ("20130507", datetime(2013, 5, 7, tzinfo=UTC)),
        ("201305071830-0800", datetime(2013, 5, 7, 18, 30, tzinfo=timezone(timedelta(hours=-8)))),
        ("20130717114446.302-0500", datetime(2013, 7, 17, 11, 44, 46, tzinfo=timezone(timedelta(hours=-5)))),
        ("20130230", None),
        ("yesterday", None),
        ("20130507+9999", None),
        ("", None),
    ],
)
def test_times_are_read_as_precisely_as_they_are_written(written: str, moment: datetime | None) -> None:
    assert parse_time(written) == moment
