"""A pathway under check: its content, and where each part of it stands in its files."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pathways.errors import Problem
from pathways.placed import PlacedMapping, Steps, locate
from pathways.schema import DocumentRequirement, Pathway, ReportSection, Role, TriageRule


@dataclass(frozen=True)
class Subject:
    path: Path
    root: PlacedMapping
    pathway: Pathway

    def problem(self, steps: Steps, what: str, remedy: str, *, at_key: bool = False) -> Problem:
        """A problem of the part at the end of `steps`, or of its key."""
        return locate(self.root, steps, at_key=at_key).problem(what, remedy)

    def conditions(self) -> Iterator[tuple[Steps, str]]:
        """Every `when` over the case's facts that is written in the file, with the steps that lead to it."""
        pathway = self.pathway
        parts: list[tuple[Steps, Sequence[DocumentRequirement | TriageRule | Role | ReportSection]]] = [
            (("documents",), pathway.documents),
            (("triage", "rules"), pathway.triage.rules),
            (("panel", "roles"), pathway.panel.roles),
            (("report", "sections"), pathway.report.sections),
        ]
        for steps, items in parts:
            for index, item in enumerate(items):
                if "when" in item.model_fields_set:
                    yield (*steps, index, "when"), item.when
        if pathway.panel.extra_reader and "when" in pathway.panel.extra_reader.model_fields_set:
            yield ("panel", "extra_reader", "when"), pathway.panel.extra_reader.when


Check = Callable[[Subject], Iterator[Problem]]
