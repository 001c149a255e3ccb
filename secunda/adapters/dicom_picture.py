"""One frame of a DICOM object as a small JPEG that says nothing about who it shows.

Windowed as the object asks (PS3.3 C.11.2.1.2), with square pixels, a bar for the scale, and encoded anew from its
pixels, so that nothing else of the file is left. A picture into which somebody may have written a name is not drawn:
what was captured from a screen, what says so itself (Burned In Annotation), and of ultrasound all but its regions.
"""

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw
from pydicom.dataset import Dataset

from secunda.adapters.dicom_decoding import UnknownEncodingError, pixels
from secunda.adapters.dicom_one_frame import NoSuchFrameError, read_frame
from secunda.adapters.dicom_reading import UNREADABLE
from secunda.adapters.dicom_showing import Showing, showing_of
from secunda.reporting.images import NotShown

LARGEST_SIDE = 4096  # pixels of the object
SIDE = 640  # pixels of the picture; at the size that it is printed 190 dots an inch
BARS = (100.0, 50.0, 20.0, 10.0, 5.0)  # mm
FROM_THE_MACHINE = {"CT", "MR", "PT", "NM", "XA", "RF", "DX", "CR", "MG"}
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"  # and its multi-frame kinds: screens, scans, dose reports
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
def picture(path: Path, frame: int) -> Picture | NotShown:
    """Frame `frame` (from 1) of the object at `path`, or why it cannot or must not be drawn."""
    try:
        dataset = read_frame(path, frame)
        regions = _regions(dataset)
        return _refused(dataset, regions) or _drawn(dataset, frame, regions or [])
    except NoSuchFrameError:
        return NotShown.NO_SUCH_IMAGE
    except UnknownEncodingError:
        return NotShown.ENCODING
    except Image.DecompressionBombError:
        return NotShown.SIZE
    except UNREADABLE:
        return NotShown.DAMAGED


def _refused(dataset: Dataset, regions: list[tuple[int, int, int, int]] | None) -> NotShown | None:
    if regions is None:
        return NotShown.NAMES
    return NotShown.SIZE if max(int(dataset.Rows), int(dataset.Columns)) > LARGEST_SIDE else None


def _regions(dataset: Dataset) -> list[tuple[int, int, int, int]] | None:
    """What may be shown, as boxes in pixels; empty for all of it, None for nothing."""
    captured = "ConversionType" in dataset or str(dataset.get("SOPClassUID")).startswith(SECONDARY_CAPTURE)
    if captured or dataset.get("BurnedInAnnotation", "NO") != "NO":
        return None
    if dataset.get("Modality") in FROM_THE_MACHINE:
        return []
    found = dataset.get("SequenceOfUltrasoundRegions") if dataset.get("Modality") == "US" else None
    return [
        (each.RegionLocationMinX0, each.RegionLocationMinY0, each.RegionLocationMaxX1 + 1, each.RegionLocationMaxY1 + 1)
        for each in found or []
    ] or None


def _drawn(dataset: Dataset, frame: int, regions: list[tuple[int, int, int, int]]) -> Picture:
    image, window, level = pixels(dataset, 1), 0.0, 0.0
    showing = showing_of(dataset, frame)
    if image.mode == "F":
        image, window, level = _windowed(showing, image)
    if regions:
        shown = Image.new(image.mode, image.size)
        for box in regions:
            shown.paste(image.crop(box), box[:2])
        image = shown
    across, down = showing.spacing if showing.spacing[0] else _region_spacing(dataset)
    ratio = (down / across) if across and down else 1.0
    size = (image.width, image.height * ratio)
    scale = SIDE / max(size)
    image = image.resize((max(round(size[0] * scale), 1), max(round(size[1] * scale), 1)), Image.Resampling.LANCZOS)
    bar = _bar(image, across / scale) if across else None
    image.info = {}  # a comment in the old file would be written into the new one
    file = io.BytesIO()
    image.save(file, "JPEG", quality=85)
    return Picture(file.getvalue(), image.width, image.height, window, level, bar)


def _windowed(showing: Showing, values: Image.Image) -> tuple[Image.Image, float, float]:
    slope, intercept, window, level = showing.slope, showing.intercept, showing.window, showing.level
    if window is None or level is None:
        low, high = (float(value) * slope + intercept for value in values.getextrema())  # type: ignore[arg-type]
        level, window = (low + high) / 2, max(high - low, 1.0)
    factor, offset = 255 / max(window - 1, 1.0), level - 0.5
    grey = values.point(lambda value: value * (slope * factor) + ((intercept - offset) * factor + 127.5)).convert("L")
    if showing.inverted:
        grey = grey.point(lambda value: 255 - value)
    return grey, window, level


def _region_spacing(dataset: Dataset) -> tuple[float, float]:
    """Ultrasound gives a scale for each region."""
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
