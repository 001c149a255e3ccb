"""Documents as browsers get them: files to look at or keep, and frames of DICOM objects for the viewer on the page."""

import json
from pathlib import Path
from typing import Final

from fastapi import Response
from fastapi.responses import FileResponse

from models import Document
from secunda.adapters import storage
from secunda.adapters.dicom_frames import frame_of
from secunda.adapters.text import charset_of
from secunda.errors import NotFoundError

DICOM: Final = "application/dicom"
#: What a browser shows by itself without running anything that is in it; everything else is a download.
SHOWN: Final = ("application/pdf", "image/jpeg", "image/png", "text/plain")
SUFFIXES: Final = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
    "text/plain": "txt",
    DICOM: "dcm",
    "application/fhir+json": "json",
    "application/cda+xml": "xml",
}
#: A file of somebody else's runs nothing and loads nothing, also where a browser opens it as a page.
FILE_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
#: A sandbox keeps browsers from showing a PDF at all; what shows it runs nothing of the page.
PDF_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


def path_of(document: Document) -> Path:
    """Where its bytes lie. Raises NotFoundError for one that was named and never came."""
    if document.sha256 is None:
        raise NotFoundError("The content of this document has not been received.")
    path = storage.path_of(document.sha256)
    if not path.is_file():
        raise NotFoundError("The document store does not have this file.", "Ask operations to restore it.")
    return path


def file_answer(document: Document, name: str, *, keep: bool) -> Response:
    """The file itself, to look at where browsers can, else to keep. `name` holds nothing about the patient."""
    inline = document.media_type in SHOWN and not keep
    path, media_type = path_of(document), document.media_type
    if media_type == "text/plain":  # as old systems wrote it: said wrongly, its accents would be lost
        media_type = f"{media_type}; charset={charset_of(path.read_bytes())}"
    policy = PDF_POLICY if document.media_type == "application/pdf" else FILE_POLICY
    headers = {"Content-Security-Policy": policy, "X-Frame-Options": "SAMEORIGIN"}
    return FileResponse(
        path,
        media_type=media_type if inline else "application/octet-stream",
        filename=f"{name}.{SUFFIXES.get(document.media_type, 'bin')}",
        content_disposition_type="inline" if inline else "attachment",
        headers=headers,
    )


def frame_answer(document: Document, number: int) -> Response:
    """One frame: the numbers as the body, how to read them in the header `X-Picture` (JSON)."""
    if document.media_type != DICOM:
        raise NotFoundError("This document is no DICOM object.")
    frame = frame_of(path_of(document), number)
    told = {name: value for name, value in vars(frame).items() if name != "values"}
    headers = {"X-Picture": json.dumps(told), "Cache-Control": "private, max-age=300"}
    return Response(frame.values, headers=headers, media_type="application/octet-stream")
