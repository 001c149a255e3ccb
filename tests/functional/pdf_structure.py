"""What PDF/A-3a and PDF/UA-1 ask of a file and a program can see, read with pikepdf alone.

Sources: ISO 14289-1:2014, clause 7; ISO 19005-3:2012, clause 6; the Matterhorn Protocol 1.1. It finds what once went
wrong or could; it is no substitute for a full validator.
"""

import io
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pikepdf

PAINTING = {"Tj", "TJ", "'", '"', "Do", "f", "f*", "S", "s", "B", "B*", "b", "b*", "sh", "INLINE IMAGE"}
INSIDE = {
    "/TR": {"/THead", "/TBody", "/TFoot", "/Table"},
    "/TH": {"/TR"},
    "/TD": {"/TR"},
    "/LI": {"/L"},
    "/Lbl": {"/LI"},
    "/LBody": {"/LI"},
    "/THead": {"/Table"},
    "/TBody": {"/Table"},
}


def problems(data: bytes) -> list[str]:
    """Everything that is wrong with the file, each with its place; empty when nothing was found."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        checks = (_document, _description, _fonts, _content, _elements, _headings, _annotations)
        return [found for check in checks for found in check(pdf)]


def elements(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, Any]]:
    """Every structure element with its parent, in reading order."""
    waiting = [(pdf.Root.StructTreeRoot, kid) for kid in reversed(_kids(pdf.Root.StructTreeRoot))]
    while waiting:
        parent, element = waiting.pop()
        if isinstance(element, pikepdf.Dictionary) and "/S" in element:
            yield element, parent
            waiting += [(element, kid) for kid in reversed(_kids(element))]


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", pikepdf.Array())
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _document(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "the file does not say that it is tagged"
    if not str(root.get("/Lang", "")):
        yield "the file has no language"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "the title is not displayed"
    if pdf.is_encrypted:
        yield "the file is encrypted"
    yield from (f"the catalog has {key}" for key in ("/OpenAction", "/AA") if key in root)
    for field in root.get("/AcroForm", {}).get("/Fields", []):
        if field.get("/FT") != "/Sig" or not str(field.get("/TU", "")):
            yield "the file has a field that is no named signature"
    intents = [intent.get("/S") for intent in root.get("/OutputIntents", [])]
    if intents != ["/GTS_PDFA1"]:
        yield f"output intents {intents}"
    if len(pdf.pages) > 2 and "/Outlines" not in root:
        yield "there are no bookmarks"


def _description(pdf: pikepdf.Pdf) -> Iterator[str]:
    written = pdf.Root.Metadata.read_bytes().decode()
    if "/Filter" in pdf.Root.Metadata:
        yield "the description is compressed"
    if written.count("<rdf:RDF") != 1:
        yield "the description has not exactly one rdf:RDF"
    yield from (f"{prefix} is not described" for prefix in ["pdfuaid"] if f"prefix>{prefix}</" not in written)
    with pdf.open_metadata(set_pikepdf_as_editor=False) as said:
        claims = (said.get("pdfaid:part"), said.get("pdfaid:conformance"), said.get("pdfuaid:part"))
        if claims != ("3", "A", "1"):
            yield f"the file claims {claims}"
        if said.get("dc:title") != str(pdf.docinfo.get("/Title")):
            yield "the title is not the same everywhere"


def _fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    for font in {font.objgen: font for page in pdf.pages for font in page.Resources.Font.values()}.values():
        descriptor = font.DescendantFonts[0].FontDescriptor if "/DescendantFonts" in font else font.FontDescriptor
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys()):
            yield f"{font.BaseFont} is not embedded"
        if "/ToUnicode" not in font:
            yield f"{font.BaseFont} has no way back to text"


def _content(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Whatever is painted is an artifact or belongs to exactly one element."""
    owners: dict[tuple[Any, int], int] = {}
    for element, _ in elements(pdf):
        for kid in _kids(element):
            if isinstance(kid, int):
                place = (element.Pg.objgen, int(kid))
                owners[place] = owners.get(place, 0) + 1
    parents = {int(key): value for key, value in _pairs(pdf.Root.StructTreeRoot.ParentTree.Nums)}
    for number, page in enumerate(pdf.pages, start=1):
        own = parents[int(page.StructParents)]
        seen: list[str | int] = []
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) in {"BDC", "BMC"}:
                properties = operands[1] if len(operands) > 1 else {}
                mcid = properties.get("/MCID") if operands[0] != "/Artifact" else None
                seen.append("artifact" if operands[0] == "/Artifact" else int(mcid))
                if mcid is not None and owners.pop((page.objgen, int(mcid)), 0) != 1:
                    yield f"page {number}: content {mcid} has not one owner"
                if mcid is not None and int(mcid) not in _kids(own[int(mcid)]):
                    yield f"page {number}: content {mcid} is not its parent's"
            elif str(operator) == "EMC":
                seen.pop()
            elif str(operator) in PAINTING and len(seen) != 1:
                yield f"page {number}: {operator} within {seen}"
    yield from (f"content {place} is owned and not there" for place in owners)


