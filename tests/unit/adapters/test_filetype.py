import gzip
import io
import logging
import tarfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, AttachedFileSpec, Dictionary, Encryption, Name
from PIL import Image, ImageFile

from secunda.adapters.file_facts import FileWarning
from secunda.adapters.filetype import examine
from secunda.errors import BadInputError
from tests.unit.adapters import samples
from tests.unit.adapters.samples import archive, bundle, cda, dicom, pdf, picture, write


def refusal(folder: Path, content: bytes) -> str:
    with pytest.raises(BadInputError) as caught:
        examine(write(folder, content))
    assert caught.value.remedy
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (pdf(), "application/pdf"),
        (b"\xef\xbb\xbf" + pdf(), "application/pdf"),
        (picture("PNG"), "image/png"),
        (picture("JPEG"), "image/jpeg"),
        (picture("TIFF"), "image/tiff"),
        (dicom(), "application/dicom"),
        (dicom(preamble=b"II*\0" + bytes(124)), "application/dicom"),
        (dicom(preamble=bytes(17) + b"\1" + bytes(110)), "application/dicom"),
        (cda(), "application/cda+xml"),
        (bundle(), "application/fhir+json"),
        ("Exploración: dolor torácico".encode(), "text/plain"),
        ("Exploración: dolor torácico".encode("latin-1"), "text/plain"),
        (b"MZ twins, BMI 31", "text/plain"),
        (b"12-lead WAVEFORM recorded", "text/plain"),
        (b"BMI: 31", "text/plain"),
    ],
)
def test_the_bytes_say_what_a_file_is(tmp_path: Path, content: bytes, media_type: str) -> None:
    assert examine(write(tmp_path, content, "misnamed.exe")).media_type == media_type


def test_the_charset_of_a_text_is_told(tmp_path: Path) -> None:
    assert examine(write(tmp_path, "señal".encode())).charset == "utf-8"
    assert examine(write(tmp_path, "señal".encode("cp1252"))).charset == "windows-1252"


def test_pages_are_counted(tmp_path: Path) -> None:
    three = pdf(prepare=lambda one: [one.add_blank_page() for _ in range(2)])
    assert examine(write(tmp_path, three)).pages == 3
    fax = picture("TIFF", save_all=True, append_images=[Image.new("RGB", (8, 8))])
    assert examine(write(tmp_path, fax)).pages == 2


def _tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as file:
        file.addfile(tarfile.TarInfo("a"))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"MZ\x90\0" + bytes(200), "Windows program"),
        (b"\x7fELF" + bytes(200), "Linux program"),
        (b"\xca\xfe\xba\xbe" + bytes(100), "Java"),
        (b"#!/bin/sh\nrm -rf /\n", "script"),
        (archive(), "ZIP"),
        (archive("word/document.xml"), "Office"),
        (gzip.compress(dicom()), "gzip"),
        (gzip.compress(bytes(30 * 10**6), 1), "gzip"),
        (_tar(), "tar"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Office"),
        (b"{\\rtf1 hola}", "RTF"),
        (picture("GIF"), "GIF"),
        (picture("WEBP"), "WebP"),
        (picture("BMP"), "BMP"),
        (b"\0\0\0\x18ftypheic" + bytes(100), "HEIC"),
        (b"\0\0\0\x18ftypmp42" + bytes(100), "video"),
        (b"<html><script>alert(1)</script></html>", "web page"),
        (b"<!DOCTYPE html><p>x", "web page"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "web page"),
        (b"   \n\t", "blank"),
        ("hola".encode("utf-16"), "UTF-16"),
        (b"text\x00with a zero", "kind"),
        (bytes(1000), "kind"),
        (b"\x93NUMPY" + bytes(100), "kind"),
        (b'{"a": 1}', "no FHIR resource"),
        (b'{"resourceType": "Patient"', "not well-formed"),
    ],
)
def test_other_kinds_are_refused_by_their_name(tmp_path: Path, content: bytes, reason: str) -> None:
    assert reason in refusal(tmp_path, content)


