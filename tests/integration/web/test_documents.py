"""Looking at documents: shown without running anything in them, each look an event, pictures as plain numbers."""

import json
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from models.user_status import Role
from secunda.actions.attach import attach
from secunda.adapters.dicom_frames import frame_of
from secunda.demo.papers import study
from secunda.documents import Said
from secunda.errors import BadInputError
from tests.integration.conftest import Launch
from tests.integration.web.browsing import signed_in
from tests.unit.adapters.samples import cda, dicom, pdf, picture


def test_a_text_is_shown_as_text_and_looking_is_an_event(launched: Launch) -> None:
    case = launched()
    attach(case.reference, BytesIO(b"First opinion: 3 < 4 & 5 > 4.\n"), "requester", Said())
    browser = signed_in()
    assert browser.open(f"/cases/{case.reference}/documents/1").status_code == 200
    assert case.events("read")[-1].data == {"what": "document"}
    file = browser.open(f"/cases/{case.reference}/documents/1/file")
    assert (
        file.headers["content-type"].startswith("text/plain") and "sandbox" in file.headers["content-security-policy"]
    )
    kept = browser.open(f"/cases/{case.reference}/documents/1/file?keep=true")
    assert kept.headers["content-disposition"] == f'attachment; filename="{case.reference}-1.txt"'
    assert browser.open(f"/cases/{case.reference}/documents/7").status_code == 404
    assert (
        signed_in(Role.AUDITOR, "eva@example.org").open(f"/cases/{case.reference}/documents/1/file").status_code == 403
    )


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252"])
def test_a_text_keeps_its_accents_whatever_its_encoding(launched: Launch, encoding: str) -> None:
    case, written = launched(), "Lesión en el riñón: “15 mm”\n"
    attach(case.reference, BytesIO(written.encode(encoding)), "requester", Said())
    assert signed_in().http.get(f"/cases/{case.reference}/documents/1/file").text == written


def test_every_kind_of_file_is_kept_under_the_name_of_its_kind(launched: Launch) -> None:
    case, browser = launched(), signed_in()
    files = {"xml": cda(), "json": b'{"resourceType": "Basic"}', "pdf": pdf(), "tif": picture("TIFF"), "dcm": dicom()}
    for number, (suffix, content) in enumerate(files.items(), 1):
        attach(case.reference, BytesIO(content), "requester", Said())
        kept = browser.http.get(f"/cases/{case.reference}/documents/{number}/file?keep=true")
        assert kept.headers["content-disposition"].endswith(f'-{number}.{suffix}"')


def test_a_study_scrolls_through_its_frames(launched: Launch) -> None:
    case = launched()
    attach(case.reference, BytesIO(study("XA", date(2026, 2, 1), 3)), "requester", Said())
    browser = signed_in()
    browser.open(f"/cases/{case.reference}/documents/1")
    frames = json.loads(browser.page.xpath("//@data-frames")[0])
    assert len(frames) == 3
    answer = browser.http.get(frames[2])
    told = json.loads(answer.headers["x-picture"])
    assert (told["kind"], told["rows"], told["columns"]) == ("u8", 64, 64) and len(answer.content) == 64 * 64
    assert browser.http.get(frames[2].replace("/3", "/4")).status_code == 422


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("CT_small", "i16"),
        ("MR_small_RLE", "i16"),
        ("MR_small_jp2klossless", "i16"),
        ("SC_rgb_jpeg_dcmtk", "rgba"),
        ("image_dfl", "u8"),
    ],
)
def test_real_pictures_come_as_numbers(test_data: Path, name: str, kind: str) -> None:
    frame = frame_of(test_data / "dicom" / "valid" / f"{name}.dcm", 1)
    size = {"rgba": 4, "u8": 1, "i16": 2}[kind]
    assert frame.kind == kind and len(frame.values) == frame.rows * frame.columns * size


@pytest.mark.parametrize("name", ["rtplan", "reportsi", "rtdose", "liver_1frame"])
def test_what_is_no_picture_says_so(test_data: Path, name: str) -> None:
    with pytest.raises(BadInputError, match="cannot be shown"):
        frame_of(test_data / "dicom" / "valid" / f"{name}.dcm", 1)
