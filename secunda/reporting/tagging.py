"""What WeasyPrint leaves undone in the tag tree, mended while the tree is built and before the file is written.

WeasyPrint 70 tags a page at a time and knows no language, no scope and no continuation. For PDF/UA-1 (ISO 14289-1) and
for a listener: a passage in another language says so (7.2), headers have a scope (7.5), a list item has a body (7.6),
running headers are artifacts (7.8), a link says where it leads (7.18), and what a page break cuts is one element again.
"""

from collections.abc import Iterator
from typing import Any

import pydyf
from weasyprint.formatting_structure.boxes import MarginBox
from weasyprint.pdf import tags as weasyprint_tags

Tree = dict[str, Any]  # a pydyf.Dictionary

_PIXEL = 0.75  # points
_built = weasyprint_tags._build_box_tree
_ARTIFACT = "null"  # stands in the parent tree for marked content that belongs to no element


def _build_box_tree(
    box: Any, parent: Tree, pdf: Any, page: int, owners: Tree, annotations: list[Any], tags: dict[Any, Tree]
) -> Iterator[Tree]:
    if isinstance(box, MarginBox):
        for child in box.descendants():
            if child in tags:
                owners[tags.pop(child)["mcid"]] = _ARTIFACT
        return
    for element in _built(box, parent, pdf, page, owners, annotations, tags):
        _describe(element, box, pdf)
        yield element


# The function calls itself by this name for every child, so that each element passes here.
weasyprint_tags._build_box_tree = _build_box_tree


def _describe(element: Any, box: Any, pdf: Any) -> None:
    """What the HTML says of the element and WeasyPrint does not pass on."""
    if hasattr(element, "source"):
        return  # html and body pass on what their children made
    element.source = box.element
    attributes = {} if box.element is None else box.element.attrib
    language = attributes.get("lang", "")
    if language and language != pdf.catalog["Lang"].string:
        element["Lang"] = pydyf.String(language)
    if element["S"] == "/TH":
        element["A"]["Scope"] = "/Row" if attributes.get("scope") == "row" else "/Column"
    if element["S"] in {"/TH", "/TD"}:
        element["A"].pop("Headers", None)  # the scopes say it, and the identifiers repeat where a table is continued
    if box.link_annotation and "title" in attributes:
        box.link_annotation["Contents"] = pydyf.String(attributes["title"])
    if element["S"] == "/LI":
        _give_body(element, pdf)


def _give_body(item: Any, pdf: Any) -> None:
    """A list item is its label and its body, also where the marker stands inside the line."""
    kids = item["K"]
    is_label = [_at(pdf, kid).get("S") == "/Lbl" for kid in kids]
    rest = [kid for kid, label in zip(kids, is_label, strict=True) if not label]
    if not rest or any(_at(pdf, kid).get("S") == "/LBody" for kid in rest):
        return
    body = pydyf.Dictionary({"Type": "/StructElem", "S": "/LBody", "K": pydyf.Array(rest), "P": item.reference})
    body["Pg"] = item["Pg"]
    pdf.add_object(body)
    for kid in rest:
        _at(pdf, kid)["P"] = body.reference
    item["K"] = pydyf.Array([*(kid for kid, label in zip(kids, is_label, strict=True) if label), body.reference])


def mend(pdf: Any) -> None:
    """Join what page breaks cut, mark artifacts, place figures; `pdf` is a pydyf.PDF that is not written yet."""
    root = _at(pdf, pdf.catalog["StructTreeRoot"])
    owners = _at(pdf, root["ParentTree"])["Nums"]
    _join_pages(pdf, _at(pdf, root["K"][0]), owners)
    for number, page in enumerate(pdf.page_references):
        artifacts = {mcid for mcid, owner in enumerate(owners[2 * number + 1]) if owner == _ARTIFACT}
        _mark(_at(pdf, _at(pdf, page)["Contents"]).stream, artifacts)
    for element in pdf.objects:
        if isinstance(element, pydyf.Dictionary) and element.get("S") == "/TH":
            element.pop("ID", None)
        elif isinstance(element, pydyf.Dictionary) and element.get("S") == "/Figure":
            _place(element, _at(pdf, element["Pg"])["MediaBox"][3])


def _join_pages(pdf: Any, document: Tree, owners: list[Any]) -> None:
    """The last element of a page and the first of the next are one when they come from the same HTML element."""
    joined: list[Any] = []
    for reference in document["K"]:
        before = _at(pdf, joined[-1]) if joined else None
        here = _at(pdf, reference)
        if before is not None and _continues(before, here):
            _join(pdf, before, here, owners)
        else:
            joined.append(reference)
    document["K"] = pydyf.Array(joined)


def _continues(before: Any, here: Any) -> bool:
    source = getattr(here, "source", None)
    pages = {_last_page(before), here["Pg"]}
    return source is not None and source is getattr(before, "source", None) and len(pages) == 2


def _last_page(element: Any) -> Any:
    return getattr(element, "last_page", element.get("Pg"))


def _join(pdf: Any, before: Any, here: Any, owners: list[Any]) -> None:
    kids = [kid for kid in here["K"] if not _is_repeated_head(pdf, before, kid, owners)]
    last = _at(pdf, before["K"][-1]) if before["K"] else None
    if last is not None and kids and _is_element(last) and _continues(last, _at(pdf, kids[0])):
        _join(pdf, last, _at(pdf, kids.pop(0)), owners)
    for kid in kids:
        _at(pdf, kid)["P"] = before.reference
        before["K"].append(kid)
    before.last_page = _last_page(here)
    here.clear()


def _is_repeated_head(pdf: Any, before: Tree, kid: Any, owners: list[Any]) -> bool:
    """The head of a table that is repeated after a page break is for the eye only."""
    head = _at(pdf, kid)
    if before["S"] != "/Table" or head.get("S") != "/THead":
        return False
    page = pdf.page_references.index(head["Pg"])
    _forget(pdf, head, owners[2 * page + 1])
    return True


def _forget(pdf: Any, element: Any, owners: list[Any]) -> None:
    for kid in element["K"]:
        if isinstance(kid, int):
            owners[kid] = _ARTIFACT
        else:
            _forget(pdf, _at(pdf, kid), owners)
    element.clear()


def _mark(operations: list[Any], artifacts: set[int]) -> None:
    """Marked content that belongs to no element is pagination."""
    for place, operand in enumerate(operations):
        if isinstance(operand, pydyf.Dictionary) and operand.get("MCID") in artifacts:
            operations[place - 1] = "/Artifact"
            operations[place] = pydyf.Dictionary({"Type": "/Pagination"})


def _place(figure: Tree, height: float) -> None:
    """WeasyPrint gives the bounding box in pixels from the top; PDF counts points from the foot."""
    left, top, right, bottom = figure["A"]["BBox"]
    figure["A"]["BBox"] = pydyf.Array((left * _PIXEL, height - bottom * _PIXEL, right * _PIXEL, height - top * _PIXEL))


def _is_element(found: Any) -> bool:
    return isinstance(found, pydyf.Dictionary) and found.get("Type") == "/StructElem"


def _at(pdf: Any, reference: Any) -> Any:
    """The object that a reference (`b"12 0 R"`) points at."""
    return pdf.objects[int(reference.split()[0])]
