"""A panel that can be filled, and that its rule can decide with."""

from collections.abc import Iterator

from pathways.check.subject import Subject
from pathways.errors import Problem
from pathways.placed import Steps
from pathways.schema import Role
from pathways.terminology import subspecialties
from pathways.vocabulary import AdjudicationRule
from pathways.wording import suggestion

#: The least number of seats that every case has, by rule; the others work with one.
SEATS = {AdjudicationRule.CONCUR: 2, AdjudicationRule.MAJORITY: 3, AdjudicationRule.THIRD_READER: 2}


def panels(subject: Subject) -> Iterator[Problem]:
    """Unknown subspecialties, a chair who may be absent, fewer seats than the rule needs."""
    panel = subject.pathway.panel
    for index, role in enumerate(panel.roles):
        yield from _subspecialties(subject, ("panel", "roles", index), role)
    if panel.extra_reader:
        yield from _subspecialties(subject, ("panel", "extra_reader"), panel.extra_reader)
    elif panel.adjudication is AdjudicationRule.THIRD_READER:
        what = "third_reader, but there is no `extra_reader`"
        yield subject.problem(("panel", "adjudication"), what, "add `extra_reader:` with its role")
    yield from _chair(subject)
    yield from _seats(subject)


def _subspecialties(subject: Subject, steps: Steps, role: Role) -> Iterator[Problem]:
    known = subspecialties()
    for index, key in enumerate(role.subspecialties):
        if key not in known:
            remedy = suggestion(key, known, "add it to terminology/subspecialties.yaml with its names")
            yield subject.problem((*steps, "subspecialties", index), f"no expert can be found: unknown {key!r}", remedy)


def _chair(subject: Subject) -> Iterator[Problem]:
    panel = subject.pathway.panel
    roles = {role.key: role for role in panel.roles}
    if panel.chair not in roles:
        remedy = suggestion(panel.chair, roles, f"name a role: {', '.join(roles)}")
        yield subject.problem(("panel", "chair"), f"the chair {panel.chair!r} is not on the panel", remedy)
    elif roles[panel.chair].when.strip() != "true":
        what = f"the chair {panel.chair!r} is on the panel only sometimes, and somebody must always sign"
        yield subject.problem(("panel", "chair"), what, "name a role without `when`")


def _seats(subject: Subject) -> Iterator[Problem]:
    panel = subject.pathway.panel
    seats = sum(role.seats for role in panel.roles if role.when.strip() == "true")
    if seats == 0:
        what = "every role is conditional: a case may have nobody to read it"
        yield subject.problem(("panel", "roles"), what, "make one role unconditional", at_key=True)
    elif seats < SEATS.get(panel.adjudication, 1):
        what = f"{panel.adjudication} needs {SEATS[panel.adjudication]} readers, but only {seats} is always there"
        yield subject.problem(("panel", "adjudication"), what, "add an unconditional role or seat")
