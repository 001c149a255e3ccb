import io
import zlib
from datetime import date
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    EncapsulatedPDFStorage,
    ImplicitVRLittleEndian,
    JPEGBaseline8Bit,
    MediaStorageDirectoryStorage,
)

from secunda.adapters.file_facts import FileWarning
from secunda.adapters.filetype import examine
from secunda.adapters.intake import take_in
from secunda.adapters.modalities import is_cine
from secunda.errors import BadInputError
from tests.unit.adapters.samples import dicom, pdf, write


def test_the_header_tells_the_study(tmp_path: Path) -> None:
    facts = examine(write(tmp_path, dicom(StudyDescription="RM rodilla", BodyPartExamined="KNEE")))
    assert (facts.modality, facts.documented_on, facts.frames) == ("MR", date(2026, 3, 1), 1)
    assert facts.study_uid.startswith("1.2.") or facts.study_uid.startswith("2.25")
    assert (facts.slice_thickness, facts.contrast) == (0.8, None)
    assert (facts.title, facts.loinc) == ("MR RM rodilla", "24802-1")
    assert facts.warnings == ()


def test_the_header_tells_the_patient(tmp_path: Path) -> None:
    patient = examine(write(tmp_path, dicom())).patient
    assert patient is not None
    assert (patient.given_name, patient.family_name, patient.birth_date) == ("Juan", "García Pérez", date(1967, 4, 12))
    assert (patient.sex, patient.identifiers[0].value) == ("male", "77")


def test_contrast_is_told_where_the_header_says(tmp_path: Path) -> None:
    assert examine(write(tmp_path, dicom(ContrastBolusAgent="Gadobutrol"))).contrast is True
    assert examine(write(tmp_path, dicom(ContrastBolusAgent=""))).contrast is False


def test_an_enhanced_object_keeps_its_slice_thickness_in_its_functional_groups(tmp_path: Path) -> None:
    measures, group = Dataset(), Dataset()
    measures.SliceThickness = "1.5"
    group.PixelMeasuresSequence = Sequence([measures])
    content = dicom(SliceThickness=None, SharedFunctionalGroupsSequence=Sequence([group]))
    assert examine(write(tmp_path, content)).slice_thickness == 1.5


@pytest.mark.parametrize("modality", ["XA", "US", "RF"])
def test_a_film_is_cine(tmp_path: Path, modality: str) -> None:
    facts = examine(write(tmp_path, dicom(Modality=modality, NumberOfFrames=3, PixelData=bytes(96))))
    assert facts.frames == 3
    assert is_cine(facts.modality, facts.frames)


