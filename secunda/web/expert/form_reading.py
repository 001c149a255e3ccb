"""From the form's fields to the opinion. What is empty is left out; what is half-written is kept, and named as a gap.

A field's name is its place in the opinion (JSON pointer) with hyphens: `findings-0-page` is `/findings/0/page`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pathways.schema import ReportSection, SectionKind
from secunda.views.opinion_form import OpinionForm

PROSE: Final = ("history", "diagnosis", "treatment", "clinical_impact", "limits", "red_flags", "plain_summary")
COMPARED: Final = ("diagnosis_concordance", "treatment_concordance")  # not asked while the first opinion is hidden
CHOICES: Final = (*COMPARED, "stance", "confidence")
Fields = Mapping[str, str]


def content_of(fields: Fields, form: OpinionForm) -> dict[str, Any]:
    """The opinion as `pathways.opinion.OpinionContent` takes it."""
    shown = {section.key: section for section in (*form.sections_owed, *form.sections_possible)}
    sections = {key: _section(fields, section) for key, section in shown.items()}
    kept = {key: section.model_dump() for key, section in form.content.sections.items() if key not in shown}
    unseen = {name: getattr(form.content, name) for name in COMPARED} if form.blind else {}
    return {
        **{name: _text(fields, name) for name in (*PROSE, "translator")},
        **unseen,
        **{name: fields[name] for name in CHOICES if fields.get(name)},
        "language": fields.get("language") or form.report_language,
        "independence_declared": fields.get("independence_declared") == "yes",
        "alternatives": [line.strip() for line in _text(fields, "alternatives").splitlines() if line.strip()],
        "answers": [
            {"question": asked.number, "text": text}
            for asked in form.questions
            if (text := _text(fields, f"answers-{asked.number}"))
        ],
        "findings": [one for index in rows_of(fields, "findings") if (one := _finding(fields, f"findings-{index}"))],
        "recommendations": [
            one
            for index in rows_of(fields, "recommendations")
            if (one := _recommendation(fields, f"recommendations-{index}"))
        ],
        "sections": kept | {key: content for key, content in sections.items() if content},
    }


def rows_of(fields: Fields, prefix: str) -> list[int]:
    """The row numbers that there are fields for."""
    pattern = re.compile(rf"{re.escape(prefix)}-(\d{{1,3}})(?:-|$)")
    return sorted({int(found[1]) for name in fields if (found := pattern.match(name))})


def _text(fields: Fields, name: str) -> str:
    return fields.get(name, "").replace("\r\n", "\n").strip()


def _number(fields: Fields, name: str) -> int | None:
    written = _text(fields, name)
    return int(written) if written.isdigit() and 0 < int(written) < 100_000 else None


def _finding(fields: Fields, at: str) -> dict[str, Any]:
    found = {
        "text": _text(fields, f"{at}-text"),
        "document": _number(fields, f"{at}-document"),
        "page": _number(fields, f"{at}-page"),
    }
    return found if any(found.values()) else {}


def _recommendation(fields: Fields, at: str) -> dict[str, Any]:
    cited = [
        {name: _text(fields, f"{at}-citations-{index}-{name}") for name in ("guideline", "reference")}
        for index in rows_of(fields, f"{at}-citations")
    ]
    found = {
        "text": _text(fields, f"{at}-text"),
        "reason": _text(fields, f"{at}-reason"),
        "evidence_level": _text(fields, f"{at}-evidence_level"),
        "citations": [one for one in cited if any(one.values())],
    }
    return found if any(found.values()) else {}


def _section(fields: Fields, section: ReportSection) -> dict[str, Any]:
    at = f"sections-{section.key}"
    found: dict[str, Any] = {"text": _text(fields, f"{at}-text")}
    if section.kind is SectionKind.TABLE:
        rows = [_row(fields, f"{at}-rows-{index}", len(section.columns)) for index in rows_of(fields, f"{at}-rows")]
        found["rows"] = [row for row in rows if any(row)]
    elif section.kind is SectionKind.CHECKLIST:
        found["checks"] = [one for item in range(len(section.items)) if (one := _check(fields, at, item))]
    elif section.kind is SectionKind.RATINGS:
        rated = [(item, _number(fields, f"{at}-ratings-{item}")) for item in range(len(section.items))]
        found["ratings"] = [{"item": item, "value": value} for item, value in rated if value and value <= MOST]
    elif section.kind is SectionKind.SCORE:
        score = _score(_text(fields, f"{at}-score"))
        return found | {"score": score} if score is not None or found["text"] else {}
    return found if any(found.values()) else {}


MOST: Final = 9  # of a RAND rating


def _row(fields: Fields, at: str, columns: int) -> Sequence[str]:
    return [_text(fields, f"{at}-{column}") for column in range(columns)]


def _check(fields: Fields, at: str, item: int) -> dict[str, Any]:
    chosen, note = fields.get(f"{at}-checks-{item}", ""), _text(fields, f"{at}-checks-{item}-note")
    return {"item": item, "met": chosen == "met", "note": note} if chosen in ("met", "unmet") else {}


def _score(written: str) -> float | None:
    try:
        return float(written.replace(",", "."))
    except ValueError:
        return None
