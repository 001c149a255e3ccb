"""Pictures out of DICOM objects: windowed, to scale, and without anybody's name."""

import io
from pathlib import Path

import pytest
from PIL import Image
from pydicom import dcmread
from pydicom.data import get_testdata_file

from secunda.adapters.dicom_picture import SIDE, picture


@pytest.fixture
def ct(tmp_path: Path) -> Path:
    file = tmp_path / "ct.dcm"
    file.write_bytes(Path(str(get_testdata_file("CT_small.dcm"))).read_bytes())
    return file


def test_a_slice_is_drawn_with_its_window_and_a_bar(ct: Path) -> None:
    drawn = picture(ct, 1)
    assert drawn is not None
    image = Image.open(io.BytesIO(drawn.jpeg))
    assert (image.mode, image.size) == ("L", (SIDE, SIDE))
    assert drawn.bar_mm == 20  # the slice is 85 mm wide
    assert len(image.getcolors(256) or []) > 50


def test_the_window_is_the_objects_own(ct: Path) -> None:
    dataset = dcmread(ct)
    dataset.WindowCenter, dataset.WindowWidth = [40, 500], [400, 2000]
    dataset.save_as(ct)
    drawn = picture(ct, 1)
    assert drawn is not None
    assert (drawn.window, drawn.level) == (400, 40)


def test_nothing_but_pixels_is_left(ct: Path) -> None:
    dataset = dcmread(ct)
    dataset.PatientName = "Canary^Name"
    dataset.save_as(ct)
    drawn = picture(ct, 1)
    assert drawn is not None
    assert b"Canary" not in drawn.jpeg
    assert not Image.open(io.BytesIO(drawn.jpeg)).getexif()


@pytest.mark.parametrize(
    ("keyword", "value"),
    [("BurnedInAnnotation", "YES"), ("ConversionType", "WSD"), ("Modality", "OT"), ("Modality", "US")],
)
def test_a_picture_that_may_carry_a_name_is_not_drawn(ct: Path, keyword: str, value: str) -> None:
    dataset = dcmread(ct)
    setattr(dataset, keyword, value)
    dataset.save_as(ct)
    assert picture(ct, 1) is None


def test_of_ultrasound_only_the_image_regions_are_drawn(tmp_path: Path) -> None:
    from pydicom.dataset import Dataset

    dataset = dcmread(str(get_testdata_file("CT_small.dcm")))
    dataset.Modality = "US"
    region = Dataset()
    region.RegionLocationMinX0, region.RegionLocationMinY0 = 64, 64
    region.RegionLocationMaxX1, region.RegionLocationMaxY1 = 127, 127
    dataset.SequenceOfUltrasoundRegions = [region]
    dataset.save_as(tmp_path / "us.dcm")
    drawn = picture(tmp_path / "us.dcm", 1)
    assert drawn is not None
    image = Image.open(io.BytesIO(drawn.jpeg))
    assert image.crop((0, 0, SIDE // 2 - 20, SIDE // 2 - 20)).getextrema() == (0, 0)
    assert image.getextrema()[1] > 100


def test_a_frame_that_is_not_there_is_not_drawn(ct: Path) -> None:
    assert picture(ct, 2) is None


def test_real_objects_are_drawn_or_left_out_and_never_break(test_data: Path) -> None:
    folder = test_data / "dicom"
    drawn = {path.name for path in folder.rglob("*.dcm") if picture(path, 1) is not None}
    assert {"CT_small.dcm", "MR_small.dcm", "MR_small_implicit.dcm", "MR_small_jp2klossless.dcm"} <= drawn
    assert "SC_rgb_jpeg_dcmtk.dcm" not in drawn  # captured from a screen