def test_a_stack_of_slices_is_not_cine() -> None:
    assert not is_cine("MR", 200)
    assert not is_cine("RTDOSE", 15)
    assert not is_cine("XA", 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"PixelData": bytes(30)},
        {"NumberOfFrames": 2},
    ],
)
def test_missing_pixels_are_noticed(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(BadInputError, match="truncated"):
        examine(write(tmp_path, dicom(**changes)))


def test_compressed_pixels_that_end_early_are_noticed(tmp_path: Path) -> None:
    whole = dicom(transfer_syntax=JPEGBaseline8Bit, PixelData=encapsulate([b"\xff\xd8" + bytes(50)]))
    assert examine(write(tmp_path, whole)).frames == 1
    for cut in (8, 12, 40, 62):
        with pytest.raises(BadInputError, match="truncated"):
            examine(write(tmp_path, whole[:-cut]))


def test_every_truncation_is_refused_but_one_between_elements_which_is_marked(tmp_path: Path) -> None:
    whole = dicom()
    between = 0
    for length in range(140, len(whole)):
        try:
            facts = examine(write(tmp_path, whole[:length]))
        except BadInputError:
            continue
        between += 1
        assert {FileWarning.DICOM_NO_PIXELS, FileWarning.DICOM_NO_MODALITY} & set(facts.warnings)
        assert facts.loinc == ""
    assert between < 45  # the elements of this object, and the text of its charset


def test_a_deflated_object_is_read_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = dicom(transfer_syntax=DeflatedExplicitVRLittleEndian)
    assert examine(write(tmp_path, content)).modality == "MR"
    with pytest.raises(BadInputError, match="truncated"):
        examine(write(tmp_path, content[:-30]))


def test_a_deflate_bomb_is_refused(tmp_path: Path) -> None:
    head = dicom(transfer_syntax=DeflatedExplicitVRLittleEndian)
    start = 132 + 12 + int.from_bytes(head[140:144], "little")
    deflate = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    bomb = b"".join(deflate.compress(bytes(2**20)) for _ in range(129)) + deflate.flush()
    with pytest.raises(BadInputError, match="inflates"):
        examine(write(tmp_path, head[:start] + bomb))


def test_sequences_nested_without_end_are_refused(tmp_path: Path) -> None:
    nested = b"\x08\x00\x15\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff" * 20_000
    with pytest.raises(BadInputError, match=r"damaged|truncated"):
        examine(write(tmp_path, dicom(PixelData=None) + nested))


@pytest.mark.parametrize("transfer_syntax", [None, ImplicitVRLittleEndian])
def test_a_dataset_without_its_preamble_is_read_and_marked(tmp_path: Path, transfer_syntax: str | None) -> None:
    dataset = dcmread(io.BytesIO(dicom(transfer_syntax=transfer_syntax) if transfer_syntax else dicom()))
    buffer = io.BytesIO()
    del dataset.file_meta
    dataset.save_as(buffer, implicit_vr=transfer_syntax is not None, little_endian=True)
    facts = examine(write(tmp_path, buffer.getvalue().removeprefix(bytes(128) + b"DICM")))
    assert facts.modality == "MR"
    assert FileWarning.DICOM_WITHOUT_PREAMBLE in facts.warnings


def test_objects_without_pixels_are_documents(tmp_path: Path) -> None:
    plan = examine(write(tmp_path, dicom(Modality="RTPLAN", PixelData=None)))
    assert (plan.loinc, plan.frames, plan.warnings) == ("68602-2", None, ())
    report = examine(write(tmp_path, dicom(Modality="SR", PixelData=None)))
    assert (report.loinc, report.warnings) == ("", ())


def test_an_image_without_pixels_stands_for_no_study(tmp_path: Path) -> None:
    facts = examine(write(tmp_path, dicom(PixelData=None)))
    assert (facts.loinc, facts.warnings) == ("", (FileWarning.DICOM_NO_PIXELS,))


def test_gaps_in_the_header_are_marked(tmp_path: Path) -> None:
    facts = examine(write(tmp_path, dicom(Modality=None, StudyInstanceUID="javascript:alert(1)")))
    assert facts.warnings == (FileWarning.DICOM_NO_MODALITY, FileWarning.DICOM_NO_STUDY)
    assert facts.study_uid == ""


def test_the_directory_of_a_disc_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="DICOMDIR"):
        examine(write(tmp_path, dicom(SOPClassUID=MediaStorageDirectoryStorage, PixelData=None)))


def test_the_pdf_inside_an_object_becomes_a_document_of_its_own(home: Path) -> None:
    inner = pdf() + b"\n" * (len(pdf()) % 2)
    content = dicom(
        SOPClassUID=EncapsulatedPDFStorage,
        Modality="DOC",
        PixelData=None,
        DocumentTitle="Informe",
        EncapsulatedDocument=inner,
    )
    taken = take_in(io.BytesIO(content))
    assert [part.facts.media_type for part in taken.parts] == ["application/pdf"]


@pytest.mark.parametrize("charset", ["ISO_IR 100", "ISO_IR 192", "NO SUCH SET", ""])
def test_any_charset_can_be_read(tmp_path: Path, charset: str) -> None:
    assert examine(write(tmp_path, dicom(SpecificCharacterSet=charset, PatientName="Garcia^Juan"))).modality == "MR"
