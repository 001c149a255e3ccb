"""The documents of a review as DocumentReference: those received, and the report. Their bytes are a Binary."""

from models import Document
from pathways.terminology import document_types
from secunda.fhir_door.answer import ReviewAnswer
from secunda.fhir_door.names import (
    SECOND_OPINION,
    Json,
    case_identifier,
    day,
    instant,
    loinc,
    meta,
    reference,
    without_empty,
)
from secunda.fhir_door.parties import patient_reference

PDF = "application/pdf"


def document_reference(document: Document, answer: ReviewAnswer, *, readable: bool) -> Json:
    """One received or named document. `readable`: the payer sent it, and may have its bytes back."""
    kind = document_types().get(document.loinc)
    attachment = without_empty(
        {
            "contentType": document.media_type,
            "url": f"Binary/{document.id}" if readable and document.sha256 else "",
            "size": document.size,
            "title": document.title,
            "creation": day(document.documented_on) if document.documented_on else "",
        }
    )
    return without_empty(
        {
            "resourceType": "DocumentReference",
            "id": str(document.id),
            "meta": meta(2 if document.fetched_at else 1, document.fetched_at or document.received_at),
            "identifier": [case_identifier(f"{answer.reference}/documents/{document.number}")],
            "status": "current",
            "docStatus": "final",
            "type": loinc(document.loinc, kind.en if kind else "") if document.loinc else {},
            "subject": patient_reference(answer),
            "date": instant(document.received_at),
            "description": document.title,
            "content": [{"attachment": attachment or {"title": f"Document {document.number}"}}],
            "context": {"related": [reference(f"ServiceRequest/{answer.reference}")]},
        }
    )


def report_reference(answer: ReviewAnswer) -> Json:
    """The newest version of the report, by the id of its row."""
    report = answer.report
    assert report is not None  # noqa: S101 - for the type checker
    return without_empty(
        {
            "resourceType": "DocumentReference",
            "id": report.identity,
            "meta": meta(report.version, report.rendered_at),
            "identifier": [case_identifier(f"{answer.reference}/reports/{report.version}")],
            "status": "current",
            "docStatus": "final" if report.version == 1 else "amended",
            "type": loinc(SECOND_OPINION, "Consultation 2nd opinion"),
            "subject": patient_reference(answer),
            "date": instant(report.rendered_at),
            "description": f"Second opinion {answer.reference}, version {report.version}",
            "content": [{"attachment": report_attachment(answer)}],
            "context": {"related": [reference(f"ServiceRequest/{answer.reference}")]},
        }
    )


def report_attachment(answer: ReviewAnswer) -> Json:
    report = answer.report
    assert report is not None  # noqa: S101 - for the type checker
    return {
        "contentType": PDF,
        "language": report.language,
        "url": f"Binary/{report.identity}",
        "size": report.size,
        "title": f"{answer.reference}-v{report.version}.pdf",
        "creation": instant(report.rendered_at),
    }
