"""Reading an opinion that a person wrote as YAML or JSON, with errors that name the place in the file."""

import sys
from pathlib import Path

from pydantic import ValidationError

from pathways.errors import PathwayFileError
from pathways.explaining import problems
from pathways.opinion import OpinionContent
from pathways.source import parse
from secunda.adapters.fhir.parsing import parse as parse_json
from secunda.errors import BadInputError

LARGEST = 2 * 2**20  # bytes; an opinion is some tens of kilobytes


def read_opinion(file: str) -> OpinionContent:
    """The opinion in `file` (- is standard input). Raises BadInputError, or PathwayFileError with every wrong place."""
    from secunda.actions.opinion import read_content

    content = _bytes(file)
    if content.lstrip()[:1] == b"{":
        found = parse_json(content)
        return read_content(found)
    root = parse(_text(content, file), file)
    try:
        return OpinionContent.model_validate(root)
    except ValidationError as error:
        raise PathwayFileError(problems(error, OpinionContent, root)) from None


def _bytes(file: str) -> bytes:
    if file == "-":
        content = sys.stdin.buffer.read(LARGEST + 1)
    else:
        try:
            with Path(file).open("rb") as opened:
                content = opened.read(LARGEST + 1)
        except OSError:
            raise BadInputError("The file cannot be read.", "Check its name and permissions.", place=file) from None
    if len(content) > LARGEST:
        raise BadInputError(
            f"The file is larger than {LARGEST // 2**20} MiB.",
            "An opinion is text alone; attach pictures as documents.",
        )
    if not content.strip():
        raise BadInputError("The file is empty.", "`secunda opinion template` writes one to fill in.", place=file)
    return content


def _text(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInputError("The file is not UTF-8.", "Save it as UTF-8 text.", place=file) from None
