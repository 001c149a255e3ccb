"""A DICOM object with the pixels of one frame alone: a cine of hundreds of megabytes is never read whole.

Source: DICOM PS3.5, sections 8 and A.4.
"""

from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, get_frame
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from secunda.adapters.dicom_decoding import UnknownEncodingError
from secunda.adapters.dicom_pixels import bits_of_frame, value_of
from secunda.adapters.dicom_reading import DEFER

PIXELS = 0x7FE00010


class NoSuchFrameError(Exception):
    """The object has fewer frames."""


def read_frame(path: Path, number: int) -> Dataset:
    """The object at `path` as if frame `number` (from 1) were its only one; all else is as it was.

    An object that names no transfer syntax has the one that it was read by. Raises NoSuchFrameError,
    UnknownEncodingError for frames that do not begin at a byte, ValueError and its like where it is damaged.
    """
    with path.open("rb") as file:
        dataset = dcmread(file, stop_before_pixels=True, force=True, defer_size=DEFER)
        if "SOPClassUID" not in dataset:
            raise ValueError("this is no DICOM object")
        _name_syntax(dataset)
        frames = int(dataset.get("NumberOfFrames") or 1)
        if not 1 <= number <= frames:
            raise NoSuchFrameError
        source, start, length, kind = _pixels(path, file, dataset)
        if dataset.file_meta.TransferSyntaxUID.is_encapsulated:
            source.seek(start)
            found = encapsulate([get_frame(source, number - 1, number_of_frames=frames)])
        else:
            found = _native(source, start, length, dataset, number)
    dataset.add_new(PIXELS, kind, found)
    dataset[PIXELS].is_undefined_length = dataset.file_meta.TransferSyntaxUID.is_encapsulated
    dataset.NumberOfFrames = 1
    return dataset


def _name_syntax(dataset: Dataset) -> None:
    if dataset.file_meta.get("TransferSyntaxUID"):
        return
    implicit, little_endian = dataset.original_encoding
    explicit = ExplicitVRLittleEndian if little_endian is not False else ExplicitVRBigEndian
    dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian if implicit else explicit


def _pixels(path: Path, file: BinaryIO, dataset: Dataset) -> tuple[BinaryIO, int, int, str]:
    """Where the pixels are: in what, from which byte on, how many bytes, and their VR."""
    if dataset.file_meta.TransferSyntaxUID == DeflatedExplicitVRLittleEndian:
        element = dcmread(path)[PIXELS]  # it was inflated within bounds when it came
        return BytesIO(element.value), 0, len(element.value), element.VR
    position = file.tell()
    implicit, little_endian = dataset.original_encoding
    order = "<" if little_endian is not False else ">"
    file.seek(position)
    tag = file.read(4)
    if tag != (b"\xe0\x7f\x10\x00" if order == "<" else b"\x7f\xe0\x00\x10"):
        raise ValueError("the object has no pixels of whole numbers")
    kind = {b"OB": "OB"}.get(file.read(2), "OW")  # implicit, also where the object says explicit: words
    start, length = value_of(file, position, bool(implicit), order)
    return file, start, length, kind


def _native(source: BinaryIO, start: int, length: int, dataset: Dataset, number: int) -> bytes:
    bits = bits_of_frame(dataset)
    if bits % 8:
        raise UnknownEncodingError("frames that do not begin at a byte")
    size = bits // 8
    if number * size > length:
        raise ValueError("the frame is cut off")
    source.seek(start + (number - 1) * size)
    found = source.read(size)
    if len(found) < size:
        raise ValueError("the frame is cut off")
    return found + b"\0" * (size % 2)
