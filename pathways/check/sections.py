"""Report sections that have what their kind needs, and nothing that it does not."""

from collections.abc import Iterator
from itertools import pairwise

from pathways.check.subject import Subject
from pathways.errors import Problem
from pathways.placed import Steps
from pathways.schema import ReportSection, SectionKind

#: Which list each kind is written from.
NEEDS = {
    SectionKind.TABLE: "columns",
    SectionKind.CHECKLIST: "items",
    SectionKind.RATINGS: "items",
    SectionKind.SCORE: "bands",
}


def sections(subject: Subject) -> Iterator[Problem]:
    """Tables without columns, checklists and ratings without items, scores without bands or with bands out of order."""
    for index, section in enumerate(subject.pathway.report.sections):
        steps: Steps = ("report", "sections", index)
        need = NEEDS.get(section.kind)
        if need and not getattr(section, need):
            yield subject.problem((*steps, "kind"), f"{section.kind} without {need}", f"add `{need}: […]`")
        for other in sorted(set(NEEDS.values()) - {need}):
            if getattr(section, other):
                what = f"a section of kind {section.kind} has no {other}"
                yield subject.problem((*steps, other), what, "remove them, or change its `kind`", at_key=True)
        yield from _bands(subject, steps, section)


def _bands(subject: Subject, steps: Steps, section: ReportSection) -> Iterator[Problem]:
    for index, (lower, upper) in enumerate(pairwise(section.bands), start=1):
        if upper.up_to <= lower.up_to:
            what = f"a band up to {upper.up_to:g} after one up to {lower.up_to:g}"
            yield subject.problem((*steps, "bands", index, "up_to"), what, "put the bands in order, lowest first")
