"""Whether the pixels of a DICOM object are all there, without decoding them. Source: DICOM PS3.5, section 8 and A.4."""

import struct
from math import ceil
from typing import BinaryIO

from pydicom.dataset import Dataset

from secunda.errors import BadInputError

LONG_VRS = (b"OB", b"OW", b"OF", b"OD", b"OL", b"OV", b"UN", b"SQ", b"UT", b"UC", b"UR")
ITEM, SEQUENCE_END = 0xFFFEE000, 0xFFFEE0DD
UNDEFINED_LENGTH = 0xFFFFFFFF


def check_pixels(buffer: BinaryIO, position: int, size: int, dataset: Dataset) -> None:
    """Raise BadInputError when the pixel data element at `position` ends after the buffer's `size` or lacks frames."""
    implicit, little_endian = dataset.original_encoding
    order = "<" if little_endian is not False else ">"
    start, length = value_of(buffer, position, bool(implicit), order)
    if length == UNDEFINED_LENGTH:
        fragments = _count_fragments(buffer, start, size, order)
        if fragments < 1:
            raise _short()
    elif start + length > size or length < _expected_bytes(dataset):
        raise _short()


def value_of(buffer: BinaryIO, position: int, implicit: bool, order: str) -> tuple[int, int]:
    """Where the value of the element at `position` starts, and its length in bytes as written."""
    buffer.seek(position + 4)
    head = buffer.read(8)
    if len(head) < 8:
        raise _short()
    if implicit or not head[:2].isupper():
        return position + 8, int(struct.unpack(order + "L", head[:4])[0])
    if head[:2] in LONG_VRS:
        return position + 12, int(struct.unpack(order + "L", head[4:])[0])
    return position + 8, int(struct.unpack(order + "H", head[2:4])[0])


def _count_fragments(buffer: BinaryIO, start: int, size: int, order: str) -> int:
    """Walk the items of encapsulated pixels to their delimiter; the first item is the offset table, not a fragment."""
    items, position = 0, start
    while position + 8 <= size:
        buffer.seek(position)
        group, element, length = struct.unpack(order + "HHL", buffer.read(8))
        tag = group << 16 | element
        if tag == SEQUENCE_END:
            return items - 1
        if tag != ITEM or position + 8 + length > size:
            raise _short()
        items, position = items + 1, position + 8 + length
    raise _short()


def _expected_bytes(dataset: Dataset) -> int:
    """How long native pixels must be by the header; 0 where the header does not say."""
    try:
        return ceil(bits_of_frame(dataset) * int(dataset.get("NumberOfFrames") or 1) / 8)
    except (AttributeError, TypeError, ValueError):
        return 0


def bits_of_frame(dataset: Dataset) -> int:
    """How many bits one native frame takes. Raises AttributeError and its like where the header does not say."""
    rows, columns = int(dataset.Rows), int(dataset.Columns)
    samples, bits = int(dataset.get("SamplesPerPixel", 1)), int(dataset.BitsAllocated)
    if dataset.get("PhotometricInterpretation") in ("YBR_FULL_422", "YBR_PARTIAL_422"):
        samples = 2  # two chrominance samples are shared by two pixels
    return rows * columns * samples * bits


def _short() -> BadInputError:
    return BadInputError(
        "The DICOM object is truncated: pixels are missing.",
        "Send it again from the archive; the transfer was cut off.",
    )
