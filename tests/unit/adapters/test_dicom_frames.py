"""What the viewer gets is what the report draws."""

import io
from array import array
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import JPEG2000Lossless, JPEGBaseline8Bit

from secunda.adapters.dicom_decoding import UnknownEncodingError, pixels
from secunda.adapters.dicom_frames import frame_of
from secunda.adapters.dicom_picture import Picture, picture
from secunda.adapters.dicom_reading import UNREADABLE
from secunda.adapters.filetype import examine
from secunda.errors import BadInputError
from tests.unit.adapters.samples import dicom, write

CODES = {"u8": "B", "i8": "b", "u16": "H", "i16": "h"}


def test_the_viewer_and_the_report_read_the_same_grey_values(test_data: Path) -> None:
    compared = signed = 0
    for path in sorted((test_data / "dicom").rglob("*.dcm")):
        try:
            dataset = dcmread(path, force=True)
            drawn = pixels(dataset, 1)
            shown = frame_of(path, 1)
        except (*UNREADABLE, RuntimeError, UnknownEncodingError, BadInputError):
            continue
        if shown.kind == "rgba" or drawn.mode != "F":
            continue
        assert list(array(CODES[shown.kind], shown.values)) == [int(value) for value in drawn.getdata()], path.name
        compared += 1
        signed += shown.kind == "i16"
    assert compared >= 5
    assert signed >= 1


def group(name: str, **elements: Any) -> Dataset:
    inside, found = Dataset(), Dataset()
    for keyword, value in elements.items():
        setattr(inside, keyword, value)
    setattr(found, name, Sequence([inside]))
    return found


def enhanced(**elements: Any) -> bytes:
    """Two frames of a CT whose unit, size and window stand in functional groups."""
    shared = group("PixelMeasuresSequence", PixelSpacing=[0.5, 0.25])
    shared.update(group("PixelValueTransformationSequence", RescaleSlope="2", RescaleIntercept="-1000"))
    windows = [group("FrameVOILUTSequence", WindowCenter="40", WindowWidth=width) for width in ("400", "80")]
    values = array("H", [*range(16), *range(100, 116)]).tobytes()
    return dicom(
        Modality="CT",
        NumberOfFrames=2,
        PixelData=values,
        SharedFunctionalGroupsSequence=Sequence([shared]),
        PerFrameFunctionalGroupsSequence=Sequence(windows),
        **elements,
    )


def test_an_enhanced_object_is_shown_in_its_own_unit_and_window(tmp_path: Path) -> None:
    path = write(tmp_path, enhanced())
    first, second = frame_of(path, 1), frame_of(path, 2)
    assert (first.slope, first.intercept, first.spacing) == (2, -1000, (0.25, 0.5))
    assert [(one.window, one.level) for one in (first, second)] == [(400, 40), (80, 40)]
    assert array("H", second.values)[0] == 100
    drawn = picture(path, 2)
    assert isinstance(drawn, Picture) and (drawn.window, drawn.level) == (80, 40)


