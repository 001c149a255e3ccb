"""Documents in one piece and in parts; what broke off is gone on with."""

import asyncio
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import select

from models import Document, Upload
from models.door_status import UploadStatus
from secunda import clock
from secunda.db import transaction
from secunda.reviews import uploading
from tasks.uploads import give_up_old_uploads
from tests.integration.door.conftest import Insurer, set_to

TEXT = b"A letter about a knee, invented.\n" * 100
PART = {"Content-Type": "application/partial-upload"}


@pytest.fixture
def review(insurer: Insurer) -> str:
    return insurer.has_review()


def send(
    insurer: Insurer, review: str, content: Any = TEXT, kind: str = "text/plain", **headers: str
) -> httpx.Response:
    said = {"Content-Type": kind} | {f"Document-{name.title()}": value for name, value in headers.items()}
    return insurer.post(f"reviews/{review}/documents", content=content, headers=said)


def begin(insurer: Insurer, review: str, **said: Any) -> str:
    answer = insurer.post(f"reviews/{review}/uploads", {"filename": "letter.txt", **said})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"].endswith(answer.json()["id"])
    return f"uploads/{answer.json()['id']}"


def part(insurer: Insurer, upload: str, content: Any, offset: int, *, last: bool = False) -> httpx.Response:
    headers = PART | {"Upload-Offset": str(offset), "Upload-Complete": "?1" if last else "?0"}
    return insurer.send("PATCH", upload, content=content, headers=headers)


def test_a_document_arrives_with_what_is_said_of_it(insurer: Insurer, review: str) -> None:
    title = "Informe%20de%20la%20rodilla%20%E2%80%93%20Ana"
    answer = send(insurer, review, title=title, loinc="34814-4", date="2026-11-02")
    assert answer.status_code == 201, answer.text
    (document,) = answer.json()["documents"]
    assert document["title"] == "Informe de la rodilla – Ana"
    assert (document["loinc"], document["documented_on"]) == ("34814-4", "2026-11-02")
    assert (document["sha256"], document["size"]) == (sha256(TEXT).hexdigest(), len(TEXT))
    assert insurer.get(f"reviews/{review}/documents").json()["items"] == [document]


