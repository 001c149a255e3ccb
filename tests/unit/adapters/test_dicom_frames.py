"""What the viewer gets is what the report draws."""

from array import array
from pathlib import Path

from pydicom import dcmread

from secunda.adapters.dicom_decoding import UnknownEncodingError, pixels
from secunda.adapters.dicom_frames import frame_of
from secunda.adapters.dicom_reading import UNREADABLE
from secunda.errors import BadInputError

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
