"""File signatures: what is refused at sight, and why. Source: the formats' own specifications."""

import re
from dataclasses import dataclass
from pathlib import Path

from secunda.errors import BadInputError

HEAD = 0x8006  # bytes that a decision is made on: the farthest signature is that of a disc image


@dataclass(frozen=True)
class Signature:
    """Bytes at the start that make a file `what`; the remedy is for the person who sent it."""

    magic: re.Pattern[bytes]
    what: str
    remedy: str


def _signatures(remedy: str, *rows: tuple[bytes, str]) -> tuple[Signature, ...]:
    return tuple(Signature(re.compile(magic, re.DOTALL), what, remedy) for magic, what in rows)


# Two letters are also how a sentence may begin ("MZ twins", "BMI 24"): short signatures ask for a binary byte as well.
PROGRAMS = _signatures(
    "Programs are never accepted. Ask the sender for the record as PDF, DICOM, C-CDA or text.",
    (rb"MZ(?=.{0,62}\0)", "a Windows program"),
    (rb"\x7fELF", "a Linux program"),
    (rb"\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe", "a macOS program"),
    (rb"\xca\xfe\xba\xbe", "a Java or macOS program"),
    (rb"\0asm", "a WebAssembly program"),
    (rb"dex\n\d{3}\0", "an Android program"),
    (rb"L\0\0\0\x01\x14\x02\0", "a Windows shortcut"),
    (rb"#!|<\?php", "a script"),
)
ARCHIVES = _signatures(
    "Unpack it and attach the files in it one by one.",
    (rb"PK(?:\x03\x04|\x05\x06|\x07\x08)", "a ZIP archive"),
    (rb"\x1f\x8b", "a gzip archive"),
    (rb"BZh[1-9]1AY&SY", "a bzip2 archive"),
    (rb"\xfd7zXZ\0", "an xz archive"),
    (rb"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (rb"Rar!\x1a\x07", "a RAR archive"),
    (rb"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (rb"MSCF\0", "a cabinet archive"),
    (rb".{257}ustar[\0 ]", "a tar archive"),
    (rb".{32769}CD001", "a disc image"),
)
_AS_PDF = "Save it as PDF and attach the PDF."
_OTHER = (
    *_signatures(
        _AS_PDF,
        (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Microsoft Office document"),
        (rb"\{\\rtf", "an RTF document"),
        (rb"%!PS", "a PostScript file"),
        (rb"SQLite format 3\0", "a database"),
    ),
    *_signatures(
        "Save it as JPEG, PNG or PDF and attach that.",
        (rb"GIF8[79]a", "a GIF image"),
        (rb"BM.{4}\0\0\0\0", "a BMP image"),
        (rb"8BPS\0", "a Photoshop image"),
        (rb"\0\0\0.ftyp(?:hei|hev|mif|msf|avi)", "a HEIC or AVIF image"),
        (rb"RIFF.{4}WEBP", "a WebP image"),
        (rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51", "a JPEG 2000 image"),
    ),
    *_signatures(
        "Ask for the study in DICOM, or for still images as JPEG.",
        (rb"RIFF.{4}AVI |\0\0\0.ftyp|\x1a\x45\xdf\xa3|\0\0\x01[\xba\xb3]", "a video"),
        (rb".{344}n[+i]1\0", "a NIfTI volume"),
    ),
    *_signatures(
        "Have it transcribed and attach the text.",
        (rb"RIFF.{4}WAVE|ID3[\x02-\x04]|OggS\0|fLaC\0", "a sound recording"),
    ),
)
REFUSED = PROGRAMS + ARCHIVES + _OTHER

_OFFICE = re.compile(rb"\[Content_Types\]\.xml|(?:word|xl|ppt)/|mimetypeapplication/vnd\.oasis")
_MARKUP = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|script|iframe|svg)\b", re.IGNORECASE)


def refuse_known(head: bytes) -> None:
    """Raise BadInputError when the first bytes are those of a kind that is never accepted."""
    if head.startswith(b"PK") and _OFFICE.search(head):
        raise BadInputError("The file is an Office document.", _AS_PDF)
    for one in REFUSED:
        if one.magic.match(head):
            raise BadInputError(f"The file is {one.what}.", one.remedy)


def refuse_markup(head: bytes) -> None:
    """Raise BadInputError for HTML and SVG, which can carry scripts, also where an image or a text hides them."""
    if _MARKUP.search(head[:1024]):
        raise BadInputError("The file is, or hides, a web page.", "Print it to PDF and attach the PDF.")


def refuse_hidden_pdf(head: bytes) -> None:
    """Raise BadInputError when a PDF reader would open this, though no PDF: readers search the first 1,024 bytes."""
    if b"%PDF-" in head[:1024]:
        raise polyglot("a PDF")


def refuse_appended_archive(path: Path) -> None:
    """Raise BadInputError when an archive tool would open this file: a ZIP's directory stands at its end.

    A real one has a central directory right before its end record (PKWARE APPNOTE 4.3.16); four stray bytes do not.
    """
    size = path.stat().st_size
    reach = min(size, 2**16 + 22)
    with path.open("rb") as file:
        file.seek(size - reach)
        tail = file.read(reach)
        at = tail.rfind(b"PK\x05\x06")
        while at >= 0:
            length = int.from_bytes(tail[at + 12 : at + 16], "little")
            directory = size - reach + at - length
            if directory >= 0:
                file.seek(directory)
                if file.read(4) in (b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06"):
                    raise polyglot("a ZIP archive")
            at = tail.rfind(b"PK\x05\x06", 0, at)


def refuse_program_after(path: Path, end: int) -> None:
    """Raise BadInputError when a program, archive or PDF starts where the document proper ends, at byte `end`."""
    with path.open("rb") as file:
        file.seek(end)
        rest = file.read(HEAD).lstrip(b"\0\r\n\t ")
    if rest.startswith(b"%PDF-"):
        raise polyglot("a PDF")
    for one in PROGRAMS + ARCHIVES:
        if one.magic.match(rest):
            raise polyglot(one.what)


def polyglot(what: str) -> BadInputError:
    """The refusal of a file that is two things at once."""
    return BadInputError(
        f"The file is also {what}: it would open as something else in another program.",
        "Ask the sender to export the record again; if it comes back the same, report it as a security incident.",
    )
