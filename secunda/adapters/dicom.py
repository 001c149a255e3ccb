"""DICOM objects: their header, whether they are whole, and whom they are of. Source: DICOM PS3.3, PS3.5 and PS3.10."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pydicom
from pydicom.dataset import Dataset
from pydicom.valuerep import PersonName

from pathways.facts import PatientDemographics, PatientIdentifier
from secunda.adapters.dicom_reading import UNREADABLE, ReadDataset, read_dataset
from secunda.adapters.file_facts import EmbeddedFile, FileFacts, FileWarning
from secunda.adapters.modalities import WITHOUT_PIXELS, loinc_of
from secunda.errors import BadInputError

MEDIA_TYPE = "application/dicom"
MEDIA_STORAGE_DIRECTORY = "1.2.840.10008.1.3.10"
SEXES = {"F": "female", "M": "male", "O": "other"}


def examine(path: Path) -> FileFacts:
    """Read the header. Raises BadInputError when the object is truncated, unreadable, or the directory of a disc."""
    read = read_dataset(path)
    dataset = read.dataset
    if _text(dataset, "SOPClassUID") == MEDIA_STORAGE_DIRECTORY or "DirectoryRecordSequence" in dataset:
        raise BadInputError("The file is the directory of a disc (DICOMDIR).", "Attach the image files that it lists.")
    modality = _text(dataset, "Modality")[:16]
    return FileFacts(
        media_type=MEDIA_TYPE,
        title=_title(dataset, modality),
        source=_text(dataset, "InstitutionName"),
        documented_on=_first_date(dataset, "StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate"),
        loinc=loinc_of(modality, _text(dataset, "BodyPartExamined")) if _shows_something(read, modality) else "",
        modality=modality,
        study_uid=_uid(dataset, "StudyInstanceUID"),
        series_uid=_uid(dataset, "SeriesInstanceUID"),
        sop_instance_uid=_uid(dataset, "SOPInstanceUID"),
        frames=_frames(dataset) if read.has_pixels else None,
        slice_thickness=_slice_thickness(dataset),
        contrast=bool(_text(dataset, "ContrastBolusAgent")) if "ContrastBolusAgent" in dataset else None,
        warnings=read.warnings + _gaps(read, modality),
        patient=_patient(dataset),
        embedded=_embedded(read.encapsulated, dataset),
    )


def _shows_something(read: ReadDataset, modality: str) -> bool:
    return read.has_pixels or modality in WITHOUT_PIXELS


def _gaps(read: ReadDataset, modality: str) -> tuple[FileWarning, ...]:
    gaps = {
        FileWarning.DICOM_NO_MODALITY: not modality,
        FileWarning.DICOM_NO_STUDY: not _uid(read.dataset, "StudyInstanceUID"),
        FileWarning.DICOM_NO_PIXELS: bool(modality) and not _shows_something(read, modality),
    }
    return tuple(warning for warning, found in gaps.items() if found)


def _value(dataset: Dataset, keyword: str) -> Any:
    """The element's first value, or None where it is absent or cannot be decoded."""
    try:
        value = dataset.get(keyword)
        return value[0] if isinstance(value, pydicom.multival.MultiValue) and value else value
    except UNREADABLE:
        return None


def _text(dataset: Dataset, keyword: str) -> str:
    value = _value(dataset, keyword)
    return "" if value is None else str(value).replace("\0", "").strip()


def _uid(dataset: Dataset, keyword: str) -> str:
    """A UID, or nothing: what is not one must not be looked up or printed as one."""
    uid = _text(dataset, keyword)
    return uid if len(uid) <= 64 and uid.replace(".", "").isdigit() and uid.isascii() else ""


def _number(dataset: Dataset, keyword: str) -> float | None:
    try:
        return float(_text(dataset, keyword))
    except ValueError:
        return None


def _first_date(dataset: Dataset, *keywords: str) -> date | None:
    """DICOM DA: `YYYYMMDD`, or `YYYY.MM.DD` as before 1993."""
    for keyword in keywords:
        written = _text(dataset, keyword).replace(".", "")[:8]
        try:
            return datetime.strptime(written, "%Y%m%d").date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
    return None


def _frames(dataset: Dataset) -> int:
    count = _number(dataset, "NumberOfFrames")
    return int(count) if count and 1 <= count < 2**31 else 1


def _slice_thickness(dataset: Dataset) -> float | None:
    """In millimetres; enhanced objects keep it in their shared functional groups."""
    if (plain := _number(dataset, "SliceThickness")) is not None:
        return plain
    try:
        measures = dataset.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    except (AttributeError, IndexError, *UNREADABLE):
        return None
    return _number(measures, "SliceThickness")


def _title(dataset: Dataset, modality: str) -> str:
    described = (
        _text(dataset, "DocumentTitle") or _concept(dataset) or _text(dataset, "StudyDescription"),
        _text(dataset, "SeriesDescription"),
    )
    return " ".join(part for part in (modality, *described) if part)


def _concept(dataset: Dataset) -> str:
    """What a structured report calls itself (PS3.3, C.17.3)."""
    try:
        return _text(dataset.ConceptNameCodeSequence[0], "CodeMeaning")
    except (AttributeError, IndexError, *UNREADABLE):
        return ""


def _patient(dataset: Dataset) -> PatientDemographics:
    name = _value(dataset, "PatientName")
    if not isinstance(name, PersonName):
        name = PersonName("")
    identifier = _text(dataset, "PatientID")
    try:
        family, given = str(name.family_name).strip(), f"{name.given_name} {name.middle_name}".strip()
    except UNREADABLE:
        family = given = ""
    return PatientDemographics(
        identifiers=(PatientIdentifier(system=_text(dataset, "IssuerOfPatientID"), value=identifier),)
        if identifier
        else (),
        family_name=family,
        given_name=given,
        birth_date=_first_date(dataset, "PatientBirthDate"),
        sex=SEXES.get(_text(dataset, "PatientSex"), "unknown"),
    )


def _embedded(content: bytes, dataset: Dataset) -> tuple[EmbeddedFile, ...]:
    """The PDF or CDA inside an encapsulated-document object (PS3.3, A.45)."""
    if not content:
        return ()
    length = _number(dataset, "EncapsulatedDocumentLength")
    if length and len(content) - 1 <= length < len(content):  # one byte was added to make the length even
        content = content[: int(length)]
    shown_on = _first_date(dataset, "ContentDate", "StudyDate")
    return (EmbeddedFile(content, title=_text(dataset, "DocumentTitle"), documented_on=shown_on),)
