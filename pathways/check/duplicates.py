"""Keys that name one thing."""

from collections.abc import Iterator, Sequence

from pathways.check.subject import Subject
from pathways.errors import Problem
from pathways.placed import Steps, locate


def duplicates(subject: Subject) -> Iterator[Problem]:
    """Two documents, flags, rules, roles, sections, guidelines or examples of one name."""
    pathway = subject.pathway
    extra = pathway.panel.extra_reader
    yield from _twice(subject, ("documents",), "key", [one.key for one in pathway.documents])
    yield from _twice(subject, ("flags",), "key", [one.key for one in pathway.flags])
    yield from _twice(subject, ("triage", "rules"), "key", [one.key for one in pathway.triage.rules])
    yield from _twice(subject, ("panel", "roles"), "key", [one.key for one in pathway.panel.roles])
    yield from _twice(subject, ("report", "sections"), "key", [one.key for one in pathway.report.sections])
    yield from _twice(subject, ("report", "guidelines"), "key", [one.key for one in pathway.report.guidelines])
    yield from _twice(subject, ("examples",), "name", [one.name for one in pathway.examples])
    if extra and extra.key in {role.key for role in pathway.panel.roles}:
        what = f"the role {extra.key!r} is on the panel already"
        yield subject.problem(("panel", "extra_reader", "key"), what, "give the extra reader a key of its own")


def _twice(subject: Subject, steps: Steps, field: str, names: Sequence[str]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for index, name in enumerate(names):
        if name in first:
            line = locate(subject.root, (*steps, first[name], field)).line
            what = f"{name!r} was given on line {line} already"
            yield subject.problem((*steps, index, field), what, "rename or remove one")
        first.setdefault(name, index)
