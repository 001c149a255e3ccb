"""DICOM modalities and what document they stand for. Sources: DICOM PS3.3 C.7.3.1.1.1, LOINC 2.77."""

#: Modalities whose multi-frame objects are films of something that moves, not stacks of slices.
CINE_MODALITIES = frozenset({"XA", "RF", "US", "IVUS", "IVOCT", "ICE", "ES", "GM", "XC", "XF", "DF", "AS", "CF", "EC"})

#: Objects that describe images, or that could be anything: they never stand for the study itself.
_NO_STUDY = frozenset(
    {
        "ANN",
        "ASMT",
        "AU",
        "DMS",
        "DOC",
        "FID",
        "HD",
        "KO",
        "M3D",
        "OAM",
        "OT",
        "PLAN",
        "PR",
        "REG",
        "RTDOSE",
        "RTSTRUCT",
        "RWV",
        "SEG",
        "SMR",
        "SR",
        "STAIN",
        "TEXTUREMAP",
    }
)

#: Objects that are whole without pixels: waveforms, plans, reports.
WITHOUT_PIXELS = frozenset(["ECG", "EPS", "EEG", "EMG", "HD", "RTPLAN", "RTRECORD"]) | _NO_STUDY

_BY_MODALITY = {
    "XA": "18745-0",  # cardiac catheterization study
    "ECG": "11524-6",  # EKG study
    "EPS": "18750-0",  # cardiac electrophysiology study
    "ES": "18751-8",  # endoscopy study
    "PT": "44139-4",  # PET whole body
    "EEG": "11523-8",  # EEG study
    "EMG": "18749-2",  # electromyogram study
    "RTPLAN": "68602-2",  # radiation oncology treatment summary
    "RTRECORD": "68602-2",
}
_BY_REGION = {
    ("CT", "CHEST"): "24627-2",
    ("CT", "HEART"): "58744-4",
    ("MR", "HEART"): "24748-6",
    ("MR", "BRAIN"): "24590-2",
    ("MR", "HEAD"): "24590-2",
    ("MR", "BREAST"): "30794-2",
    ("MR", "LSPINE"): "24968-0",
    ("MR", "KNEE"): "24802-1",
    ("CR", "LSPINE"): "24972-2",
    ("CR", "HIP"): "24762-7",
    ("CR", "KNEE"): "28565-0",
    ("PT", "BRAIN"): "44138-6",
    ("US", "HEART"): "59281-6",
}
DIAGNOSTIC_IMAGING_STUDY = "18748-4"


def is_cine(modality: str, frames: int | None) -> bool:
    """Whether an object of this modality with so many frames is a film."""
    return modality in CINE_MODALITIES and (frames or 0) > 1


def loinc_of(modality: str, body_part: str) -> str:
    """The LOINC document code that a study most likely stands for; empty where none does. A guess, to be corrected."""
    if not modality or modality in _NO_STUDY:
        return ""
    modality = "CR" if modality in ("DX", "RG") else modality
    return _BY_REGION.get((modality, body_part.upper())) or _BY_MODALITY.get(modality, DIAGNOSTIC_IMAGING_STUDY)
