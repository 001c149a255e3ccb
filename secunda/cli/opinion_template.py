"""An opinion as a YAML file to fill in: what is owed stands there empty, with what the expert must know beside it."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import LiteralScalarString

from pathways.opinion import Confidence, Stance
from pathways.schema import ReportSection, SectionKind
from pathways.signing import OWED
from pathways.vocabulary import Concordance
from secunda.cli.showing import counted
from secunda.views.opinion_form import OpinionForm

WIDTH = 116
CONCORDANCE = f"One of {', '.join(Concordance)}."

#: What stands beside a field.
HINTS = {
    "history": "The complaints and history, as the file tells them.",
    "diagnosis_concordance": CONCORDANCE,
    "treatment": "The opinion on the proposed treatment or procedure.",
    "treatment_concordance": CONCORDANCE,
    "stance": f"The proposed treatment is: one of {', '.join(Stance)}.",
    "clinical_impact": "What changes for the patient.",
    "confidence": f"One of {', '.join(Confidence)}.",
    "limits": "What a review without the patient cannot tell, and what was missing.",
    "plain_summary": "For the patient, in plain language.",
    "independence_declared": "true: nothing binds me to whoever asked, paid or treated.",
}
FINDING = {"text": "", "document": None, "page": None}
RECOMMENDATION = {"text": "", "reason": "", "citations": [], "evidence_level": ""}
EMPTY_SECTION: dict[SectionKind, dict[str, Any]] = {
    SectionKind.TEXT: {"text": ""},
    SectionKind.TABLE: {"rows": []},
    SectionKind.CHECKLIST: {"checks": []},
    SectionKind.RATINGS: {"ratings": []},
    SectionKind.SCORE: {"score": None},
}
HOW_TO_FILL: dict[SectionKind, str] = {
    SectionKind.TEXT: "Prose.",
    SectionKind.TABLE: "Rows of texts, one for each column:",
    SectionKind.CHECKLIST: "Checks like {item: 0, met: true, note: ''}:",
    SectionKind.RATINGS: "Rate every item from 1 (inappropriate) to 9, like {item: 0, value: 7}:",
    SectionKind.SCORE: "One number:",
}


def template(form: OpinionForm) -> str:
    """The file's text. What was saved before stands in it; `secunda opinion submit` reads it back."""
    content = _content(form)
    root = CommentedMap(_literal(content))
    root.yaml_set_start_comment("\n".join(_head(form)) + "\n")
    for field, hint in _hints(form).items():
        if field in root:
            root.yaml_set_comment_before_after_key(field, before=f"\n{hint}")
    for section in form.sections_owed:
        if "sections" in root and section.key in root["sections"]:
            told = "\n".join(_section(section))
            root["sections"].yaml_set_comment_before_after_key(section.key, before=told, indent=2)
    yaml = YAML()
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    yaml.dump(root, stream)
    return stream.getvalue()


def _content(form: OpinionForm) -> dict[str, Any]:
    """What was saved, and an empty place for everything that is owed and not there."""
    content = form.content.model_dump(mode="json", exclude_defaults=True)
    content.setdefault("language", form.content.language.value)
    for field, owed_early, _ in OWED:
        if owed_early or not form.blind:
            content.setdefault(field, [FINDING] if field == "findings" else form.content.model_dump(mode="json")[field])
    if not form.blind:
        answered = {answer["question"] for answer in content.get("answers", [])}
        missing = [{"question": one.number, "text": ""} for one in form.questions if one.number not in answered]
        content["answers"] = sorted([*content.get("answers", []), *missing], key=lambda answer: answer["question"])
        content.setdefault("recommendations", [RECOMMENDATION])
        written = content.get("sections", {})
        owed = {one.key: written.get(one.key, EMPTY_SECTION[one.kind]) for one in form.sections_owed}
        content["sections"] = owed | written
    return content


def _literal(value: Any) -> Any:
    """Prose of several lines as YAML writes it best; mappings that take comments."""
    if isinstance(value, dict):
        return CommentedMap({key: _literal(inner) for key, inner in value.items()})
    if isinstance(value, list):
        return CommentedSeq([_literal(inner) for inner in value])
    return LiteralScalarString(value) if isinstance(value, str) and "\n" in value else value


def _head(form: OpinionForm) -> Iterator[str]:
    yield f"Opinion of {form.role.title.en} on case {form.case}. The report is printed in {form.report_language}."
    yield f"Save it with: secunda opinion submit {form.case}/{form.role.key} FILE"
    if form.blind:
        yield "You read blind: the first opinion is shown once this is locked, and you complete the rest then."
        yield "You will be asked:"
        yield from _questions(form)


def _hints(form: OpinionForm) -> dict[str, str]:
    documents = [
        f"  {one.number}: {' '.join(one.title.split()) or (one.kind.en if one.kind else 'untitled')}"
        + (f", {one.documented_on}" if one.documented_on else "")
        + (f", {counted(one.pages, 'page')}" if one.pages else "")
        for one in form.documents
    ]
    guidelines = [f"  {one.key}: {one.name}; levels {', '.join(one.levels)}" for one in form.guidelines]
    possible = [f"  {one.key}: {one.title.en}" for one in form.sections_possible]
    return HINTS | {
        "findings": "\n".join(["Each with the number of the document it was seen in:", *documents]),
        "answers": "\n".join(["The questions:", *_questions(form)]),
        "recommendations": "\n".join(
            ["Each cites, like {guideline: …, reference: chapter 3}, and has a level of evidence:", *guidelines]
        ),
        "sections": "\n".join(
            ["Sections that you owe.", *(["Others that may be added:", *possible] if possible else [])]
        ),
    }


def _questions(form: OpinionForm) -> list[str]:
    return [f"  {one.number} ({one.asked_by}): {' '.join(one.text.split())}" for one in form.questions]


def _section(section: ReportSection) -> Iterator[str]:
    yield f"{section.title.en}. {HOW_TO_FILL[section.kind]}"
    if section.columns:
        yield f"  columns: {' | '.join(column.en for column in section.columns)}"
    yield from (f"  {number}: {item.en}" for number, item in enumerate(section.items))
    yield from (f"  up to {band.up_to:g}: {band.title.en}" for band in section.bands)
