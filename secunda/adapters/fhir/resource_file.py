"""A FHIR resource attached as a document of a case."""

from pathlib import Path

from secunda.adapters.fhir.parsing import parse
from secunda.adapters.file_facts import FileFacts
from secunda.errors import BadInputError
from secunda.settings import settings

MEDIA_TYPE = "application/fhir+json"


def is_json_object(head: bytes) -> bool:
    """Whether this begins as a JSON object does."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def examine(path: Path) -> FileFacts:
    """Read FHIR JSON. Raises BadInputError when it is malformed, or JSON of another kind."""
    if path.stat().st_size > settings().max_bundle_bytes:
        raise BadInputError("The JSON is too large to be read.", "Send the records in parts.")
    value = parse(path.read_bytes())
    kind = value.get("resourceType") if isinstance(value, dict) else None
    if not isinstance(kind, str) or not kind.isalnum():
        raise BadInputError("The file is JSON, but no FHIR resource.", "Export the record as FHIR R4, C-CDA or PDF.")
    return FileFacts(media_type=MEDIA_TYPE, title=kind, charset="utf-8")
