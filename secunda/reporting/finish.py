"""The last hand on a PDF before it is written: its tag tree and its own description."""

from typing import Any

from weasyprint import Document

from secunda.reporting import tagging, xmp


def finish(document: Document, pdf: Any) -> None:
    """WeasyPrint's `finisher`: makes one file of what PDF/A-3a and PDF/UA-1 both ask for; `pdf` is a pydyf.PDF."""
    tagging.mend(pdf)
    described = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    described.stream = [xmp.packet(document.metadata, pdf.info["Producer"].string)]
    described.compress = False  # a reader that knows no PDF finds it
