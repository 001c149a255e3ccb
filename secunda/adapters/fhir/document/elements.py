"""The elements that every resource of the document is made of. Source: FHIR R4 datatypes, narrative and references."""

import html
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from pathways.vocabulary import CodeSystem
from secunda.reporting.prose import Block, blocks

Json = dict[str, Any]

SYSTEMS = {CodeSystem.LOINC: "http://loinc.org"}
#: Names of our own, for what no published code system has a word for.
CASE, REPORT, PATHWAY = "urn:secunda:case", "urn:secunda:report", "urn:secunda:pathway"
OPINION = "urn:secunda:opinion"
SECOND_OPINION = "47040-1"  # LOINC "Consultation 2nd opinion"


def urn(*key: object) -> str:
    """The `urn:uuid:` of a resource: equal keys give equal ids, so that a document built twice is the same bytes."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, ':'.join(('urn:secunda', *map(str, key))))}"


def resource(kind: str, full_url: str, **elements: Any) -> Json:
    """A resource without the elements that are empty: FHIR knows no empty ones."""
    return {"resourceType": kind, "id": full_url.removeprefix("urn:uuid:"), **filled(**elements)}


def filled(**elements: Any) -> Json:
    return {name: value for name, value in elements.items() if value not in (None, "", [], {})}


def reference(full_url: str, display: str = "") -> Json:
    return filled(reference=full_url, display=plain(display))


def identifier(system: str, value: str) -> Json:
    return {"system": system, "value": plain(value)}


def loinc(code: str, display: str = "") -> Json:
    return {"coding": [filled(system=SYSTEMS[CodeSystem.LOINC], code=code, display=display)]}


def concept(system: str, code: str, display: str = "") -> Json:
    return {"coding": [filled(system=system, code=code, display=plain(display))]}


def moment(at: datetime) -> str:
    """FHIR instant and dateTime: with seconds and zone."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def plain(text: str) -> str:
    """`text` as a FHIR string: no control characters but line ends, no space around it."""
    kept = (one for one in text if one == "\n" or unicodedata.category(one) not in ("Cc", "Cs"))
    return "".join(kept).strip()


def narrative(texts: Iterable[str]) -> Json:
    """Texts as the XHTML of a narrative, in the paragraphs and lists that the printed report shows them in."""
    inner = "".join(_html(block) for text in texts for block in blocks(plain(text)))
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{inner}</div>'} if inner else {}


def table(rows: Iterable[Iterable[str]], headings: Iterable[str] = ()) -> str:
    """Rows as one text, a line each, their cells parted; the printed report has the table itself."""
    lines = [" | ".join(plain(cell) for cell in row) for row in ([headings, *rows] if headings else rows)]
    return "\n".join(f"- {line}" for line in lines if line.replace("|", "").strip())


def _html(block: Block) -> str:
    lines = [html.escape(line) for line in block.lines]
    if block.is_list:
        return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"
    return f"<p>{'<br/>'.join(lines)}</p>"
