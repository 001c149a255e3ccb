"""What a report still lacks. An incomplete report is never rendered: the message names every gap."""

from collections.abc import Iterator

from secunda.errors import ConflictError
from secunda.reporting.content import ReportContent
from secunda.reporting.sections import TableSection


class ReportIncompleteError(ConflictError):
    """The report cannot be made yet; `gaps` names everything that is missing."""

    code = "report_incomplete"

    def __init__(self, gaps: tuple[str, ...]) -> None:
        self.gaps = gaps
        super().__init__(f"The report is incomplete: {'; '.join(gaps)}.", "Complete the opinion and lock it again.")


def check_complete(content: ReportContent) -> None:
    """Raises ReportIncompleteError unless nothing is missing."""
    if gaps := missing(content):
        raise ReportIncompleteError(gaps)


def missing(content: ReportContent) -> tuple[str, ...]:
    """Every gap, by its place in the report; empty when the report can be signed off. Names no patient data."""
    return (
        *_missing_answers(content),
        *_missing_opinion(content),
        *_missing_evidence(content),
        *_missing_references(content),
        *_missing_sections(content),
        *_missing_signatures(content),
    )


def _missing_answers(content: ReportContent) -> Iterator[str]:
    if not content.questions:
        yield "no question is asked"
    for question in content.questions:
        if not question.answer:
            yield f"question {question.number} has no answer"


def _missing_opinion(content: ReportContent) -> Iterator[str]:
    owed = {
        "the diagnosis is": content.diagnosis,
        "the diagnosis concordance is": content.diagnosis_concordance,
        "the opinion on the treatment is": content.treatment,
        "the treatment concordance is": content.treatment_concordance,
        "the confidence is": content.confidence,
        "the plain-language summary is": content.plain_summary,
        "the limits of the review are": content.limits,
    }
    for name, value in owed.items():
        if not value:
            yield f"{name} missing"


def _missing_evidence(content: ReportContent) -> Iterator[str]:
    for number, recommendation in enumerate(content.recommendations, start=1):
        if not recommendation.text:
            yield f"recommendation {number} has no text"
        if not recommendation.citations:
            yield f"recommendation {number} has no citation"
        if not recommendation.evidence_level:
            yield f"recommendation {number} has no evidence level"


def _missing_references(content: ReportContent) -> Iterator[str]:
    reviewed = {number for document in content.documents for number in document.numbers}
    for number, finding in enumerate(content.findings, start=1):
        if finding.document is None:
            yield f"finding {number} names no document"
        elif finding.document not in reviewed:
            yield f"finding {number} names document {finding.document}, which is not in the list"


def _missing_sections(content: ReportContent) -> Iterator[str]:
    for section in content.sections:
        if section.required and section.is_empty:
            yield f"the section {section.key} is empty"
        if isinstance(section, TableSection):
            for number, row in enumerate(section.rows, start=1):
                if len(row) > len(section.columns):
                    yield f"row {number} of the section {section.key} has more cells than the section has columns"


def _missing_signatures(content: ReportContent) -> Iterator[str]:
    if not content.panel:
        yield "no expert is on the panel"
    if content.decision is None:
        yield "the panel has not decided"
    for member in content.panel:
        if member.signature is None:
            yield f"the opinion of {member.role} is not signed"
        if not member.independence_declared:
            yield f"{member.role} has not declared independence"
