"""What the demonstration's experts write: the example opinion of the specialty, fitted to the case and the seat."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from models import Assignment, Question
from pathways import sections
from pathways.opinion import Answer, CriterionCheck, Finding, OpinionContent, Rating, SectionContent, Stance
from pathways.schema import ReportSection, SectionKind
from pathways.source import read
from pathways.vocabulary import Concordance, Specialty
from secunda.case_context import CaseContext
from secunda.panel import panel_of
from secunda.readable import readable_documents

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "opinions"
ANSWERS = {
    "en": "Yes; the reasons and the alternatives are given in the sections that follow.",
    "es": "Sí; los motivos y las alternativas se exponen en los apartados siguientes.",
}
UNREMARKABLE = {"en": "Reviewed; nothing to add.", "es": "Revisado; nada que añadir."}
AGAINST = 3  # a RAND rating that says inappropriate


@lru_cache(maxsize=32)
def _file(specialty: Specialty) -> Mapping[str, Any]:
    return read(EXAMPLES / f"{specialty}.yaml")


def example(specialty: Specialty, language: str) -> OpinionContent:
    """The example opinion of a specialty in that language, or in English."""
    opinions = _file(specialty)["opinions"]
    return OpinionContent.model_validate(opinions.get(language) or opinions["en"])


def example_questions(specialty: Specialty, language: str) -> tuple[str, ...]:
    """What is asked in the example."""
    questions = _file(specialty)["questions"]
    return tuple(questions.get(language) or questions["en"])


def opinion_for(
    context: CaseContext, assignment: Assignment, stance: Stance | None, treatment: Concordance | None
) -> OpinionContent:
    """An opinion that this seat can sign; `stance` and `treatment` make it dissent."""
    written = example(Specialty(context.case.specialty), context.case.language)
    changes: dict[str, object] = {
        "answers": _answers(context, written),
        "findings": _findings(context, assignment, written),
        "sections": _sections(context, assignment, written, dissents=stance is Stance.NOT_SUPPORTED),
    }
    if stance is not None:
        changes["stance"] = stance
    if treatment is not None:
        changes["treatment_concordance"] = treatment
    return written.model_copy(update=changes)


def _answers(context: CaseContext, written: OpinionContent) -> tuple[Answer, ...]:
    """The example's answers to the example's questions, in whatever language and order they are asked."""
    asked = context.session.exec(
        select(Question.number, Question.text).where(Question.case_id == context.case.id).order_by(col(Question.number))
    )
    known = _file(Specialty(context.case.specialty))["questions"].values()
    numbers = {text: number for questions in known for number, text in enumerate(questions, start=1)}
    texts = {answer.question: answer.text for answer in written.answers}
    fallback = ANSWERS.get(context.case.language, ANSWERS["en"])
    return tuple(Answer(question=number, text=texts.get(numbers.get(text, 0), fallback)) for number, text in asked)


def _findings(context: CaseContext, assignment: Assignment, written: OpinionContent) -> tuple[Finding, ...]:
    """The example's findings, each pointing at a document that the seat may read; none where there is none."""
    documents = readable_documents(context, assignment)
    if not documents:
        return ()
    return tuple(
        finding.model_copy(update={"document": documents[index % len(documents)].number, "page": None})
        for index, finding in enumerate(written.findings)
    )


def _sections(
    context: CaseContext, assignment: Assignment, written: OpinionContent, *, dissents: bool
) -> dict[str, SectionContent]:
    roles = sorted({seat.role for seat in panel_of(context).seats})
    applying = {section.key for section in sections.applying(context.pathway, context.facts)}
    content = {key: value for key, value in written.sections.items() if key in applying}
    for section in sections.owed(context.pathway, assignment.role, roles, context.facts):
        content.setdefault(section.key, _plain(section, context.case.language))
    if dissents:
        content = {key: _rated_against(value) for key, value in content.items()}
    return content


def _rated_against(content: SectionContent) -> SectionContent:
    low = tuple(rating.model_copy(update={"value": min(rating.value, AGAINST)}) for rating in content.ratings)
    return content.model_copy(update={"ratings": low})


def _plain(section: ReportSection, language: str) -> SectionContent:
    """The least that a section takes."""
    text = UNREMARKABLE.get(language, UNREMARKABLE["en"])
    items = range(len(section.items))
    made = {
        SectionKind.TEXT: SectionContent(text=text),
        SectionKind.TABLE: SectionContent(rows=(tuple("–" for _ in section.columns),)),
        SectionKind.CHECKLIST: SectionContent(checks=tuple(CriterionCheck(item=item, met=False) for item in items)),
        SectionKind.RATINGS: SectionContent(ratings=tuple(Rating(item=item, value=7) for item in items)),
        SectionKind.SCORE: SectionContent(score=0.0),
    }
    return made[section.kind]
