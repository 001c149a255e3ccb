"""What the bytes of a file tell about it."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from pathways.facts import ClinicalRecord, PatientDemographics


class FileWarning(StrEnum):
    """What a coordinator should look at. The code may be logged and stored: it says nothing of the patient."""

    PATIENT_NAME_DIFFERS = "patient_name_differs"
    PATIENT_BIRTH_DATE_DIFFERS = "patient_birth_date_differs"
    PATIENT_SEX_DIFFERS = "patient_sex_differs"
    PATIENT_NOT_NAMED = "patient_not_named"
    DICOM_NO_MODALITY = "dicom_no_modality"
    DICOM_NO_STUDY = "dicom_no_study"
    DICOM_NO_PIXELS = "dicom_no_pixels"
    DICOM_NO_TRANSFER_SYNTAX = "dicom_no_transfer_syntax"
    DICOM_WITHOUT_PREAMBLE = "dicom_without_preamble"
    DICOM_DEVIATES = "dicom_deviates"
    PDF_DAMAGED = "pdf_damaged"
    PDF_HAS_ATTACHMENTS = "pdf_has_attachments"
    PDF_RESTRICTED = "pdf_restricted"
    CDA_BODY_ELSEWHERE = "cda_body_elsewhere"
    CDA_ENTRY_SKIPPED = "cda_entry_skipped"


@dataclass(frozen=True)
class EmbeddedFile:
    """A document inside a document (CDA nonXMLBody, DICOM encapsulated document)."""

    content: bytes = field(repr=False)
    title: str = field(default="", repr=False)
    loinc: str = ""
    documented_on: date | None = None


@dataclass(frozen=True)
class FileFacts:
    """What a file is, by its bytes alone.

    `frames` counts images in one DICOM object; `slice_thickness` is in millimetres; `contrast` is None when the header
    does not say; `charset` is that of plain text. `patient`, `record` and `embedded` stay in the domain store.
    """

    media_type: str
    pages: int | None = None
    title: str = field(default="", repr=False)
    source: str = ""
    documented_on: date | None = None
    loinc: str = ""
    modality: str = ""
    study_uid: str = ""
    series_uid: str = ""
    sop_instance_uid: str = ""
    frames: int | None = None
    slice_thickness: float | None = None
    contrast: bool | None = None
    charset: str = ""
    warnings: tuple[FileWarning, ...] = ()
    patient: PatientDemographics | None = field(default=None, repr=False)
    record: ClinicalRecord | None = field(default=None, repr=False)
    embedded: tuple[EmbeddedFile, ...] = field(default=(), repr=False)
