"""Reading a DICOM dataset up to its pixels without holding them in memory, and proving that nothing was cut off.

pydicom reads what is there and only logs what is missing; so lengths are compared with the file here.
"""

import logging
import struct
import warnings
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pydicom
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.errors import BytesLengthException, InvalidDicomError
from pydicom.filereader import dcmread
from pydicom.filereader import read_dataset as read_elements
from pydicom.tag import BaseTag
from pydicom.uid import DeflatedExplicitVRLittleEndian

from secunda.adapters.dicom_pixels import check_pixels
from secunda.adapters.file_facts import FileWarning
from secunda.errors import BadInputError

DEFER = 2**16  # longer values stay in the file
MAX_INFLATED = 2**27  # bytes of a deflated dataset
MAX_ENCAPSULATED = 2**28  # bytes of a document inside the object
UNDEFINED_LENGTH = 0xFFFFFFFF
ENCAPSULATED_DOCUMENT = BaseTag(0x00420011)
PIXELS = (0x7FE00008, 0x7FE00009, 0x7FE00010)

# Its warnings quote the values they complain about, which are the patient's.
logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)
warnings.filterwarnings("ignore", module=r"pydicom(\.|$)")
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE

#: What pydicom and the struct module raise on values that are not what their type says.
UNREADABLE = (
    ValueError,  # UnicodeError too
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    NotImplementedError,
    OverflowError,
    RecursionError,
    LookupError,
    OSError,
    EOFError,
    struct.error,
    InvalidDicomError,
    BytesLengthException,
)


@dataclass(frozen=True)
class ReadDataset:
    """A dataset without its pixels, known to be whole."""

    dataset: Dataset
    has_pixels: bool
    encapsulated: bytes
    warnings: tuple[FileWarning, ...]


def read_dataset(path: Path) -> ReadDataset:
    """Read the object at `path`. Raises BadInputError when it is truncated or no DICOM parser could read it."""
    with path.open("rb") as file:
        part_10 = file.read(132)[128:] == b"DICM"
        try:
            buffer, dataset = _read(file, part_10)
            return _checked(buffer, dataset, part_10)
        except UNREADABLE:
            raise _damaged() from None


def _read(file: BinaryIO, part_10: bool) -> tuple[BinaryIO, Dataset]:
    file.seek(132 if part_10 else 0)
    meta = read_elements(file, False, True, stop_when=lambda tag, _vr, _length: tag.group != 2)
    if meta.get("TransferSyntaxUID") == DeflatedExplicitVRLittleEndian:
        buffer = BytesIO(_inflate(file))
        dataset = read_elements(buffer, False, True, stop_when=lambda tag, _vr, _length: tag in PIXELS)
        dataset.file_meta = FileMetaDataset(meta)  # as dcmread does
        return buffer, dataset
    file.seek(0)
    return file, dcmread(file, stop_before_pixels=True, defer_size=DEFER, force=not part_10)


def _inflate(file: BinaryIO) -> bytes:
    """Inflate within bounds: pydicom itself would inflate a bomb whole."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = inflater.decompress(file.read(), MAX_INFLATED)
    except zlib.error:
        raise _damaged() from None
    if inflater.unconsumed_tail:
        raise BadInputError(
            f"The deflated DICOM object inflates to more than {MAX_INFLATED // 2**20} MiB.",
            "Export it in another transfer syntax, such as JPEG 2000.",
        )
    if not inflater.eof:
        raise truncated()
    return content


def _checked(buffer: BinaryIO, dataset: Dataset, part_10: bool) -> ReadDataset:
    position = buffer.tell()
    size = buffer.seek(0, 2)
    for element in dataset.elements():
        if isinstance(element, RawDataElement) and element.length != UNDEFINED_LENGTH and _end(element) > size:
            raise truncated()
    little_endian = dataset.original_encoding[1] is not False
    has_pixels = _tag_at(buffer, position, little_endian) in PIXELS
    if has_pixels:
        check_pixels(buffer, position, size, dataset)
    else:
        buffer.seek(min(position, _end_of_last(dataset, position)))
        if buffer.read(16).strip(b"\0"):
            raise truncated()  # half an element is left, or the parser gave up before the end
    if not len(dataset) or (not part_10 and "SOPClassUID" not in dataset):
        raise _damaged()
    return ReadDataset(dataset, has_pixels, _encapsulated(buffer, dataset), _deviations(dataset, part_10))


def _end(element: RawDataElement) -> int:
    return int(element.value_tell) + int(element.length)


def _end_of_last(dataset: Dataset, position: int) -> int:
    """Where the last element ends; `position` after a sequence of undefined length, which knows its own end."""
    elements = list(dataset.elements())
    last = elements[-1] if elements else None
    return _end(last) if isinstance(last, RawDataElement) and last.length != UNDEFINED_LENGTH else position


def _tag_at(buffer: BinaryIO, position: int, little_endian: bool) -> int:
    buffer.seek(position)
    head = buffer.read(4)
    if len(head) < 4:
        return 0
    group, element = struct.unpack("<HH" if little_endian else ">HH", head)
    return int(group) << 16 | int(element)


def _encapsulated(buffer: BinaryIO, dataset: Dataset) -> bytes:
    if ENCAPSULATED_DOCUMENT not in dataset:
        return b""
    element = dataset.get_item(ENCAPSULATED_DOCUMENT)
    if not isinstance(element, RawDataElement) or element.length > MAX_ENCAPSULATED:
        raise _damaged()
    buffer.seek(element.value_tell)
    return buffer.read(element.length)


def _deviations(dataset: Dataset, part_10: bool) -> tuple[FileWarning, ...]:
    meta = getattr(dataset, "file_meta", Dataset())
    found = {
        FileWarning.DICOM_WITHOUT_PREAMBLE: not part_10,
        FileWarning.DICOM_NO_TRANSFER_SYNTAX: part_10 and "TransferSyntaxUID" not in meta,
        FileWarning.DICOM_DEVIATES: part_10 and "FileMetaInformationGroupLength" not in meta,
    }
    return tuple(warning for warning, is_so in found.items() if is_so)


def truncated() -> BadInputError:
    """The refusal of an object that ends too early."""
    return BadInputError(
        "The DICOM object is truncated: it is shorter than its header says.",
        "Send it again from the archive; the transfer was cut off.",
    )


def _damaged() -> BadInputError:
    return BadInputError(
        "The DICOM object cannot be read: its structure is damaged.",
        "Export the study again from the archive (PACS).",
    )
