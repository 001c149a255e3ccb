"""Small files made here: valid ones of each kind, which the tests then spoil."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage, generate_uid


def pdf(*, prepare: Any = None, **saving: Any) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    if prepare is not None:
        prepare(document)
    buffer = io.BytesIO()
    document.save(buffer, **saving)
    return buffer.getvalue()


def picture(kind: str, size: tuple[int, int] = (64, 48), **saving: Any) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise(size, 50).convert("RGB").save(buffer, kind, **saving)
    return buffer.getvalue()


def archive(name: str = "a.txt", content: bytes = b"x") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, content)
    return buffer.getvalue()


def dicom(preamble: bytes = b"\0" * 128, transfer_syntax: str = ExplicitVRLittleEndian, **elements: Any) -> bytes:
    """A 4×4 MR image; `elements` are DICOM keywords, None leaves one out."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = MRImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=["instance"])
    meta.TransferSyntaxUID = transfer_syntax
    dataset = FileDataset("", {}, file_meta=meta, preamble=preamble)
    values: dict[str, Any] = {
        "SOPClassUID": MRImageStorage,
        "SOPInstanceUID": meta.MediaStorageSOPInstanceUID,
        "StudyInstanceUID": generate_uid(entropy_srcs=["study"]),
        "SeriesInstanceUID": generate_uid(entropy_srcs=["series"]),
        "Modality": "MR",
        "StudyDate": "20260301",
        "PatientName": "García Pérez^Juan",
        "PatientID": "77",
        "PatientBirthDate": "19670412",
        "PatientSex": "M",
        "SpecificCharacterSet": "ISO_IR 192",
        "SliceThickness": "0.8",
        "Rows": 4,
        "Columns": 4,
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "BitsAllocated": 16,
        "BitsStored": 16,
        "HighBit": 15,
        "PixelRepresentation": 0,
        "PixelData": bytes(32),
    }
    for keyword, value in (values | elements).items():
        if value is not None:
            setattr(dataset, keyword, value)
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def cda(body: str = "<structuredBody/>", header: str = "", namespace: str = "urn:hl7-org:v3") -> bytes:
    """A CDA document about Juan García, born on 12 April 1967."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="{namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <code code="11488-4" codeSystem="2.16.840.1.113883.6.1"/><title>Informe de consulta</title>
  <effectiveTime value="20260214103000+0100"/>{header}
  <recordTarget><patientRole><id root="2.16.724" extension="77"/><patient>
    <name><given>Juan</given><family>García</family></name>
    <administrativeGenderCode code="M"/><birthTime value="19670412"/>
  </patient></patientRole></recordTarget>
  <custodian><assignedCustodian><representedCustodianOrganization><name>Hospital del Mar</name>
  </representedCustodianOrganization></assignedCustodian></custodian>
  <component>{body}</component>
</ClinicalDocument>""".encode()


def entry(markup: str) -> str:
    """A structured body with one entry."""
    return f"<structuredBody><component><section><entry>{markup}</entry></section></component></structuredBody>"


PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "p1",
    "identifier": [{"system": "urn:oid:2.16.724", "value": "77"}],
    "name": [{"use": "official", "family": "García Pérez", "given": ["Juan"]}],
    "gender": "male",
    "birthDate": "1967-04-12",
}
SUBJECT = {"reference": "Patient/p1"}


def resource(kind: str, **elements: Any) -> dict[str, Any]:
    whose = "patient" if kind in ("AllergyIntolerance", "Claim", "Consent") else "subject"
    return {"resourceType": kind, whose: SUBJECT} | elements


def coded(system: str, code: str, display: str = "") -> dict[str, Any]:
    one = {"system": system, "code": code} | ({"display": display} if display else {})
    return {"coding": [one]}


def bundle(*resources: dict[str, Any], patient: dict[str, Any] | None = PATIENT, kind: str = "collection") -> bytes:
    every = ([patient] if patient else []) + list(resources)
    return json.dumps({"resourceType": "Bundle", "type": kind, "entry": [{"resource": one} for one in every]}).encode()


def write(folder: Path, content: bytes, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path
