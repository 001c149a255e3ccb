"""Plain text: UTF-8, or one of the two Western encodings that hospital systems still write."""

import codecs
import re
from pathlib import Path

from secunda.adapters.file_facts import FileFacts
from secunda.errors import BadInputError

MEDIA_TYPE = "text/plain"
MAX_BYTES = 20 * 2**20  # no letter or report is longer; more is a dump or a bomb
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")  # tab, line ends, form feed and escape may stand


def is_text(head: bytes) -> bool:
    """Whether the first bytes are text; UTF-16 counts, so that it can be refused by its name."""
    return not _CONTROL.search(head) or head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def examine(path: Path) -> FileFacts:
    """Read plain text. Raises BadInputError for control characters, UTF-16, blank and overlong files."""
    if path.stat().st_size > MAX_BYTES:
        raise BadInputError(
            f"The text is longer than {MAX_BYTES // 2**20} MiB.", "Attach the report alone, or save it as PDF."
        )
    content = path.read_bytes()
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise BadInputError("The text is in UTF-16.", "Save it in the encoding UTF-8.")
    if found := _CONTROL.search(content):
        raise BadInputError(
            "The file looks like text but holds control characters.",
            "Export it again as PDF or UTF-8 text.",
            place=f"byte {found.start()}",
        )
    charset = charset_of(content)
    if not content.decode(charset).strip("\ufeff\t\n\r\f\v\x1b "):
        raise BadInputError("The text is blank.", "Export it again; the transfer may have lost its content.")
    return FileFacts(media_type=MEDIA_TYPE, charset=charset)


def charset_of(content: bytes) -> str:
    """The encoding by which `content` reads as text (WHATWG label)."""
    for charset in ("utf-8", "windows-1252"):
        try:
            content.decode(charset)
        except UnicodeDecodeError:
            continue
        return charset
    return "iso-8859-1"  # every byte is a character there