@pytest.mark.parametrize(
    "content",
    [
        dicom(preamble=b"MZ\x90\0" + bytes(124)),
        dicom(preamble=b"\x7fELF" + bytes(124)),
        dicom(preamble=b"#!/bin/sh\nexec sh\n".ljust(128, b"\n")),
        dicom(preamble=b"PK\x03\x04" + bytes(124)),
        dicom(preamble=b"%PDF-1.7\n" + bytes(119)),
        dicom(preamble=bytes(20) + b"%PDF-1.7\n" + bytes(99)),
        dicom(preamble=b"<html>".ljust(128)),
        dicom(preamble=b"GIF89a" + bytes(122)),
        dicom(preamble=b"vendor text".ljust(128)),
        dicom() + archive(),
        pdf() + archive(),
        picture("JPEG") + archive(),
        picture("PNG") + archive(),
        picture("JPEG") + b"MZ\x90\0" + bytes(100),
        picture("PNG") + b"\x7fELF" + bytes(100),
        picture("JPEG") + pdf(),
        picture("JPEG", comment=b"%PDF-1.7"),
        picture("JPEG", comment=b"<script>alert(1)</script>"),
        pdf() + b"MZ\x90\0" + bytes(100),
        cda(header="<!-- %PDF-1.7 -->"),
        b"hello %PDF-1.7 " + pdf(),
    ],
)
def test_a_file_that_is_two_things_at_once_is_refused(tmp_path: Path, content: bytes) -> None:
    assert any(word in refusal(tmp_path, content) for word in ("also", "another kind", "hides"))


def test_a_pdf_with_junk_before_its_header_is_refused(tmp_path: Path) -> None:
    refusal(tmp_path, b"\x01junk" * 8 + pdf())


@pytest.mark.parametrize("make", [pdf, dicom, cda, bundle, lambda: picture("PNG"), lambda: picture("JPEG")])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9])
def test_a_truncated_file_is_refused(tmp_path: Path, make, share: float) -> None:
    content = make()
    refusal(tmp_path, content[: int(len(content) * share)])


def test_a_truncated_picture_is_refused_beside_the_report_renderer_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WeasyPrint makes Pillow accept half a picture, in the whole process."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    refusal(tmp_path, picture("PNG")[:1000])
    assert ImageFile.LOAD_TRUNCATED_IMAGES is True


def test_a_pdf_whose_references_had_to_be_rebuilt_is_marked(tmp_path: Path) -> None:
    damaged = pdf().replace(b"startxref\n", b"startxref\n9")
    assert examine(write(tmp_path, damaged)).warnings == (FileWarning.PDF_DAMAGED,)


def test_a_pdf_behind_a_password_is_refused_and_a_restricted_one_marked(tmp_path: Path) -> None:
    assert "password" in refusal(tmp_path, pdf(encryption=Encryption(owner="o", user="u")))
    restricted = pdf(encryption=Encryption(owner="o", user=""))
    assert examine(write(tmp_path, restricted)).warnings == (FileWarning.PDF_RESTRICTED,)


def _on_open(action: Dictionary):
    return lambda one: setattr(one.Root, "OpenAction", action)


def _of_page(action: Dictionary):
    return lambda one: setattr(one.pages[0], "AA", Dictionary(O=action))


def _attaching(content: bytes):
    def attach(one) -> None:
        one.attachments["a"] = AttachedFileSpec(one, content, filename="a.xml")

    return attach


def _deep_script(one) -> None:
    field = one.make_indirect(Dictionary(AA=Dictionary(K=Dictionary(S=Name.JavaScript, JS="x"))))
    one.Root.AcroForm = Dictionary(Fields=[field])


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (_on_open(Dictionary(S=Name.JavaScript, JS="app.alert(1)")), "JavaScript"),
        (_deep_script, "JavaScript"),
        (_on_open(Dictionary(S=Name.Launch, F="cmd.exe")), "starts other programs"),
        (_on_open(Dictionary(S=Name.GoToR, F="//elsewhere.example/share/a.pdf")), "starts other programs"),
        (_on_open(Dictionary(S=Name.SubmitForm, F="https://elsewhere.example")), "starts other programs"),
        (_of_page(Dictionary(S=Name.URI, URI="https://elsewhere.example")), "starts other programs"),
        (_attaching(b"MZ\x90\0" + bytes(100)), "program or an archive attached"),
        (_attaching(archive()), "program or an archive attached"),
    ],
)
def test_a_pdf_that_runs_something_is_refused(tmp_path: Path, prepare, reason: str) -> None:
    assert reason in refusal(tmp_path, pdf(prepare=prepare))
    assert reason in refusal(tmp_path, pdf(prepare=prepare, object_stream_mode=2))


