"""The Composition: the report's sections as narrative, with what they rest on. Source: FHIR R4 Composition."""

from collections.abc import Iterable, Iterator

from secunda.adapters.fhir.document import people, request
from secunda.adapters.fhir.document.conclusions import composition_url, report_identifier, report_url
from secunda.adapters.fhir.document.elements import (
    SECOND_OPINION,
    Json,
    filled,
    loinc,
    moment,
    narrative,
    plain,
    reference,
    resource,
    table,
)
from secunda.adapters.fhir.document.own_sections import own_sections
from secunda.reporting.content import ReportContent
from secunda.reporting.words import Words

#: LOINC codes of sections, where LOINC has a word for the section.
CODES = {
    "questions": "42349-1",  # Reason for referral
    "history": "10164-2",  # History of present illness
    "diagnosis": "29308-4",  # Diagnosis
    "treatment": "18776-5",  # Plan of care note
    "plain_summary": "55112-7",  # Document summary
}


def composition(content: ReportContent, words: Words) -> tuple[str, Json]:
    """(fullUrl, resource) of the document's first entry."""
    url = composition_url(content)
    amendment = content.amendment
    replaced = report_identifier(content, amendment.replaces_version) if amendment else None
    return url, resource(
        "Composition",
        url,
        language=words.language,
        identifier=report_identifier(content),
        status="amended" if amendment else "final",
        type=loinc(SECOND_OPINION, "Consultation 2nd opinion"),
        subject=reference(people.patient_url(content)),
        date=moment(content.reported_at),
        author=[reference(people.role_url(content, member), member.name) for member in content.panel],
        title=words.text("document_title", reference=content.reference),
        attester=list(_attesters(content)),
        custodian=reference(people.organisation_url(content), content.organisation),
        relatesTo=[{"code": "replaces", "targetIdentifier": replaced}] if replaced else [],
        section=[*_sections(content, words)],
    )


def _attesters(content: ReportContent) -> Iterator[Json]:
    for member in content.panel:
        party = reference(people.role_url(content, member), member.name)
        if member.signature:
            yield {"mode": "professional", "time": moment(member.signature.signed_at), "party": party}


def _sections(content: ReportContent, words: Words) -> Iterator[Json]:
    for key, paragraphs in _texts(content, words):
        if section := _section(words.text(key), paragraphs, CODES.get(key, "")):
            if key == "diagnosis":
                section["entry"] = [reference(report_url(content))]
            yield section
    for title, paragraphs in own_sections(content, words):
        yield from filter(None, [_section(title, paragraphs)])
    yield from filter(None, [_reviewed(content, words)])


def _reviewed(content: ReportContent, words: Words) -> Json:
    """The documents by name too: read alone, without the document around it, the section has no entries."""
    titles = [request.document_title(content, one) for one in content.documents]
    rows = [
        (one.label, title, words.date(one.documented_on)) for one, title in zip(content.documents, titles, strict=True)
    ]
    section = _section(words.text("documents"), [table(rows)])
    urls = [request.document_url(content, one) for one in content.documents]
    entries = [reference(url, title) for url, title in zip(urls, titles, strict=True)]
    return section | {"entry": entries} if section else {}


def _section(title: str, paragraphs: Iterable[str], code: str = "") -> Json:
    """A section with its narrative; an empty one is none (FHIR R4, cmp-1)."""
    text = narrative(paragraphs)
    return filled(title=plain(title), code=loinc(code) if code else None, text=text) if text else {}


def _texts(content: ReportContent, words: Words) -> Iterator[tuple[str, Iterable[str]]]:
    """The report's own sections in the order in which they are printed."""
    if content.amendment is not None:
        yield "version", [content.amendment.reason]
    yield "questions", [f"{one.number}. {one.text}\n\n{one.answer}" for one in content.questions]
    yield "plain_summary", [content.plain_summary]
    yield "red_flags", [content.red_flags]
    yield "diagnosis", [content.diagnosis]
    yield "treatment", [content.treatment]
    yield "alternatives", content.alternatives
    yield "clinical_impact", [content.clinical_impact]
    yield "recommendations", _recommendations(content, words)
    yield "findings", _findings(content, words)
    yield "history", [content.history]
    if content.decision is not None:
        yield "panel_opinions", [content.decision.explanation.in_language(words.language), content.decision.reason]
        yield "dissent", [f"{one.name}\n\n{one.diagnosis}\n\n{one.treatment}" for one in content.decision.dissent]
    yield "limits", [words.text("remote_limits"), content.limits]
    yield "missing_documents", [table([words.local(one.title), one.reason] for one in content.missing_documents)]


def _recommendations(content: ReportContent, words: Words) -> Iterator[str]:
    for number, one in enumerate(content.recommendations, start=1):
        cited = "; ".join(f"{citation.guideline}: {citation.reference}" for citation in one.citations)
        level = words.text("evidence_level", level=words.grade(one.evidence_level)) if one.evidence_level else ""
        yield "\n\n".join(text for text in (f"{number}. {one.text}", one.reason, cited, level) if text)


def _findings(content: ReportContent, words: Words) -> Iterator[str]:
    for one in content.findings:
        where = ""
        if one.document and one.page:
            where = words.text("document_page", number=one.document, page=one.page)
        elif one.document:
            where = words.text("document_only", number=one.document)
        yield f"{one.text} ({where})" if where else one.text
