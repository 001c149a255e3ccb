"""Reports that a source has only as data, as plain text. No word is added to the source's, so it needs no language."""

from typing import Any

from lxml import etree

from secunda.adapters.fhir.entries import Entries, Entry
from secunda.adapters.fhir.record import VOID, value_of
from secunda.adapters.fhir.values import Json, child, children, concept_text, text

MAX_RESULTS = 2000
_BLOCKS = frozenset({"p", "div", "li", "tr", "br", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd"})


def report_text(entry: Entry, entries: Entries, title: str, source: str) -> str:
    """Title, date, source, results and conclusion of a DiagnosticReport; empty when it says nothing.

    The same report always gives the same text, so that receiving it twice stores it once.
    """
    resource = entry.resource
    lines = [line for line in _result_lines(resource, entry, entries) if line]
    concluded = [text(resource, "conclusion"), *(concept_text(one) for one in children(resource, "conclusionCode"))]
    body = [*lines, *[one for one in concluded if one]]
    if not body:
        body = [_narrative(resource)]
    if not any(body):
        return ""
    dated = text(resource, "effectiveDateTime") or text(child(resource, "effectivePeriod"), "start")
    moment = (dated or text(resource, "issued"))[:16].replace("T", " ")
    head = [one for one in (title, moment, source) if one]
    return "\n".join([*head, "", *body, ""])


def _result_lines(resource: Json, entry: Entry, entries: Entries) -> list[str]:
    lines = []
    for reference in children(resource, "result")[:MAX_RESULTS]:
        target = entries.find(reference, entry)
        if target is None or target.type != "Observation" or text(target.resource, "status") in VOID:
            continue
        observation = target.resource
        lines.append(_line(observation))
        lines += [f"  {_line(part)}" for part in children(observation, "component")]
        lines += [f"  {text(note, 'text')}" for note in children(observation, "note")]
    return lines


def _line(observation: Json) -> str:
    value, unit, words = value_of(observation)
    shown = words or (
        f"{child(observation, 'valueQuantity').get('value', value)} {unit}".strip() if value is not None else ""
    )
    flags = " ".join(concept_text(one) for one in children(observation, "interpretation"))
    limits = "; ".join(_limits(one) for one in children(observation, "referenceRange"))
    suffix = "".join(f" ({part})" for part in (flags, limits) if part)
    name = concept_text(child(observation, "code"))
    return f"{name}: {shown}{suffix}" if shown else name


def _limits(reference_range: Json) -> str:
    low, high = (child(reference_range, side).get("value") for side in ("low", "high"))
    if low is None and high is None:
        return text(reference_range, "text")
    return f"{'' if low is None else low}–{'' if high is None else high}"


def composition_text(resource: Json) -> str:
    """Title and narrative of each section of a Composition, sections inside sections included."""
    lines = _section_lines(resource, depth=0)
    return "\n".join([text(resource, "title"), text(resource, "date"), "", *lines, ""]) if lines else ""


def _section_lines(parent: Json, depth: int) -> list[str]:
    lines: list[str] = []
    for section in children(parent, "section") if depth < 10 else []:
        written = _narrative(section)
        inner = _section_lines(section, depth + 1)
        if written or inner:
            lines += [
                text(section, "title") or concept_text(child(section, "code")),
                *filter(None, [written]),
                *inner,
                "",
            ]
    return lines


def _narrative(resource: Json) -> str:
    """The text of an XHTML narrative, a line a block. Tags, scripts and links are left behind."""
    div = child(resource, "text").get("div")
    if not isinstance(div, str) or not div.strip():
        return ""
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = etree.fromstring(div.encode(), parser)
    except etree.LxmlError:
        return ""
    if root is None:
        return ""
    etree.strip_elements(root, "script", "style", with_tail=False)
    lines = " ".join(_pieces(root)).split("\n")
    return "\n".join(line for line in (" ".join(one.split()) for one in lines) if line)


def _pieces(root: Any) -> list[str]:
    pieces = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            pieces += ["\n"] if element.tag in _BLOCKS else []
            pieces.append(element.text or "")
        else:
            pieces += ["\n"] if element.tag in _BLOCKS else []
            pieces.append(element.tail or "")
    return pieces
