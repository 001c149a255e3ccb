"""The document bundle of one version of a report. Source: FHIR R4, 3.3 "FHIR documents" (bdl-9, bdl-10, bdl-11)."""

import json

from secunda.adapters.fhir.document.composition import composition
from secunda.adapters.fhir.document.conclusions import conclusions
from secunda.adapters.fhir.document.elements import Json, identifier, moment, urn
from secunda.adapters.fhir.document.people import people
from secunda.adapters.fhir.document.request import URI, asked_and_read
from secunda.reporting.content import ReportContent
from secunda.reporting.words import Words, languages


def document_bundle(content: ReportContent, language: str) -> Json:
    """A Bundle of type `document`: Composition 47040-1, everybody named, request, documents, conclusions, Provenance.

    Headings are in `language` (English where reports are not printed in it), the texts as the experts wrote them. Equal
    content gives an equal bundle. It names the patient: it is for those who may read the report.
    """
    words = Words(language if language in languages() else "en", content.time_zone)
    resources = [composition(content, words), *people(content), *asked_and_read(content), *conclusions(content)]
    url = urn(content.reference, content.version, "document")
    return {
        "resourceType": "Bundle",
        "id": url.removeprefix("urn:uuid:"),
        "identifier": identifier(URI, url),
        "type": "document",
        "timestamp": moment(content.reported_at),
        "entry": [{"fullUrl": full_url, "resource": one} for full_url, one in dict(resources).items()],
    }


def document_bytes(content: ReportContent, language: str) -> bytes:
    """The same as the JSON that is embedded and served: sorted keys, UTF-8, equal bytes for equal content."""
    bundle = document_bundle(content, language)
    return json.dumps(bundle, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
