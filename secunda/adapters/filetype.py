"""What a file is, from its bytes: never from its name, nor from what the sender called it."""

from collections.abc import Callable
from pathlib import Path

from secunda.adapters import cda, image, pdf, text
from secunda.adapters.dicom_preamble import is_bare_dataset, is_part_10, refuse_preamble
from secunda.adapters.fhir import resource_file
from secunda.adapters.file_facts import FileFacts
from secunda.adapters.signatures import (
    HEAD,
    refuse_appended_archive,
    refuse_hidden_pdf,
    refuse_known,
    refuse_markup,
)
from secunda.errors import BadInputError

ACCEPTED = "PDF, DICOM, C-CDA, FHIR JSON, JPEG, PNG, TIFF and plain text"

#: Who recognises a file by its head, and who then reads it whole. The order matters: the first that claims it reads it.
Kind = tuple[Callable[[bytes], bool], Callable[[Path], FileFacts]]
BINARY: tuple[Kind, ...] = ((pdf.is_pdf, pdf.examine), (image.is_image, image.examine))
TEXTUAL: tuple[Kind, ...] = (
    (cda.is_xml, cda.examine),
    (resource_file.is_json_object, resource_file.examine),
    (text.is_text, text.examine),
)


def examine(path: Path) -> FileFacts:
    """Decide what the file at `path` is, and read it far enough to know that it is whole and safe to pass on.

    Raises BadInputError with the reason and the remedy for everything else: empty, truncated, encrypted, executable,
    archive, web page, or two kinds at once.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise BadInputError("The file is empty.", "Export or scan it again; the transfer may have been cut off.")
    refuse_appended_archive_unless_one(head, path)
    if is_part_10(head):
        refuse_preamble(head)
        return _examine_dicom(path)
    refuse_known(head)
    for claims, read in BINARY:
        if claims(head):
            return read(path)
    if is_bare_dataset(head):
        return _examine_dicom(path)
    refuse_hidden_pdf(head)
    refuse_markup(head)
    for claims, read in TEXTUAL:
        if claims(head):
            return read(path)
    raise BadInputError("The file is of no kind that Secunda reads.", f"It reads {ACCEPTED}.")


def refuse_appended_archive_unless_one(head: bytes, path: Path) -> None:
    """An archive that is nothing else gets its own, plainer refusal."""
    if not head.startswith(b"PK"):
        refuse_appended_archive(path)


def _examine_dicom(path: Path) -> FileFacts:
    """pydicom takes a fifth of a second to load: only who has a DICOM file waits for it."""
    from secunda.adapters import dicom

    return dicom.examine(path)
