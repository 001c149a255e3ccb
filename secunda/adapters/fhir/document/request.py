"""What was asked and what was read: ServiceRequest, DocumentReference."""

from collections.abc import Iterator

from secunda.adapters.fhir.document import people
from secunda.adapters.fhir.document.elements import (
    CASE,
    SECOND_OPINION,
    Json,
    filled,
    identifier,
    loinc,
    plain,
    reference,
    resource,
    urn,
)
from secunda.reporting.content import ReportContent
from secunda.reporting.people import ReviewedDocument

URI = "urn:ietf:rfc:3986"


def request_url(content: ReportContent) -> str:
    return urn(content.reference, "request")


def document_url(content: ReportContent, document: ReviewedDocument) -> str:
    return urn(content.reference, "document", document.label, document.sha256)


def asked_and_read(content: ReportContent) -> Iterator[tuple[str, Json]]:
    """(fullUrl, resource) of the request and of each record reviewed."""
    yield request_url(content), _request(content)
    for document in content.documents:
        yield document_url(content, document), _document(content, document)


def _request(content: ReportContent) -> Json:
    asked = content.requester
    return resource(
        "ServiceRequest",
        request_url(content),
        identifier=[identifier(CASE, content.reference)],
        status="completed",
        intent="order",
        priority=content.urgency.fhir_priority,
        category=[loinc(SECOND_OPINION, "Consultation 2nd opinion")],
        code=filled(text=plain(asked.planned_procedure)),
        subject=reference(people.patient_url(content)),
        occurrenceDateTime=asked.procedure_on.isoformat() if asked.procedure_on else None,
        requester=reference(people.requester_url(content), asked.name),
        insurance=[reference(people.coverage_url(content))] if plain(asked.payer) else [],
        reasonCode=[{"text": plain(question.text)} for question in content.questions if plain(question.text)],
        supportingInfo=[reference(document_url(content, one), one.title) for one in content.documents],
    )


def _document(content: ReportContent, document: ReviewedDocument) -> Json:
    """R4's `Attachment.hash` is SHA-1: the SHA-256 that the panel's file has names the document itself."""
    sha256 = f"urn:secunda:sha256:{document.sha256}"
    kind = _kind(document, content.language)
    attachment = filled(
        title=document_title(content, document),
        creation=document.documented_on.isoformat() if document.documented_on else None,
    )
    return resource(
        "DocumentReference",
        document_url(content, document),
        masterIdentifier=identifier(URI, sha256) if document.sha256 else None,
        identifier=[identifier(f"{CASE}:{content.reference}:document", document.label)],
        status="current",
        type=loinc(document.loinc) | filled(text=plain(kind)) if document.loinc else filled(text=plain(kind)),
        subject=reference(people.patient_url(content)),
        author=[{"display": plain(document.source)}] if plain(document.source) else [],
        content=[{"attachment": attachment}],
    )


def document_title(content: ReportContent, document: ReviewedDocument) -> str:
    """Its own, else what kind of document it is, else its number."""
    return plain(document.title) or plain(_kind(document, content.language)) or document.label


def _kind(document: ReviewedDocument, language: str) -> str:
    return document.loinc_name.in_language(language) if document.loinc_name else ""