def _pairs(flat: Any) -> Iterator[tuple[Any, Any]]:
    values = list(flat)
    return zip(values[::2], values[1::2], strict=True)


def _elements(pdf: pikepdf.Pdf) -> Iterator[str]:
    for element, parent in elements(pdf):
        kind, above = str(element.S), str(parent.get("/S", "/StructTreeRoot"))
        if element.get("/P") is None or element.P.objgen != parent.objgen:
            yield f"{kind} does not name its parent {above}"
        if kind in INSIDE and above not in INSIDE[kind]:
            yield f"{kind} stands in {above}"
        if not _kids(element) and kind not in {"/TD", "/TH", "/Div", "/NonStruct", "/P"}:
            yield f"{kind} in {above} is empty"
        if kind == "/TH" and element.A.get("/Scope") not in {"/Row", "/Column"}:
            yield "TH has no scope"
        if kind == "/LI" and "/LBody" not in {str(kid.get("/S")) for kid in _kids(element)}:
            yield "LI has no body"
        if kind == "/Figure":
            yield from _figure(element)


def _figure(figure: Any) -> Iterator[str]:
    if not str(figure.get("/Alt", "")).strip():
        yield "Figure has no words"
    left, bottom, right, top = (float(side) for side in figure.A.BBox)
    _, _, width, height = (float(side) for side in figure.Pg.MediaBox)
    if not (0 <= left < right <= width and 0 <= bottom < top <= height):
        yield f"Figure stands at {left}, {bottom}, {right}, {top}"


def _headings(pdf: pikepdf.Pdf) -> Iterator[str]:
    levels = [int(str(element.S)[2]) for element, _ in elements(pdf) if re.fullmatch(r"/H[1-6]", str(element.S))]
    if levels.count(1) != 1 or levels[0] != 1:
        yield f"headings begin with {levels[:3]}"
    yield from (
        f"a heading of level {next_} follows one of {level}" for level, next_ in pairwise(levels) if next_ > level + 1
    )


def _annotations(pdf: pikepdf.Pdf) -> Iterator[str]:
    holds = {"/Link", "/Form"}
    tagged = {kid.Obj.objgen for element, _ in elements(pdf) if str(element.S) in holds for kid in _references(element)}
    names = (
        {str(name) for name, _ in _pairs(pdf.Root.Names.Dests.Names)} if "/Dests" in pdf.Root.get("/Names", {}) else {}
    )
    for number, page in enumerate(pdf.pages, start=1):
        for annotation in page.get("/Annots", []):
            if page.get("/Tabs") != "/S":
                yield f"page {number}: tabs do not follow the structure"
            if not str(annotation.get("/Contents", "")):
                yield f"page {number}: an annotation says nothing"
            if annotation.objgen not in tagged:
                yield f"page {number}: an annotation is not in the tree"
            if "/Dest" in annotation and str(annotation.Dest) not in names:
                yield f"page {number}: a link leads nowhere"


def _references(element: Any) -> list[Any]:
    return [kid for kid in _kids(element) if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"]
