"""Pictures out of DICOM objects: windowed, to scale, and without anybody's name."""

import io
from pathlib import Path

import pytest
from PIL import Image
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.uid import CTImageStorage, SecondaryCaptureImageStorage

from secunda.adapters.dicom_decoding import UnknownEncodingError, pixels
from secunda.adapters.dicom_picture import SIDE, Picture, picture
from secunda.reporting.images import NotShown

#: The same picture of colour bars, each time encoded in another way.
BARS = (
    "SC_rgb_dcmtk_+eb+cr.dcm",
    "SC_rgb_rle.dcm",
    "SC_rgb_dcmtk_+eb+cy+n1.dcm",
    "SC_ybr_full_422_uncompressed.dcm",
    "SC_rgb_jpeg_dcmtk.dcm",
)


def packaged(name: str) -> Path:
    """An object that pydicom brings for tests."""
    return Path(str(get_testdata_file(name)))


def drawn_of(path: Path, frame: int = 1) -> Picture:
    drawn = picture(path, frame)
    assert isinstance(drawn, Picture), drawn
    return drawn


@pytest.fixture
def ct(tmp_path: Path) -> Path:
    file = tmp_path / "ct.dcm"
    file.write_bytes(Path(str(get_testdata_file("CT_small.dcm"))).read_bytes())
    return file


def test_a_slice_is_drawn_with_its_window_and_a_bar(ct: Path) -> None:
    drawn = drawn_of(ct)
    image = Image.open(io.BytesIO(drawn.jpeg))
    assert (image.mode, image.size) == ("L", (SIDE, SIDE))
    assert drawn.bar_mm == 20  # the slice is 85 mm wide
    assert len(image.getcolors(256) or []) > 50


def test_the_window_is_the_objects_own(ct: Path) -> None:
    dataset = dcmread(ct)
    dataset.WindowCenter, dataset.WindowWidth = [40, 500], [400, 2000]
    dataset.save_as(ct)
    drawn = drawn_of(ct)
    assert (drawn.window, drawn.level) == (400, 40)


def test_nothing_but_pixels_is_left(ct: Path) -> None:
    dataset = dcmread(ct)
    dataset.PatientName = "Canary^Name"
    dataset.save_as(ct)
    drawn = drawn_of(ct)
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
    assert picture(ct, 1) is NotShown.NAMES


def test_what_was_captured_from_a_screen_is_not_drawn_whatever_modality_it_names(ct: Path) -> None:
    dataset = dcmread(ct)
    dataset.SOPClassUID = SecondaryCaptureImageStorage
    dataset.save_as(ct)
    assert picture(ct, 1) is NotShown.NAMES


def test_of_ultrasound_only_the_image_regions_are_drawn(tmp_path: Path) -> None:
    from pydicom.dataset import Dataset

    dataset = dcmread(str(get_testdata_file("CT_small.dcm")))
    dataset.Modality = "US"
    region = Dataset()
    region.RegionLocationMinX0, region.RegionLocationMinY0 = 64, 64
    region.RegionLocationMaxX1, region.RegionLocationMaxY1 = 127, 127
    dataset.SequenceOfUltrasoundRegions = [region]
    dataset.save_as(tmp_path / "us.dcm")
    drawn = drawn_of(tmp_path / "us.dcm")
    image = Image.open(io.BytesIO(drawn.jpeg))
    assert image.crop((0, 0, SIDE // 2 - 20, SIDE // 2 - 20)).getextrema() == (0, 0)
    assert image.getextrema()[1] > 100


def test_a_frame_that_is_not_there_is_not_drawn(ct: Path) -> None:
    assert picture(ct, 2) is NotShown.NO_SUCH_IMAGE


def test_a_comment_in_the_pixels_file_is_not_kept() -> None:
    assert b"GDCM" in packaged("MR_small_jp2klossless.dcm").read_bytes()
    assert b"GDCM" not in drawn_of(packaged("MR_small_jp2klossless.dcm")).jpeg


@pytest.mark.parametrize("name", ["MR_small_RLE.dcm", "MR_small_bigendian.dcm", "MR_small_jp2klossless.dcm"])
def test_an_encoding_changes_nothing_in_the_picture(name: str) -> None:
    assert drawn_of(packaged(name)) == drawn_of(packaged("MR_small.dcm"))


def test_signed_numbers_keep_their_scale_in_jpeg_2000() -> None:
    assert pixels(dcmread(packaged("693_J2KI.dcm")), 1).getextrema() == (-2971, 2836)
    assert pixels(dcmread(packaged("J2K_pixelrep_mismatch.dcm")), 1).getextrema() == (-2000, 1896)


@pytest.mark.parametrize("name", BARS)
def test_colours_are_the_same_however_they_are_encoded(name: str) -> None:
    image = pixels(dcmread(packaged(name)), 1)
    for row, colour in ((5, (255, 0, 0)), (25, (0, 255, 0)), (45, (0, 0, 255)), (95, (255, 255, 255))):
        found = image.getpixel((50, row))
        assert isinstance(found, tuple)
        assert all(abs(here - there) <= 16 for here, there in zip(found, colour, strict=True)), name


def test_jpeg_that_is_rgb_by_the_objects_word_is_not_turned_pink() -> None:
    red, green, blue = pixels(dcmread(packaged("SC_rgb_jpeg.dcm")), 1).resize((1, 1)).getpixel((0, 0))  # type: ignore[misc]
    assert max(red, green, blue) - min(red, green, blue) < 20


def test_a_palette_gives_its_colours() -> None:
    image = pixels(dcmread(packaged("examples_palette.dcm")), 1)
    assert image.mode == "RGB"
    assert len(image.getcolors(2**20) or []) > 100


def test_an_encoding_that_cannot_be_decoded_here_says_so() -> None:
    assert picture(packaged("MR_small_jpeg_ls_lossless.dcm"), 1) is NotShown.ENCODING
    for name in ("SC_rgb_jpeg_gdcm.dcm", "SC_rgb_rle_16bit.dcm", "rtdose.dcm", "JPGExtended.dcm"):
        with pytest.raises(UnknownEncodingError):
            pixels(dcmread(packaged(name)), 1)


@pytest.mark.parametrize("name", ["MR_truncated.dcm", "badVR.dcm", "no_meta.dcm"])
def test_a_damaged_object_says_so(name: str) -> None:
    assert picture(packaged(name), 1) is NotShown.DAMAGED


def test_a_picture_that_claims_to_be_endless_is_refused(ct: Path) -> None:
    dataset = dcmread(packaged("JPEG2000-embedded-sequence-delimiter.dcm"))
    dataset.Modality, dataset.SOPClassUID = "CT", CTImageStorage
    del dataset.ConversionType
    dataset.save_as(ct)
    assert picture(ct, 1) is NotShown.SIZE


def test_real_objects_are_drawn_or_left_out_and_never_break(test_data: Path) -> None:
    folder = test_data / "dicom"
    drawn = {path.name for path in folder.rglob("*.dcm") if isinstance(picture(path, 1), Picture)}
    assert {"CT_small.dcm", "MR_small.dcm", "MR_small_implicit.dcm", "MR_small_RLE.dcm"} <= drawn
    assert "SC_rgb_jpeg_dcmtk.dcm" not in drawn  # captured from a screen
