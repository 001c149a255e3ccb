"""One frame of a DICOM object as plain numbers, for a viewer that sets window and level itself.

What the browser gets is pixels and what is needed to show them: nothing of who they show. Decoded here, because here is
where the file is known to be whole, and so that a page needs no decoder. Source: DICOM PS3.3 C.7.6.3, C.11.
"""

from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PIL import Image
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.pixels.decoders.base import get_decoder
from pydicom.uid import JPEG2000, JPEG2000Lossless, JPEGBaseline8Bit

from secunda.adapters.dicom_decoding import UnknownEncodingError, pixels
from secunda.adapters.dicom_reading import UNREADABLE
from secunda.errors import BadInputError

LARGEST_FILE: Final = 2**29  # bytes
LARGEST_SIDE: Final = 8192  # pixels
BY_PILLOW: Final = (JPEGBaseline8Bit, JPEG2000, JPEG2000Lossless)
#: (bits allocated, signed) → how a browser reads the numbers, little-endian.
GREY: Final = {(8, 0): "u8", (8, 1): "i8", (16, 0): "u16", (16, 1): "i16"}


@dataclass(frozen=True)
class Frame:
    """`kind`: u8, i8, u16, i16 for grey, rgba for colour (4 bytes a pixel). A grey value × slope + intercept is in the
    object's own unit (CT: Hounsfield), as are `window` and `level`; both are None where the object does not say.
    `spacing`: millimetres a pixel, across and down; 0 where nobody says.
    """

    values: bytes
    kind: str
    rows: int
    columns: int
    slope: float
    intercept: float
    window: float | None
    level: float | None
    inverted: bool
    spacing: tuple[float, float]


def frame_of(path: Path, number: int) -> Frame:
    """Frame `number` (from 1). Raises BadInputError for what cannot be shown, with what to do instead."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _not_shown()
        dataset = dcmread(path, force=True)
        if "PixelData" not in dataset or not 1 <= number <= int(dataset.get("NumberOfFrames") or 1):
            raise _not_shown()
        if max(int(dataset.Rows), int(dataset.Columns)) > LARGEST_SIDE:
            raise _not_shown()
        values, kind = _decoded(dataset, number)
    except (*UNREADABLE, RuntimeError, UnknownEncodingError):
        raise _not_shown() from None
    return _described(dataset, values, kind)


def _decoded(dataset: Dataset, number: int) -> tuple[bytes, str]:
    syntax = dataset.file_meta.TransferSyntaxUID
    if syntax in BY_PILLOW:
        return _by_pillow(dataset, number)
    if int(dataset.SamplesPerPixel) == 1:
        values, _ = get_decoder(syntax).as_buffer(dataset, index=number - 1)
        kind = GREY[int(dataset.BitsAllocated), int(dataset.PixelRepresentation)]
        swapped = not syntax.is_little_endian and kind.endswith("16")
        return (_swapped(bytes(values)) if swapped else bytes(values)), kind
    if int(dataset.BitsAllocated) != 8 or dataset.PhotometricInterpretation not in ("RGB", "YBR_FULL"):
        raise UnknownEncodingError("colour of this kind")
    values, told = get_decoder(syntax).as_buffer(dataset, index=number - 1)
    mode = "RGB" if dataset.PhotometricInterpretation == "RGB" else "YCbCr"
    return _colour(bytes(values), mode, dataset, planar=bool(told.get("planar_configuration"))), "rgba"


def _by_pillow(dataset: Dataset, number: int) -> tuple[bytes, str]:
    """As the report draws it: signed JPEG 2000 on its true scale, and no other format than the object names."""
    image = pixels(dataset, number)
    if image.mode != "F":
        return image.convert("RGBA").tobytes(), "rgba"
    kind = GREY[16, int(dataset.PixelRepresentation)]
    numbers = array("h" if kind == "i16" else "H", array("i", image.convert("I").tobytes()))
    return numbers.tobytes(), kind


def _colour(values: bytes, mode: str, dataset: Dataset, *, planar: bool) -> bytes:
    size = (int(dataset.Columns), int(dataset.Rows))
    if planar:
        plane = size[0] * size[1]
        bands = [Image.frombytes("L", size, values[at * plane :][:plane]) for at in range(3)]
        return Image.merge(mode, bands).convert("RGBA").tobytes()
    return Image.frombytes(mode, size, values).convert("RGBA").tobytes()


def _described(dataset: Dataset, values: bytes, kind: str) -> Frame:
    spacing = dataset.get("PixelSpacing") or dataset.get("ImagerPixelSpacing") or (0, 0)
    return Frame(
        values=values,
        kind=kind,
        rows=int(dataset.Rows),
        columns=int(dataset.Columns),
        slope=float(dataset.get("RescaleSlope") or 1),
        intercept=float(dataset.get("RescaleIntercept") or 0),
        window=_first(dataset.get("WindowWidth")),
        level=_first(dataset.get("WindowCenter")),
        inverted=dataset.get("PhotometricInterpretation") == "MONOCHROME1",
        spacing=(float(spacing[1]), float(spacing[0])),
    )


def _first(value: Any) -> float | None:
    """Of several windows the first is the one that the maker means to be seen."""
    if value is None or value == "":
        return None
    return float(value[0]) if hasattr(value, "__getitem__") and not isinstance(value, str) else float(value)


def _swapped(values: bytes) -> bytes:
    pairs = bytearray(len(values))
    pairs[0::2], pairs[1::2] = values[1::2], values[0::2]
    return bytes(pairs)


def _not_shown() -> BadInputError:
    return BadInputError("This picture cannot be shown here.", "Download the file and open it in a DICOM viewer.")
