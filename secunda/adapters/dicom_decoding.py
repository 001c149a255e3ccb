"""The pixels of one frame of a DICOM object as a Pillow image, decoded by Pillow or by what pydicom brings itself.

Native pixels of either byte order, RLE, JPEG and JPEG 2000 are decoded. JPEG-LS and lossless JPEG are not: what decodes
them needs a library under the GPL, or one more numeric library than a report is worth.
"""

import io
from typing import Any

from PIL import Image
from pydicom.dataset import Dataset
from pydicom.encaps import get_frame
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.utils import get_j2k_parameters
from pydicom.uid import JPEG2000, JPEG2000Lossless, JPEGBaseline8Bit, JPEGExtended12Bit

from secunda.adapters.dicom_palette import painted, swapped

_BY_PILLOW = {JPEGBaseline8Bit, JPEGExtended12Bit, JPEG2000, JPEG2000Lossless}
_GREY = {"MONOCHROME1", "MONOCHROME2"}
#: (bits allocated, signed, little-endian) → Pillow's name of such numbers
_NUMBERS = {
    (8, False, True): "F;8",
    (8, True, True): "F;8S",
    (16, False, True): "F;16",
    (16, True, True): "F;16S",
    (8, False, False): "F;8",
    (8, True, False): "F;8S",
    (16, False, False): "F;16B",
    (16, True, False): "F;16BS",
}


class UnknownEncodingError(Exception):
    """The pixels are encoded in a way that cannot be decoded here."""


def pixels(dataset: Dataset, frame: int) -> Image.Image:
    """Frame `frame` (from 1): stored values in mode F, or a picture in RGB.

    Raises UnknownEncodingError; ValueError and its like where the object is damaged.
    """
    syntax = dataset.file_meta.TransferSyntaxUID
    if syntax in _BY_PILLOW:
        return _by_pillow(dataset, frame)
    try:
        decoder = get_decoder(syntax)
    except NotImplementedError as error:
        raise UnknownEncodingError(syntax.name) from error
    if not decoder.is_available:
        raise UnknownEncodingError(syntax.name)
    data, said = decoder.as_buffer(dataset, index=frame - 1)
    # RLE is decoded to little-endian numbers, whatever the object's own order.
    little_endian = syntax.is_encapsulated or syntax.is_little_endian
    if dataset.SamplesPerPixel == 1:
        return _grey(dataset, bytes(data), little_endian)
    if not little_endian and _size(dataset)[0] * _size(dataset)[1] % 2:
        raise UnknownEncodingError("pairs of bytes over the border of a frame")
    return _colour(dataset, bytes(data), str(said["photometric_interpretation"]), int(said["planar_configuration"]))


def _size(dataset: Dataset) -> tuple[int, int]:
    return int(dataset.Columns), int(dataset.Rows)


def _by_pillow(dataset: Dataset, frame: int) -> Image.Image:
    frames = int(dataset.get("NumberOfFrames") or 1)
    data = get_frame(dataset.PixelData, frame - 1, number_of_frames=frames)
    if dataset.file_meta.TransferSyntaxUID == JPEGExtended12Bit and int(dataset.BitsStored) > 8:
        raise UnknownEncodingError("JPEG of more than 8 bits")
    raw = Image.open(io.BytesIO(data), formats=("JPEG", "JPEG2000"))
    if raw.size != _size(dataset):
        raise ValueError("the picture has another size than the object says")
    if raw.mode not in {"L", "I;16"}:
        return _jpeg_colour(dataset, raw)
    return raw.convert("F") if raw.format == "JPEG" else _jpeg2000(dataset, data, raw)


def _jpeg_colour(dataset: Dataset, raw: Any) -> Image.Image:
    """Without a word of their own about it, JPEG files are read as YCbCr; the object may say that they are RGB."""
    if raw.format == "JPEG" and dataset.PhotometricInterpretation == "RGB" and "adobe_transform" not in raw.info:
        raw.draft("YCbCr", raw.size)
        return Image.frombytes("RGB", raw.size, raw.tobytes())
    picture: Image.Image = raw.convert("RGB")
    return picture