def test_the_same_bytes_are_one_document(insurer: Insurer, review: str) -> None:
    first, again = (send(insurer, review).json() for _ in range(2))
    assert (first["already_there"], again["already_there"]) == (False, True)
    assert len(insurer.get(f"reviews/{review}/documents").json()["items"]) == 1


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"", {}, 422),
        (b"MZ\x90\x00" + bytes(500), {}, 422),
        (b"%PDF-1.7 no more than that", {"kind": "application/pdf"}, 422),
        (TEXT, {"loinc": "no code"}, 422),
        (TEXT, {"loinc": "99999-9"}, 422),
        (TEXT, {"date": "yesterday"}, 422),
        (TEXT, {"date": "2999-01-01"}, 422),
        (TEXT, {"title": "%ff"}, 422),
        (TEXT, {"title": "%0a"}, 422),
        (TEXT, {"kind": "application/x-msdownload"}, 415),
        (TEXT, {"kind": "multipart/form-data; boundary=x"}, 415),
    ],
    ids=str,
)
def test_what_is_no_document_leaves_nothing(
    insurer: Insurer, review: str, tmp_path: Path, content: bytes, headers: dict[str, str], status: int
) -> None:
    answer = send(insurer, review, content, **headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    with transaction() as session:
        assert session.exec(select(Document)).first() is None
    assert list((tmp_path / "uploads").glob("*")) == []


def test_a_date_that_is_none_is_told_in_plain_words(insurer: Insurer, review: str) -> None:
    told = send(insurer, review, date="soon").json()
    assert (told["detail"], told["errors"][0]["pointer"]) == ("Write a date as 2026-11-22.", "#/document-date")


def test_a_document_too_large_is_refused_without_being_kept(
    insurer: Insurer, review: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_to(monkeypatch, max_document_bytes=1000)
    assert send(insurer, review).status_code == 413
    assert send(insurer, review, iter([TEXT[:600], TEXT[:600]])).status_code == 413
    assert list((tmp_path / "uploads").glob("*")) == []


def test_a_closed_review_takes_nothing_more(insurer: Insurer, review: str) -> None:
    assert insurer.post(f"reviews/{review}/withdraw", {"reason": "over"}).status_code == 200
    assert send(insurer, review).status_code == 409
    assert insurer.post(f"reviews/{review}/uploads", {"filename": "x"}).status_code == 409


def test_an_upload_in_parts_becomes_a_document(insurer: Insurer, review: str) -> None:
    upload = begin(insurer, review, length=len(TEXT), sha256=sha256(TEXT).hexdigest(), loinc="34814-4")
    assert part(insurer, upload, TEXT[:1000], 0).headers["upload-offset"] == "1000"
    asked = insurer.send("HEAD", upload)
    assert (asked.status_code, asked.headers["upload-offset"], asked.headers["upload-complete"]) == (204, "1000", "?0")
    answer = part(insurer, upload, TEXT[1000:], 1000, last=True)
    assert answer.status_code == 200, answer.text
    (document,) = answer.json()["documents"]
    assert (document["sha256"], document["loinc"]) == (sha256(TEXT).hexdigest(), "34814-4")
    assert insurer.get(upload).json()["status"] == "finished"
    assert part(insurer, upload, b"more", len(TEXT)).status_code == 409


def test_a_part_at_the_wrong_place_is_told_the_right_one(insurer: Insurer, review: str) -> None:
    upload = begin(insurer, review)
    part(insurer, upload, TEXT[:1000], 0)
    for offset in (0, 999, 5000):
        answer = part(insurer, upload, TEXT[:10], offset)
        assert (answer.status_code, answer.headers["upload-offset"]) == (409, "1000")
        assert (answer.json()["expected-offset"], answer.json()["provided-offset"]) == (1000, offset)
    assert insurer.get(upload).json()["offset"] == 1000


def test_what_came_before_the_line_broke_counts(insurer: Insurer, review: str) -> None:
    """Bytes on the disk that no row speaks of (a crash) are cut off; those that it speaks of are kept."""
    upload = begin(insurer, review, length=len(TEXT))
    part(insurer, upload, TEXT[:1000], 0)
    with transaction() as session:
        row = session.exec(select(Upload)).one()
        row.claimed_until = clock.wall() + uploading.CLAIM_FOR
        with uploading.part_file(row.id).open("ab") as file:
            file.write(b"never heard of")
    assert part(insurer, upload, TEXT[1000:], 1000, last=True).status_code == 409  # its process may be alive
    with transaction() as session:
        session.exec(select(Upload)).one().claimed_until = clock.wall()
    answer = part(insurer, upload, TEXT[1000:], 1000, last=True)
    assert answer.json()["documents"][0]["sha256"] == sha256(TEXT).hexdigest()


def test_an_upload_that_is_short_waits_for_the_rest(insurer: Insurer, review: str) -> None:
    upload = begin(insurer, review, length=len(TEXT))
    assert part(insurer, upload, TEXT[:1000], 0, last=True).status_code == 422
    assert part(insurer, upload, TEXT[1000:], 1000, last=True).status_code == 200


def test_a_part_beyond_the_announced_length_counts_for_nothing(insurer: Insurer, review: str) -> None:
    upload = begin(insurer, review, length=len(TEXT))
    part(insurer, upload, TEXT[:1000], 0)
    for last in (False, True):
        answer = part(insurer, upload, TEXT[1000:] + b"more", 1000, last=last)
        assert (answer.status_code, answer.headers["upload-offset"]) == (422, "1000")
        assert str(len(TEXT)) in answer.json()["detail"]
    answer = part(insurer, upload, TEXT[1000:], 1000, last=True)
    assert answer.json()["documents"][0]["sha256"] == sha256(TEXT).hexdigest()


def test_an_upload_that_is_no_document_is_refused_for_good(insurer: Insurer, review: str, tmp_path: Path) -> None:
    upload = begin(insurer, review)
    answer = part(insurer, upload, b"MZ" + bytes(1000), 0, last=True)
    assert answer.status_code == 422
    assert (insurer.get(upload).json()["status"], insurer.get(upload).json()["refusal"]) == (
        "refused",
        answer.json()["detail"],
    )
    assert list((tmp_path / "uploads").glob("*")) == []


def test_bytes_other_than_announced_are_refused(insurer: Insurer, review: str) -> None:
    upload = begin(insurer, review, sha256="0" * 64)
    answer = part(insurer, upload, TEXT, 0, last=True)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/sha256")


def test_an_upload_beyond_its_limit_is_cut_off(insurer: Insurer, review: str, monkeypatch: pytest.MonkeyPatch) -> None:
    set_to(monkeypatch, max_upload_bytes=2000)
    assert insurer.post(f"reviews/{review}/uploads", {"length": 2001}).status_code == 422
    upload = begin(insurer, review)
    assert part(insurer, upload, TEXT[:1500], 0).status_code == 204
    assert part(insurer, upload, TEXT[:1500], 1500).status_code == 413


def test_a_cancelled_upload_leaves_nothing(insurer: Insurer, review: str, tmp_path: Path) -> None:
    upload = begin(insurer, review)
    part(insurer, upload, TEXT, 0)
    assert [insurer.send("DELETE", upload).status_code for _ in range(2)] == [204, 204]
    assert list((tmp_path / "uploads").glob("*")) == []
    assert part(insurer, upload, TEXT, 0).status_code == 409


def test_what_nobody_finishes_is_given_up(insurer: Insurer, review: str, tmp_path: Path) -> None:
    part(insurer, begin(insurer, review), TEXT, 0)
    with transaction() as session:
        session.exec(select(Upload)).one().expires_at = clock.wall()
    asyncio.run(give_up_old_uploads())
    with transaction() as session:
        assert session.exec(select(Upload)).one().status is UploadStatus.EXPIRED
    assert list((tmp_path / "uploads").glob("*")) == []


def test_a_picture_of_many_parts_arrives_whole(insurer: Insurer, review: str) -> None:
    from datetime import date

    from secunda.demo.papers import study

    image = study("MR", date(2026, 11, 2), 40)
    upload, file, at = begin(insurer, review, filename="knee.dcm", length=len(image)), BytesIO(image), 0
    while piece := file.read(40_000):
        answer = part(insurer, upload, piece, at, last=at + len(piece) == len(image))
        at += len(piece)
    assert answer.status_code == 200, answer.text
    assert answer.json()["documents"][0]["media_type"] == "application/dicom"
