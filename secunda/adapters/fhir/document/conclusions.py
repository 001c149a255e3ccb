"""What the panel came to: coded Observations, the DiagnosticReport, and the Provenance of both."""

from collections.abc import Iterator

from secunda.adapters.fhir.document import people, request
from secunda.adapters.fhir.document.elements import (
    OPINION,
    PATHWAY,
    REPORT,
    SECOND_OPINION,
    Json,
    concept,
    filled,
    identifier,
    loinc,
    moment,
    plain,
    reference,
    resource,
    urn,
)
from secunda.reporting.content import ReportContent

PARTICIPANT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
COMPLETION = "http://terminology.hl7.org/CodeSystem/v3-DocumentCompletion"
#: The panel's position: the code of the Observation, and where in the content its value stands.
POSITION = {
    "diagnosis-concordance": "diagnosis_concordance",
    "treatment-concordance": "treatment_concordance",
    "stance": "stance",
    "confidence": "confidence",
}


def composition_url(content: ReportContent) -> str:
    return urn(content.reference, content.version, "composition")


def report_url(content: ReportContent) -> str:
    return urn(content.reference, content.version, "report")


def report_identifier(content: ReportContent, version: int | None = None) -> Json:
    """`SO-XXXX-XXXX/2`: the case and the version of its report."""
    return identifier(REPORT, f"{content.reference}/{version or content.version}")


def conclusions(content: ReportContent) -> Iterator[tuple[str, Json]]:
    """(fullUrl, resource) of the report, its coded results and its provenance."""
    observations = list(_observations(content))
    yield report_url(content), _report(content, [url for url, _ in observations])
    yield from observations
    url = urn(content.reference, content.version, "provenance")
    yield url, _provenance(content, url)


def _observations(content: ReportContent) -> Iterator[tuple[str, Json]]:
    for code, field in POSITION.items():
        value = getattr(content, field)
        if value is not None:
            url = urn(content.reference, content.version, "observation", code)
            yield (
                url,
                resource(
                    "Observation",
                    url,
                    status="amended" if content.amendment else "final",
                    code=concept(OPINION, code),
                    subject=reference(people.patient_url(content)),
                    effectiveDateTime=moment(content.reported_at),
                    performer=[reference(people.role_url(content, one), one.name) for one in content.panel],
                    valueCodeableConcept=concept(f"{OPINION}:{code}", value.value),
                ),
            )


def _report(content: ReportContent, results: list[str]) -> Json:
    panel = [reference(people.role_url(content, member), member.name) for member in content.panel]
    return resource(
        "DiagnosticReport",
        report_url(content),
        identifier=[report_identifier(content)],
        basedOn=[reference(request.request_url(content))],
        status="amended" if content.amendment else "final",
        code=loinc(SECOND_OPINION, "Consultation 2nd opinion"),
        subject=reference(people.patient_url(content)),
        effectiveDateTime=moment(content.reported_at),
        issued=moment(content.reported_at),
        performer=[reference(people.organisation_url(content), content.organisation)],
        resultsInterpreter=panel,
        result=[reference(url) for url in results],
        conclusion="\n\n".join(text for text in (plain(content.diagnosis), plain(content.treatment)) if text),
    )


def _provenance(content: ReportContent, url: str) -> Json:
    pin = content.pathway
    return resource(
        "Provenance",
        url,
        target=[reference(composition_url(content)), reference(report_url(content))],
        occurredDateTime=moment(content.reported_at),
        recorded=moment(content.reported_at),
        policy=[f"{PATHWAY}:{pin.specialty.value}:{pin.version}:{pin.hash}"],
        activity=concept(COMPLETION, "LA", "legally authenticated"),
        agent=[*_authors(content), _agent("custodian", people.organisation_url(content), content.organisation)],
        entity=[*_sources(content), *_replaced(content)],
    )


def _authors(content: ReportContent) -> Iterator[Json]:
    for member in content.panel:
        yield _agent("author", people.role_url(content, member), member.name)


def _agent(code: str, url: str, display: str) -> Json:
    return {"type": concept(PARTICIPANT, code), "who": reference(url, display)}


def _sources(content: ReportContent) -> Iterator[Json]:
    for document in content.documents:
        yield {"role": "source", "what": reference(request.document_url(content, document), document.title)}


def _replaced(content: ReportContent) -> Iterator[Json]:
    if content.amendment is not None:
        old = report_identifier(content, content.amendment.replaces_version)
        yield {"role": "revision", "what": filled(identifier=old, display=plain(content.amendment.reason))}