def test_a_link_that_somebody_may_follow_stays(tmp_path: Path) -> None:
    def linked(one) -> None:
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]))
        link.A = Dictionary(S=Name.URI, URI="https://hospital.example")
        one.pages[0].Annots = Array([one.make_indirect(link)])

    assert examine(write(tmp_path, pdf(prepare=linked))).warnings == ()


def test_a_pdf_with_a_harmless_attachment_is_marked(tmp_path: Path) -> None:
    assert examine(write(tmp_path, pdf(prepare=_attaching(b"<a/>")))).warnings == (FileWarning.PDF_HAS_ATTACHMENTS,)


def test_a_pdf_that_writes_of_javascript_is_not_one_that_has_it(tmp_path: Path) -> None:
    def title(one) -> None:
        one.docinfo["/Title"] = "Notes on /JavaScript and /Launch"

    assert examine(write(tmp_path, pdf(prepare=title))).warnings == ()


def test_a_pdf_bomb_is_refused_within_bounds(tmp_path: Path) -> None:
    deflate = zlib.compressobj(1)
    bomb = deflate.compress(b"1 0 ") + b"".join(deflate.compress(b" " * 2**20) for _ in range(140)) + deflate.flush()
    assert "damaged" in refusal(tmp_path, _pdf_with_object_stream(bomb))


def _pdf_with_object_stream(stream: bytes) -> bytes:
    parts = [b"%PDF-1.5\n"]
    bodies = {
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        4: b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(stream), stream),
    }
    offsets = {}
    for number, body in bodies.items():
        offsets[number] = sum(map(len, parts))
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = sum(map(len, parts))
    rows = [(0, 0, 65535), (2, 4, 0), *((1, offsets[number], 0) for number in bodies), (1, start, 0)]
    table = b"".join(bytes([kind]) + at.to_bytes(4, "big") + last.to_bytes(2, "big") for kind, at, last in rows)
    head = b"5 0 obj\n<</Type/XRef/Size 6/W[1 4 2]/Root 1 0 R/Length %d>>stream\n" % len(table)
    return b"".join(parts) + head + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start


def test_an_image_of_too_many_pixels_is_refused_unread(tmp_path: Path) -> None:
    bomb = Image.new("1", (20_000, 20_000))
    buffer = io.BytesIO()
    bomb.save(buffer, "PNG")
    assert "million pixels" in refusal(tmp_path, buffer.getvalue())


def test_a_text_longer_than_any_report_is_refused(tmp_path: Path) -> None:
    assert "longer than" in refusal(tmp_path, b"a line\n" * 4_000_000)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert "empty" in refusal(tmp_path, b"")


def test_a_refusal_holds_no_patient_data(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for content in (dicom()[:-20], cda()[:-200], bundle()[:-50], dicom(PatientBirthDate="born 1967")):
        try:
            examine(write(tmp_path, content))
        except BadInputError as error:
            assert not any(datum in str(error) for datum in ("García", "Juan", "1967"))
    assert not any(datum in caplog.text for datum in ("García", "Juan", "1967"))


VALID = [pdf(), dicom(), cda(), bundle(), picture("PNG"), picture("JPEG"), samples.picture("TIFF")]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    which=st.integers(0, len(VALID) - 1),
    edits=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=0, max_size=4)), min_size=1, max_size=6),
)
def test_no_damage_makes_it_fail_otherwise_than_by_a_refusal(tmp_path: Path, which: int, edits) -> None:
    content = bytearray(VALID[which])
    for share, written in edits:
        at = int(share * len(content))
        content[at : at + len(written)] = written
    try:
        facts = examine(write(tmp_path, bytes(content)))
    except BadInputError:
        return
    assert facts.media_type