def test_of_a_film_each_frame_is_the_one_that_was_asked_for(tmp_path: Path) -> None:
    pages = [Image.new("L", (4, 4), shade) for shade in (10, 120, 240)]
    films = {JPEGBaseline8Bit: "JPEG", JPEG2000Lossless: "JPEG2000"}
    for syntax, kind in films.items():
        written = []
        for page in pages:
            file = io.BytesIO()
            page.save(file, kind, **({"no_jp2": True} if kind == "JPEG2000" else {}))
            written.append(file.getvalue())
        facts = {"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7, "NumberOfFrames": 3}
        path = write(tmp_path, dicom(transfer_syntax=syntax, PixelData=encapsulate(written), **facts))
        shades = [
            array("B" if (one := frame_of(path, number)).kind == "u8" else "H", one.values)[5] for number in (1, 2, 3)
        ]
        assert all(abs(found - wanted) <= 2 for found, wanted in zip(shades, (10, 120, 240), strict=True)), kind


@pytest.mark.parametrize("number", [0, 3])
def test_a_frame_that_there_is_not_is_refused(tmp_path: Path, number: int) -> None:
    with pytest.raises(BadInputError, match="cannot be shown"):
        frame_of(write(tmp_path, enhanced()), number)


def palette(bits: int) -> dict[str, Any]:
    """Tables that give place n the colour (n, 2n, 3n) of sixteen bits, from place 5 on."""
    found: dict[str, Any] = {"BitsAllocated": bits, "BitsStored": bits, "HighBit": bits - 1}
    found |= {"PhotometricInterpretation": "PALETTE COLOR", "PixelData": b"\t" * 16 if bits == 8 else b"\t\0" * 16}
    for factor, colour in enumerate(("Red", "Green", "Blue"), 1):
        found[f"{colour}PaletteColorLookupTableDescriptor"] = [8, 5, 16]
        found[f"{colour}PaletteColorLookupTableData"] = b"".join(bytes([0, place * factor]) for place in range(8))
    return found


@pytest.mark.parametrize("bits", [8, 16])
def test_numbers_that_stand_for_colours_are_shown_in_colour(tmp_path: Path, bits: int) -> None:
    frame = frame_of(write(tmp_path, dicom(**palette(bits))), 1)
    assert frame.kind == "rgba"
    assert tuple(frame.values[:4]) == (4, 8, 12, 255)  # the ninth place, counted from the fifth


def test_an_object_without_preamble_is_shown_as_it_was_read(tmp_path: Path) -> None:
    whole = dcmread(io.BytesIO(dicom(Modality="CT", PixelData=bytes(range(32)))))
    bare = io.BytesIO()
    whole.file_meta, whole.preamble = Dataset(), None  # type: ignore[assignment]
    whole.save_as(bare, implicit_vr=True, little_endian=True)
    path = write(tmp_path, bare.getvalue())
    assert examine(path).frames == 1
    assert frame_of(path, 1).values == bytes(range(32))
    assert isinstance(picture(path, 1), Picture)


@pytest.mark.parametrize("name", ["MR_small_bigendian.dcm", "MR_small_implicit.dcm", "MR_small_RLE.dcm"])
def test_the_numbers_are_the_same_however_they_are_written(name: str) -> None:
    plain, written = (frame_of(Path(str(get_testdata_file(one))), 1) for one in ("MR_small.dcm", name))
    assert written.values == plain.values


def test_an_object_that_is_written_otherwise_than_it_says_is_shown() -> None:
    assert frame_of(Path(str(get_testdata_file("SC_rgb_jpeg.dcm"))), 1).kind == "rgba"  # explicit by its word only


@pytest.mark.parametrize(
    "elements",
    [
        {"PixelSpacing": [0.5]},
        {"PixelSpacing": [0, 0]},
        {"WindowWidth": "", "WindowCenter": ""},
        {"WindowCenter": "40"},
        {"RescaleSlope": "", "RescaleIntercept": ""},
    ],
)
def test_what_the_header_does_not_say_properly_it_does_not_say(tmp_path: Path, elements: dict[str, Any]) -> None:
    frame = frame_of(write(tmp_path, dicom(**elements)), 1)
    assert (frame.slope, frame.intercept, frame.window, frame.level, frame.spacing) == (1, 0, None, None, (0, 0))


def test_a_picture_inside_that_claims_to_be_endless_is_not_shown(tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.new("L", (4, 4)).save(file, "JPEG2000", no_jp2=True)
    claims = bytearray(file.getvalue())
    claims[8:16] = b"\0\x0f\xff\xff" * 2  # the width and height of its SIZ segment (ISO 15444-1, A.5.1)
    path = write(tmp_path, dicom(transfer_syntax=JPEG2000Lossless, PixelData=encapsulate([bytes(claims)])))
    with pytest.raises(BadInputError, match="cannot be shown"):
        frame_of(path, 1)
