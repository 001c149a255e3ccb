"""Reading XML that may be hostile: no document types, no entities, no network, bounded depth and size.

lxml alone would do most of this, but expat sees a document type in any encoding before anything is expanded.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from xml.parsers import expat

from lxml import etree

from secunda.errors import BadInputError

MAX_BYTES = 100 * 2**20
MAX_DEPTH = 150  # C-CDA documents nest to about 30
MAX_ELEMENTS = 2_000_000
MAX_TAG = 2**20  # bytes of one tag or comment: longer ones take expat time by the square of their length
CHUNK = 2**16
_REMEDY = "Export the document again as C-CDA XML, or attach it as PDF."

#: Gets the root's name as written, prefix and all, and its attributes.
CheckRoot = Callable[[str, dict[str, str]], None]


@dataclass
class _Seen:
    depth: int = 0
    elements: int = 0


def parse(path: Path, check_root: CheckRoot) -> Any:
    """The root element (lxml) of the XML file at `path`; `check_root` raises when it is not the one that is wanted.

    Raises BadInputError with line and column when it is not well-formed (a prefix without namespace included), has a
    document type, or is too deep or too large.
    """
    if path.stat().st_size > MAX_BYTES:
        raise BadInputError(f"The XML is larger than {MAX_BYTES // 2**20} MiB.", _REMEDY)
    _guard(path, check_root)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=True,  # an embedded scan is one text of tens of megabytes; depth and size were bounded by `_guard`
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.parse(path, parser).getroot()
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise _malformed(line, column, _reason(str(error.msg))) from None


def _guard(path: Path, check_root: CheckRoot) -> None:
    """One pass by expat, which stops at the first thing that is not allowed."""
    seen = _Seen()
    parser = expat.ParserCreate()

    def refuse_doctype(*_: object) -> None:
        raise BadInputError("The XML has a document type (DOCTYPE), which can hide attacks.", f"Remove it. {_REMEDY}")

    def start(name: str, attributes: dict[str, str]) -> None:
        if seen.elements == 0:
            check_root(name, attributes)
        seen.depth += 1
        seen.elements += 1
        if seen.depth > MAX_DEPTH or seen.elements > MAX_ELEMENTS:
            raise BadInputError("The XML is nested too deeply or has too many elements.", _REMEDY)

    def end(*_: object) -> None:
        seen.depth -= 1

    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        with path.open("rb") as file:
            _feed(parser, file)
    except (expat.ExpatError, ValueError, LookupError) as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "offset", 0) + 1
        raise _malformed(line, column, expat.ErrorString(getattr(error, "code", 0)) or "unreadable encoding") from None


def _feed(parser: Any, file: BinaryIO) -> None:
    fed = 0
    while chunk := file.read(CHUNK):
        parser.Parse(chunk, False)
        fed += len(chunk)
        if fed - parser.CurrentByteIndex > MAX_TAG + CHUNK:
            raise BadInputError(
                f"The XML has a tag or a comment of more than {MAX_TAG // 2**20} MiB.",
                _REMEDY,
                place=f"line {parser.CurrentLineNumber}, column {parser.CurrentColumnNumber + 1}",
            )
    parser.Parse(b"", True)


def _reason(message: str) -> str:
    """lxml's message without what it quotes from the document."""
    return "a prefix has no namespace" if "is not defined" in message else "syntax error"


def _malformed(line: int, column: int, reason: str) -> BadInputError:
    return BadInputError(
        f"The XML is not well-formed: {reason}.",
        "It is cut off, edited by hand or only a fragment. " + _REMEDY,
        place=f"line {line}, column {column}",
    )
