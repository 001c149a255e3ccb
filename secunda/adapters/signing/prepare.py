"""What a PDF gets before it is signed: the files that travel inside it, and an empty field for each signature.

Equal input gives equal bytes. Sources: ISO 19005-3, 6.8 (associated files); ISO 32000-1, 12.7.4.5 (signature fields);
ISO 14289-1, 7.18.4 (a widget is nested in a Form tag, also where it has no size and nothing is to be seen of it).
"""

import io
from collections.abc import Sequence
from datetime import UTC, datetime

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from secunda.adapters.signing.signatory import EmbeddedFile, Signatory

TIMESTAMP = "timestamp"  # the field of the document's own time stamp
PRINTED, LOCKED = 4, 128  # annotation flags: PDF/A wants the first, and nobody should move the field
SIGNATURES_EXIST, APPEND_ONLY = 1, 2


def field_name(number: int) -> str:
    """The field of signature `number`, from 1."""
    return f"signature-{number}"


def prepare(
    pdf: bytes, files: Sequence[EmbeddedFile], signatories: Sequence[Signatory], at: datetime, *, stamped: bool = False
) -> bytes:
    """The PDF with its files and fields; `at` dates the files, `stamped` adds the field of a document time stamp."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        _embed(document, files, at.astimezone(UTC))
        fields = [(field_name(number), one.label) for number, one in enumerate(signatories, start=1)]
        _add_fields(document, [*fields, *([(TIMESTAMP, TIMESTAMP)] if stamped else [])])
        target = io.BytesIO()
        document.save(target, deterministic_id=True)
    return target.getvalue()


def _embed(document: pikepdf.Pdf, files: Sequence[EmbeddedFile], at: datetime) -> None:
    for file in files:
        written = at.strftime("D:%Y%m%d%H%M%SZ")
        spec = pikepdf.AttachedFileSpec(
            document,
            file.content,
            description=file.description,
            filename=file.name,
            mime_type=file.media_type,
            creation_date=written,
            mod_date=written,
        )
        spec.relationship = Name(f"/{file.relationship}")
        document.attachments[file.name] = spec
    if files:
        document.Root.AF = Array([document.attachments[file.name].obj for file in files])


def _add_fields(document: pikepdf.Pdf, named: Sequence[tuple[str, str]]) -> None:
    page = document.pages[-1]
    fields = [_field(document, page, name, label) for name, label in named]
    widgets = [field.Kids[0] for field in fields]
    page.obj.Annots = Array([*page.obj.get("/Annots", Array()), *widgets])
    page.obj.Tabs = Name.S
    document.Root.AcroForm = Dictionary(Fields=Array(fields), SigFlags=SIGNATURES_EXIST | APPEND_ONLY)
    if "/StructTreeRoot" in document.Root:
        for widget in widgets:
            _tag(document, page, widget)


def _field(document: pikepdf.Pdf, page: pikepdf.Page, name: str, label: str) -> pikepdf.Object:
    """A field and its widget as two objects: signing changes the first only, and the tag tree refers to the second."""
    field = document.make_indirect(Dictionary(FT=Name.Sig, T=String(name), TU=String(label)))
    widget = Dictionary(Type=Name.Annot, Subtype=Name.Widget, F=PRINTED | LOCKED, Rect=Array([0, 0, 0, 0]))
    widget.P, widget.Parent, widget.Contents = page.obj, field, String(label)
    field.Kids = Array([document.make_indirect(widget)])
    return field


def _tag(document: pikepdf.Pdf, page: pikepdf.Page, widget: pikepdf.Object) -> None:
    """Put the widget into the structure tree, under the element of the document."""
    root = document.Root.StructTreeRoot
    first = root.K[0] if isinstance(root.K, Array) else root.K
    element = document.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.Form,
            P=first,
            Pg=page.obj,
            Alt=widget.Contents,
            K=Array([Dictionary(Type=Name.OBJR, Obj=widget, Pg=page.obj)]),
        )
    )
    first.K = Array([*(first.K if isinstance(first.K, Array) else [first.K]), element])
    numbers = root.ParentTree.Nums
    key = max((int(numbers[index]) for index in range(0, len(numbers), 2)), default=-1) + 1
    root.ParentTree.Nums = Array([*numbers, key, element])
    root.ParentTreeNextKey = key + 1
    widget.StructParent = key
