"""One frame of a DICOM object as a small JPEG that says nothing about who it shows.

Windowed as the object asks (PS3.3 C.11.2.1.2), with square pixels, a bar for the scale, and encoded anew from its
pixels, so that nothing else of the file is left. A picture into which somebody may have written a name is not drawn:
what was captured from a screen, what says so itself (Burned In Annotation), and of ultrasound all but its regions.
"""

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.encaps import get_frame
from pydicom.uid import JPEG2000, JPEG2000Lossless, JPEGBaseline8Bit

from secunda.adapters.dicom_reading import UNREADABLE

LARGEST_FILE = 2**28  # bytes: a longer cine is left to the viewer
LARGEST_SIDE = 4096  # pixels of the object
SIDE = 640  # pixels of the picture; at the size that it is printed 190 dots an inch
BARS = (100.0, 50.0, 20.0, 10.0, 5.0)  # mm
FROM_THE_MACHINE = {"CT", "MR", "PT", "NM", "XA", "RF", "DX", "CR", "MG"}
_DECODED_BY_PILLOW = {JPEGBaseline8Bit, JPEG2000, JPEG2000Lossless}
_CENTIMETRES = 3  # Physical Units of an ultrasound region


@dataclass(frozen=True)
class Picture:
    """`jpeg` is grey or RGB; `window` and `level` in the object's own units (CT: Hounsfield), 0 for colour."""

    jpeg: bytes
    width: int
    height: int
    window: float
    level: float
    bar_mm: float | None


@lru_cache(maxsize=16)
def picture(path: Path, frame: int) -> Picture | None:
    """Frame `frame` (from 1) of the object at `path`; None where it cannot or must not be drawn."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            return None
        dataset = dcmread(path)
        regions = _regions(dataset)
        if regions is None or not 1 <= frame <= int(dataset.get("NumberOfFrames") or 1):
            return None
        if max(int(dataset.Rows), int(dataset.Columns)) > LARGEST_SIDE:
            return None
        return _drawn(dataset, frame, regions)
    except UNREADABLE:
        return None


def _regions(dataset: Dataset) -> list[tuple[int, int, int, int]] | None:
    """What may be shown, as boxes in pixels; empty for all of it, None for nothing."""
    if dataset.get("BurnedInAnnotation", "NO") == "YES" or "ConversionType" in dataset:
        return None
    if dataset.get("Modality") in FROM_THE_MACHINE:
        return []
    found = dataset.get("SequenceOfUltrasoundRegions") if dataset.get("Modality") == "US" else None
    return [
        (each.RegionLocationMinX0, each.RegionLocationMinY0, each.RegionLocationMaxX1 + 1, each.RegionLocationMaxY1 + 1)
        for each in found or []
    ] or None


def _drawn(dataset: Dataset, frame: int, regions: list[tuple[int, int, int, int]]) -> Picture:
    image, window, level = _pixels(dataset, frame)
    if regions:
        shown = Image.new(image.mode, image.size)
        for box in regions:
            shown.paste(image.crop(box), box[:2])
        image = shown
    across, down = _spacing(dataset)
    ratio = (down / across) if across else 1.0
    size = (image.width, image.height * ratio)
    scale = SIDE / max(size)
    image = image.resize((max(round(size[0] * scale), 1), max(round(size[1] * scale), 1)), Image.Resampling.LANCZOS)
    bar = _bar(image, across / scale) if across else None
    file = io.BytesIO()
    image.save(file, "JPEG", quality=85)
    return Picture(file.getvalue(), image.width, image.height, window, level, bar)


def _pixels(dataset: Dataset, frame: int) -> tuple[Image.Image, float, float]:
    """The frame as 8-bit grey or RGB, with the window and level that were used."""
    syntax = dataset.file_meta.TransferSyntaxUID
    size = (int(dataset.Columns), int(dataset.Rows))
    if syntax in _DECODED_BY_PILLOW:
        frames = int(dataset.get("NumberOfFrames") or 1)
        raw = Image.open(io.BytesIO(get_frame(dataset.PixelData, frame - 1, number_of_frames=frames)))
        if raw.size != size:
            raise ValueError("the picture has another size than the object says")
        if raw.mode not in {"L", "I;16", "I"}:
            return raw.convert("RGB"), 0.0, 0.0
        signed = bool(dataset.PixelRepresentation) and raw.mode != "L"
        values = Image.frombytes("F", size, raw.tobytes(), "raw", "F;16S" if signed else "F;16") if signed else raw
        return _windowed(dataset, values.convert("F"))
    if syntax.is_encapsulated or dataset.SamplesPerPixel != 1 or not syntax.is_little_endian:
        raise NotImplementedError(syntax.name)
    mode = {(8, 0): "F;8", (8, 1): "F;8S", (16, 0): "F;16", (16, 1): "F;16S"}[
        dataset.BitsAllocated, dataset.PixelRepresentation
    ]
    length = size[0] * size[1] * dataset.BitsAllocated // 8
    return _windowed(
        dataset, Image.frombytes("F", size, dataset.PixelData[(frame - 1) * length :][:length], "raw", mode)
    )


def _windowed(dataset: Dataset, values: Image.Image) -> tuple[Image.Image, float, float]:
    slope, intercept = float(dataset.get("RescaleSlope") or 1), float(dataset.get("RescaleIntercept") or 0)
    level, window = _first(dataset.get("WindowCenter")), _first(dataset.get("WindowWidth"))
    if not window or level is None:
        low, high = (float(value) * slope + intercept for value in values.getextrema())  # type: ignore[arg-type]
        level, window = (low + high) / 2, max(high - low, 1.0)
    factor, offset = 255 / max(window - 1, 1.0), level - 0.5
    grey = values.point(lambda value: value * (slope * factor) + ((intercept - offset) * factor + 127.5)).convert("L")
    if dataset.get("PhotometricInterpretation") == "MONOCHROME1":
        grey = grey.point(lambda value: 255 - value)
    return grey, window, level


def _first(value: Any) -> float | None:
    """Of several windows the first is the one that the maker means to be seen."""
    if value is None:
        return None
    return float(value[0]) if hasattr(value, "__getitem__") and not isinstance(value, str) else float(value)


def _spacing(dataset: Dataset) -> tuple[float, float]:
    """Millimetres a pixel, across and down; 0 where nobody says."""
    said = dataset.get("PixelSpacing") or dataset.get("ImagerPixelSpacing")
    if said:
        return float(said[1]), float(said[0])
    for region in dataset.get("SequenceOfUltrasoundRegions") or []:
        if region.get("PhysicalUnitsXDirection") == _CENTIMETRES:
            return 10 * abs(float(region.PhysicalDeltaX)), 10 * abs(float(region.PhysicalDeltaY))
    return 0.0, 0.0


def _bar(image: Image.Image, mm_a_pixel: float) -> float | None:
    """Draw the longest bar that takes a third of the width at most; its length in millimetres."""
    length = next((bar for bar in BARS if bar / mm_a_pixel <= image.width / 3), None)
    if length is not None:
        x, y, end = 16, image.height - 20, 16 + length / mm_a_pixel
        draw = ImageDraw.Draw(image)
        for widen, shade in ((2, "black"), (0, "white")):
            draw.rectangle((x - widen, y - widen, end + widen, y + 3 + widen), fill=shade)
    return length
