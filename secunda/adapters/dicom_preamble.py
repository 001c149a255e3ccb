"""Recognising DICOM by its first bytes, without loading a DICOM library. Source: DICOM PS3.10, section 7."""

from secunda.adapters.signatures import REFUSED, polyglot
from secunda.errors import BadInputError


def is_part_10(head: bytes) -> bool:
    """Whether this is a DICOM file with its preamble (PS3.10, 7.1)."""
    return head[128:132] == b"DICM"


def is_bare_dataset(head: bytes) -> bool:
    """Whether this may be a dataset without preamble, as old systems write it: it begins with group 0002 or 0008."""
    little = head[:2] in (b"\x08\x00", b"\x02\x00") and head[3:4] == b"\0"
    return little or (head[:3] == b"\x00\x08\x00" and head[4:6].isupper())


def refuse_preamble(head: bytes) -> None:
    """Raise BadInputError when the 128 bytes before `DICM` make the file something else as well (CVE-2019-11687).

    They are zero, or a TIFF header (PS3.10, 7.1). Scanners that leave a stray byte further in are let through: every
    other format is known by its first bytes, but for PDF and web pages.
    """
    preamble = head[:128]
    for one in REFUSED:
        if one.magic.match(head):
            raise polyglot(one.what)
    hidden = b"%PDF" in preamble or b"<" in preamble
    if hidden or not preamble.startswith((b"\0\0", b"II*\0", b"MM\0*")):
        raise BadInputError(
            "The DICOM file has something else in its preamble: it may open as another kind of file.",
            "Export it again, or overwrite its first 128 bytes with zeros.",
        )
