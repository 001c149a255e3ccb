"""Documents in a bundle: DocumentReference, DiagnosticReport, ImagingStudy, Composition, Consent. Source: FHIR R4."""

from collections.abc import Callable, Iterator
from typing import Any

from pathways.vocabulary import CodeSystem
from secunda.adapters.document_types import document_type
from secunda.adapters.fhir.attachments import Attached, read_attachment
from secunda.adapters.fhir.entries import Entries, Entry
from secunda.adapters.fhir.incoming import IncomingDocument, Noticed
from secunda.adapters.fhir.people import encounter_provider, source_of
from secunda.adapters.fhir.text_report import composition_text, report_text
from secunda.adapters.fhir.values import (
    Json,
    child,
    children,
    chosen_date,
    codes_of,
    codings_of,
    concept_text,
    text,
    to_date,
)
from secunda.adapters.modalities import loinc_of

Found = tuple[IncomingDocument, Noticed | None]
_WITHDRAWN = {"entered-in-error", "superseded", "cancelled", "registered"}
CONSENT = "59284-0"  # LOINC "Consent Document"
_URN_OID = "urn:oid:"
_COMPANIONS = {"SR", "KO", "PR", "SEG", "OT", "DOC", "REG"}  # of a study that is named by its other modality


def loinc_codes(concept: Json) -> list[str]:
    return [one.code for one in codings_of(concept) if one.system is CodeSystem.LOINC and len(one.code) <= 10]


def _categories(resource: Json) -> set[str]:
    return set().union(*(codes_of(one) for one in children(resource, "category")))


def document_reference(entry: Entry, entries: Entries) -> Iterator[Found]:
    resource = entry.resource
    if {text(resource, "status"), text(resource, "docStatus")} & _WITHDRAWN:
        return
    kind = child(resource, "type")
    context = child(resource, "context")
    source = source_of(entry, entries, "custodian", "author") or encounter_provider(entry, entries)
    for index, content in enumerate(children(resource, "content")):
        attachment = child(content, "attachment")
        attached = read_attachment(attachment, entry, entries, "content", index, "attachment")
        yield _document(
            f"{entry.pointer}/content/{index}/attachment",
            attached,
            title=text(attachment, "title") or text(resource, "description") or concept_text(kind),
            loinc=document_type(loinc_codes(kind), _categories(resource)),
            media_type=text(attachment, "contentType"),
            documented_on=to_date(child(context, "period").get("start"))
            or to_date(attachment.get("creation"))
            or to_date(resource.get("date")),
            source=source,
        )


def diagnostic_report(entry: Entry, entries: Entries) -> Iterator[Found]:
    """Its own document where it has one; else its results and conclusion, written out as text."""
    resource = entry.resource
    if text(resource, "status") in _WITHDRAWN:
        return
    kind = child(resource, "code")
    facts: dict[str, Any] = {
        "title": concept_text(kind),
        "loinc": document_type(loinc_codes(kind), _categories(resource)),
        "documented_on": chosen_date(resource, "effective") or to_date(resource.get("issued")),
        "source": source_of(entry, entries, "performer") or encounter_provider(entry, entries),
    }
    forms = children(resource, "presentedForm")
    for index, form in enumerate(forms):
        attached = read_attachment(form, entry, entries, "presentedForm", index)
        where = f"{entry.pointer}/presentedForm/{index}"
        yield _document(where, attached, media_type=text(form, "contentType"), **facts)
    if not forms and (written := report_text(entry, entries, facts["title"], facts["source"])):
        yield _document(entry.pointer, Attached(content=written.encode()), media_type="text/plain", **facts)


def imaging_study(entry: Entry, _entries: Entries) -> Iterator[Found]:
    """A pointer: the images themselves come as DICOM. R4 does not say how many frames an instance has."""
    resource = entry.resource
    if text(resource, "status") in _WITHDRAWN:
        return
    series = children(resource, "series")
    modalities = [text(child(one, "modality"), "code") for one in series]
    modalities += [text(one, "code") for one in children(resource, "modality")]
    named = [one for one in modalities if one]
    modality = next((one for one in named if one not in _COMPANIONS), named[0] if named else "")[:16]
    regions = [text(child(one, "bodySite"), "display") for one in series]
    procedure = next((concept_text(one) for one in children(resource, "procedureCode")), "")
    described = [text(resource, "description") or procedure, *[text(one, "description") for one in series][:1]]
    yield (
        IncomingDocument(
            pointer=entry.pointer,
            title=" ".join(part for part in (modality, *described) if part) or "DICOM",
            loinc=loinc_of(modality, next(filter(None, regions), "")),
            media_type="application/dicom",
            documented_on=to_date(resource.get("started")),
            modality=modality,
            study_uid=_study_uid(resource),
        ),
        None,
    )


def _study_uid(resource: Json) -> str:
    for one in children(resource, "identifier"):
        value = text(one, "value").removeprefix(_URN_OID)
        if text(one, "value").startswith(_URN_OID) or text(one, "system") == "urn:dicom:uid":
            return value if len(value) <= 64 else ""
    return ""


def composition(entry: Entry, entries: Entries) -> Iterator[Found]:
    """A FHIR document: the narrative of its sections, written out as text."""
    resource = entry.resource
    written = composition_text(resource)
    if text(resource, "status") in _WITHDRAWN or not written:
        return
    yield _document(
        entry.pointer,
        Attached(content=written.encode()),
        title=text(resource, "title"),
        loinc=document_type(loinc_codes(child(resource, "type")), _categories(resource)),
        media_type="text/plain",
        documented_on=to_date(resource.get("date")),
        source=source_of(entry, entries, "custodian", "author"),
    )


def consent(entry: Entry, entries: Entries) -> Iterator[Found]:
    """The signed form, where the Consent carries it."""
    resource = entry.resource
    form = child(resource, "sourceAttachment")
    if text(resource, "status") in _WITHDRAWN or not form:
        return
    yield _document(
        f"{entry.pointer}/sourceAttachment",
        read_attachment(form, entry, entries, "sourceAttachment"),
        title=text(form, "title"),
        loinc=CONSENT,
        media_type=text(form, "contentType"),
        documented_on=to_date(resource.get("dateTime")),
        source=source_of(entry, entries, "organization"),
    )


def _document(pointer: str, attached: Attached, **facts: Any) -> Found:
    document = IncomingDocument(
        pointer=pointer,
        content=attached.content,
        source_url=attached.url,
        expected_sha1=attached.expected_sha1,
        **facts,
    )
    return document, Noticed(attached.warning, pointer) if attached.warning else None


READERS: dict[str, Callable[[Entry, Entries], Iterator[Found]]] = {
    "DocumentReference": document_reference,
    "DiagnosticReport": diagnostic_report,
    "ImagingStudy": imaging_study,
    "Composition": composition,
    "Consent": consent,
}


def read_documents(entries: list[Entry], everything: Entries) -> tuple[list[IncomingDocument], list[Noticed]]:
    """Every document that `entries` bring, in the order of the bundle, and what was odd about them."""
    found = [one for entry in entries if entry.type in READERS for one in READERS[entry.type](entry, everything)]
    return [document for document, _ in found], [noticed for _, noticed in found if noticed is not None]
