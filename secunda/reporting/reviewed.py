"""The list of documents reviewed: one row a record, the many files of one imaging study in one row together."""

import hashlib
from collections.abc import Iterable

from pathways.terminology import document_types
from pathways.vocabulary import Text
from secunda.reporting.inputs import DocumentInput
from secunda.reporting.people import ReviewedDocument


def reviewed(documents: Iterable[DocumentInput]) -> tuple[ReviewedDocument, ...]:
    """The rows in the order of their first number. A study's report is a record of its own, beside its files."""
    rows: dict[tuple[str, str, str], list[DocumentInput]] = {}
    for document in sorted(documents, key=lambda document: document.number):
        is_image = document.study_uid and document.frames
        key = (document.study_uid, document.modality, document.loinc) if is_image else (str(document.number), "", "")
        rows.setdefault(key, []).append(document)
    return tuple(_row(files) for files in rows.values())


def _row(files: list[DocumentInput]) -> ReviewedDocument:
    first = files[0]
    kind = document_types().get(first.loinc)
    hashes = [file.sha256 or "" for file in files]
    return ReviewedDocument(
        numbers=tuple(file.number for file in files),
        title=first.title,
        loinc=first.loinc,
        loinc_name=Text(en=kind.en, es=kind.es) if kind else None,
        documented_on=first.documented_on,
        source=first.source,
        pages=first.pages,
        frames=sum(file.frames or 0 for file in files) or None,
        modality=first.modality,
        sha256=hashes[0] if len(files) == 1 else hashlib.sha256("\n".join(hashes).encode()).hexdigest(),
    )
