"""The file inside an unstructured CDA document (nonXMLBody). Source: C-CDA R2.1, Unstructured Document."""

import base64
import binascii
from datetime import date
from typing import Any

from secunda.adapters.cda.values import child
from secunda.adapters.file_facts import EmbeddedFile
from secunda.errors import BadInputError


def embedded_files(root: Any, title: str, loinc: str, written_on: date | None) -> tuple[tuple[EmbeddedFile, ...], bool]:
    """The embedded file, if any, and whether the body is only referred to.

    Raises BadInputError when the content is not the base64 it is said to be, or is compressed.
    """
    body = child(root, "component", "nonXMLBody", "text")
    if body is None:
        return (), False
    written = "".join(body.itertext())
    if not written.strip():
        return (), True
    if body.get("compression"):
        raise BadInputError("The file inside the CDA document is compressed.", "Embed it uncompressed, or attach it.")
    content = _decoded(written) if body.get("representation") == "B64" else written.encode()
    return (EmbeddedFile(content, title=title, loinc=loinc, documented_on=written_on),), False


def _decoded(written: str) -> bytes:
    try:
        return base64.b64decode("".join(written.split()), validate=True)
    except (binascii.Error, ValueError):
        raise BadInputError(
            "The file inside the CDA document is not valid base64 (nonXMLBody).", "Export the document again."
        ) from None
