"""PDF: whole, readable without a password, and without anything that runs. Source: ISO 32000-2."""

import re
from pathlib import Path

import pikepdf
from pikepdf import settings as qpdf

from secunda.adapters.file_facts import FileFacts, FileWarning
from secunda.adapters.pdf_content import Content, inspect
from secunda.adapters.signatures import refuse_program_after
from secunda.errors import BadInputError

MEDIA_TYPE = "application/pdf"
MAX_PAGES = 10_000
TAIL = 1024  # bytes at the end in which every reader looks for the end marker
_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?[\0\t\n\f\r ]{0,16}%PDF-\d")
_END = re.compile(rb"%%EOF")

# One stream may not inflate without end. The limits hold for the process; nothing here needs more.
qpdf.set_qpdf_limits(flate_max_memory=2**27, run_length_max_memory=2**27, parser_max_nesting=200, max_stream_filters=8)

#: What pikepdf raises on structures that are not what the standard says, beside its own PdfError.
_UNREADABLE = (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError, MemoryError)


def is_pdf(head: bytes) -> bool:
    """Whether this is a PDF, its header at the start: a header further on is how a PDF hides in another file."""
    return _HEADER.match(head) is not None


def examine(path: Path) -> FileFacts:
    """Read the structure of a PDF. Raises BadInputError when it is cut off, encrypted, damaged, or holds programs.

    JavaScript, launch actions and embedded programs are refused; other attachments are only noted.
    """
    end = _end_of(path)
    try:
        pdf, damaged = _open(path)
        with pdf:
            pages, title, restricted = _pages(pdf), _title(pdf), pdf.is_encrypted
            content = inspect(pdf)
    except pikepdf.PasswordError:
        raise BadInputError("The PDF is protected by a password.", "Save it without the password.") from None
    except _UNREADABLE:
        raise BadInputError(
            "The PDF is truncated or damaged.", "Print it to a new PDF, or ask the sender for it again."
        ) from None
    refuse_program_after(path, end)
    _refuse_active(content)
    found = {
        FileWarning.PDF_DAMAGED: damaged,
        FileWarning.PDF_RESTRICTED: restricted,
        FileWarning.PDF_HAS_ATTACHMENTS: content.attachments > 0,
    }
    warnings = tuple(warning for warning, is_so in found.items() if is_so)
    return FileFacts(media_type=MEDIA_TYPE, pages=pages, title=title, warnings=warnings)


def _end_of(path: Path) -> int:
    """Where the last end marker ends. Raises BadInputError when there is none near the end of the file."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = max(0, size - 2**16)
        file.seek(start)
        tail = file.read()
    ends = [found.end() for found in _END.finditer(tail)]
    if not ends or len(tail[ends[-1] :].strip(b"\0\t\n\f\r ")) > TAIL:
        raise BadInputError("The PDF is truncated: its end is missing.", "Send it again; the transfer was cut off.")
    return start + ends[-1]


def _open(path: Path) -> tuple[pikepdf.Pdf, bool]:
    """The PDF, and whether its cross-references had to be rebuilt, as viewers silently do."""
    try:
        return pikepdf.open(path, attempt_recovery=False, suppress_warnings=True), False
    except pikepdf.PasswordError:
        raise
    except pikepdf.PdfError:
        return pikepdf.open(path, attempt_recovery=True, suppress_warnings=True), True


def _pages(pdf: pikepdf.Pdf) -> int:
    pages = len(pdf.pages)
    if pages == 0:
        raise BadInputError("The PDF has no pages.", "Print it to a new PDF, or ask the sender for it again.")
    if pages > MAX_PAGES:
        raise BadInputError(f"The PDF has more than {MAX_PAGES} pages.", "Send it in parts.")
    return pages


def _title(pdf: pikepdf.Pdf) -> str:
    about = pdf.trailer.get("/Info")
    title = about.get("/Title", "") if isinstance(about, pikepdf.Dictionary) else ""
    return str(title).replace("\0", "").strip()[:200]


def _refuse_active(content: Content) -> None:
    if content.launches:
        raise BadInputError("The PDF starts other programs when it is opened.", "Print it to a new PDF.")
    if content.scripts:
        raise BadInputError("The PDF contains JavaScript.", "Print it to a new PDF: scripts do not survive that.")
    if content.programs:
        raise BadInputError(
            "The PDF has a program or an archive attached.", "Remove the attachment, or print it to a new PDF."
        )