def _jpeg2000(dataset: Dataset, data: bytes, raw: Image.Image) -> Image.Image:
    """Stored values of grey JPEG 2000: Pillow makes numbers without a sign of 8 or 16 bits, whatever they were."""
    said = get_j2k_parameters(data)
    container = 8 if raw.mode == "L" else 16
    spread = 2.0 ** (container - int(said.get("precision", dataset.BitsStored)))
    signed = bool(dataset.PixelRepresentation)
    if signed and not said.get("is_signed", True):  # the object's word against the picture's: the bits decide
        values, offset = Image.frombytes("F", raw.size, raw.tobytes(), "raw", f"F;{container}S"), 0
    else:
        values, offset = raw.convert("F"), 2 ** (container - 1) if signed else 0
    return values.point(lambda value: value * (1 / spread) + (-offset / spread))


def _grey(dataset: Dataset, data: bytes, little_endian: bool) -> Image.Image:
    allocated = int(dataset.BitsAllocated)
    mode = _NUMBERS.get((allocated, bool(dataset.PixelRepresentation), little_endian))
    if mode is None:
        raise UnknownEncodingError(f"{allocated} bits")
    if allocated == 8 and not little_endian:
        data = _unswapped(dataset, data)
    if dataset.PhotometricInterpretation == "PALETTE COLOR":
        if "RedPaletteColorLookupTableData" not in dataset:
            raise UnknownEncodingError("a palette in segments")
        numbers = Image.frombytes("F", _size(dataset), data, "raw", mode).convert("L" if allocated == 8 else "I")
        return painted(dataset, numbers, little_endian=dataset.file_meta.TransferSyntaxUID.is_little_endian)
    if dataset.PhotometricInterpretation not in _GREY:
        raise UnknownEncodingError(str(dataset.PhotometricInterpretation))
    return Image.frombytes("F", _size(dataset), data, "raw", mode)


def _unswapped(dataset: Dataset, data: bytes) -> bytes:
    """Bytes that were written as big-endian words of two (PS3.5 8.1.1) in their own order; bytes otherwise."""
    if dataset["PixelData"].VR != "OW":
        return data
    return swapped(data)


def _colour(dataset: Dataset, data: bytes, kind: str, planar: int) -> Image.Image:
    """Eight bits a sample, RGB or as JPEG has its colours (YBR_FULL, full range)."""
    if int(dataset.BitsAllocated) != 8:
        raise UnknownEncodingError("colours of more than 8 bits")
    if not dataset.file_meta.TransferSyntaxUID.is_little_endian:
        data = _unswapped(dataset, data)
    size = _size(dataset)
    if kind == "YBR_FULL_422":
        return _half_coloured(size, data)
    mode: Any = {"RGB": "RGB", "YBR_FULL": "YCbCr"}.get(kind)
    if mode is None:
        raise UnknownEncodingError(kind)
    if planar:
        length = size[0] * size[1]
        planes = [Image.frombytes("L", size, data[number * length :][:length]) for number in range(3)]
        return Image.merge(mode, planes).convert("RGB")
    return Image.frombytes(mode, size, data[: 3 * size[0] * size[1]]).convert("RGB")


def _half_coloured(size: tuple[int, int], data: bytes) -> Image.Image:
    """Two pixels of brightness share one of colour: Y Y Cb Cr (PS3.3 C.7.6.3.1.2)."""
    width, height = size
    data = data[: 2 * width * height]
    bright = bytearray(width * height)
    bright[0::2], bright[1::2] = data[0::4], data[1::4]
    planes = [Image.frombytes("L", size, bytes(bright))]
    for shade in (data[2::4], data[3::4]):
        planes.append(Image.frombytes("L", (width // 2, height), shade).resize(size, Image.Resampling.NEAREST))
    return Image.merge("YCbCr", planes).convert("RGB")
