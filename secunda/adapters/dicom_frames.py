"""One frame of a DICOM object as plain numbers, for a viewer that sets window and level itself.

What the browser gets is pixels and what is needed to show them: nothing of who they show. Decoded here, because here is
where the file is known to be whole, and so that a page needs no decoder. Source: DICOM PS3.3 C.7.6.3, C.11.
"""

from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image
from pydicom.dataset import Dataset
from pydicom.pixels.decoders.base import get_decoder

from secunda.adapters.dicom_decoding import UnknownEncodingError, pixels
from secunda.adapters.dicom_one_frame import NoSuchFrameError, read_frame
from secunda.adapters.dicom_palette import swapped
from secunda.adapters.dicom_reading import UNREADABLE
from secunda.adapters.dicom_showing import showing_of
from secunda.errors import BadInputError

LARGEST_SIDE: Final = 8192  # pixels
#: (bits allocated, signed) → how a browser reads the numbers, little-endian.
GREY: Final = {(8, 0): "u8", (8, 1): "i8", (16, 0): "u16", (16, 1): "i16"}


@dataclass(frozen=True)
class Frame:
    """`kind`: u8, i8, u16, i16 for grey, rgba for colour (4 bytes a pixel). `slope`, `intercept`, `window`, `level` and
    `spacing` as in `Showing`.
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
        dataset = read_frame(path, number)
        rows, columns = int(dataset.Rows), int(dataset.Columns)
        if max(rows, columns) > LARGEST_SIDE:
            raise _not_shown()
        values, kind = _decoded(dataset)
        return Frame(values, kind, rows, columns, **vars(showing_of(dataset, number)))
    except (*UNREADABLE, RuntimeError, UnknownEncodingError, NoSuchFrameError, Image.DecompressionBombError):
        raise _not_shown() from None


def _decoded(dataset: Dataset) -> tuple[bytes, str]:
    syntax = dataset.file_meta.TransferSyntaxUID
    kind = GREY.get((int(dataset.BitsAllocated), int(dataset.get("PixelRepresentation") or 0)), "")
    is_grey = dataset.get("PhotometricInterpretation") in ("MONOCHROME1", "MONOCHROME2")
    if is_grey and kind.endswith("16") and not syntax.is_encapsulated:
        values = bytes(get_decoder(syntax).as_buffer(dataset, index=0)[0])
        return (values if syntax.is_little_endian else swapped(values)), kind
    return _numbers(dataset, pixels(dataset, 1), kind)


def _numbers(dataset: Dataset, image: Image.Image, kind: str) -> tuple[bytes, str]:
    """As the report draws it: signed JPEG 2000 on its true scale, 8 bits in their own order, colours in colour."""
    if image.mode != "F":
        return image.convert("RGBA").tobytes(), "rgba"
    if kind == "u8":
        return image.convert("L").tobytes(), kind
    kind = kind or GREY[16, int(dataset.PixelRepresentation)]
    codes = {"i8": "b", "i16": "h", "u16": "H"}
    return array(codes[kind], array("i", image.convert("I").tobytes())).tobytes(), kind


def _not_shown() -> BadInputError:
    return BadInputError("This picture cannot be shown here.", "Download the file and open it in a DICOM viewer.")
