"""The papers that the demonstration's requesters send: small, invented, and of the type that is asked for."""

from datetime import date
from io import BytesIO

from pathways.schema import DocumentFormat, DocumentRequirement

FRAMES = {DocumentFormat.DICOM: 1, DocumentFormat.CINE_DICOM: 12}
SIDE = 64  # pixels


def paper_for(requirement: DocumentRequirement, on: date, modality: str = "CT") -> bytes:
    """A document that meets the requirement: a study where pictures are asked for, else a page of text."""
    if requirement.format in FRAMES:
        cine = requirement.format is DocumentFormat.CINE_DICOM
        return study("XA" if cine else modality, on, FRAMES[requirement.format])
    lines = [requirement.title.en, f"Dated {on.isoformat()}", "", "Invented for a demonstration; no real patient."]
    return "\n".join(lines).encode()


def study(modality: str, on: date, frames: int) -> bytes:
    """One DICOM object with a grey ramp as its picture."""
    import pydicom
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian, generate_uid

    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = pydicom.uid.SecondaryCaptureImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    image = Dataset()
    image.file_meta = meta
    image.SOPClassUID, image.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    image.StudyInstanceUID, image.SeriesInstanceUID = generate_uid(), generate_uid()
    image.Modality, image.StudyDate = modality, on.strftime("%Y%m%d")
    image.Rows, image.Columns, image.NumberOfFrames = SIDE, SIDE, frames
    image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
    image.BitsAllocated, image.BitsStored, image.HighBit, image.PixelRepresentation = 8, 8, 7, 0
    image.PixelData = bytes(column * 4 for _ in range(SIDE * frames) for column in range(SIDE))
    file = BytesIO()
    image.save_as(file, enforce_file_format=True)
    return file.getvalue()
