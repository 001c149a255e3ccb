"""A panel that can be filled, and that its rule can decide with."""

from collections.abc import Iterator

from pydantic import ValidationError

from pathways.check.samples import sampled
from pathways.check.subject import Subject
from pathways.errors import PathwayError, Problem
from pathways.examples import facts_of
from pathways.facts import CaseFacts
from pathways.panel import panel
from pathways.placed import Steps
from pathways.schema import CodeRange, Example, Pathway, Role
from pathways.terminology import subspecialties
from pathways.vocabulary import AdjudicationRule, CodeSystem
from pathways.wording import suggestion

#: The least number of seats that a rule decides with; the others work with one.
SEATS = {AdjudicationRule.CONCUR: 2, AdjudicationRule.MAJORITY: 3, AdjudicationRule.THIRD_READER: 2}
RANGED = (CodeSystem.ICD_10, CodeSystem.CPT)


def panels(subject: Subject) -> Iterator[Problem]:
    """Unknown subspecialties, a chair who may be absent, fewer seats than the rule needs."""
    defined = subject.pathway.panel
    for index, role in enumerate(defined.roles):
        yield from _subspecialties(subject, ("panel", "roles", index), role)
    if defined.extra_reader:
        yield from _subspecialties(subject, ("panel", "extra_reader"), defined.extra_reader)
    elif defined.adjudication is AdjudicationRule.THIRD_READER:
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
    chair, roles = subject.pathway.panel.chair, [role.key for role in subject.pathway.panel.roles]
    if chair not in roles:
        remedy = suggestion(chair, roles, f"name a role: {', '.join(roles)}")
        yield subject.problem(("panel", "chair"), f"the chair {chair!r} is not on the panel", remedy)


def _seats(subject: Subject) -> Iterator[Problem]:
    """Each report has a witness: facts of a case that may enter the pathway."""
    pathway = subject.pathway
    least, rule = SEATS.get(pathway.panel.adjudication, 1), pathway.panel.adjudication
    try:
        panels = [(facts, panel(pathway, facts)) for facts in _eligible_facts(pathway)]
    except PathwayError:
        return  # the check of expressions names the role
    facts, fewest = min(panels, key=lambda one: len(one[1]))
    if len(fewest) < least:
        what = f"{rule} needs {least} or more readers, but there are {len(fewest)} {_told(facts)}"
        yield subject.problem(("panel", "adjudication"), what, "add a role, or widen the condition of one")
    chairless = next((facts for facts, seats in panels if pathway.panel.chair not in {s.role for s in seats}), None)
    if chairless and pathway.panel.chair in {role.key for role in pathway.panel.roles}:
        what = f"the chair {pathway.panel.chair!r} is absent {_told(chairless)}, and somebody must sign"
        yield subject.problem(("panel", "chair"), what, "name a role that is always there")


def _eligible_facts(pathway: Pathway) -> Iterator[CaseFacts]:
    """Cases that may enter: every code of the eligibility alone, and with more; the examples."""
    conditions = " || ".join(role.when for role in pathway.panel.roles)
    ages = pathway.eligibility.ages
    more = [facts.model_copy(update={"age": min(max(facts.age, ages.from_), ages.to)}) for facts in sampled(conditions)]
    for number, code in enumerate(pathway.eligibility.codes):
        only = {"age": ages.from_, **_with_code(code, ())}
        yield CaseFacts.model_validate(only)
        facts = more[number % len(more)]
        yield facts.model_copy(update=_with_code(code, facts.conditions))
    yield from (facts_of(example) for example in pathway.examples if _is_valid(example))


def _with_code(code: CodeRange, others: tuple[str, ...]) -> dict[str, object]:
    first = code.code.split("-")[0].strip() if code.system in RANGED else code.code
    if code.system in (CodeSystem.CPT, CodeSystem.OPS):
        return {"planned_procedure": first}
    return {"conditions": (first, *others)}


def _told(facts: CaseFacts) -> str:
    entry = facts.planned_procedure or (facts.conditions[0] if facts.conditions else "")
    return f"for a case with {entry or 'no code'}, aged {facts.age}"


def _is_valid(example: Example) -> bool:
    try:
        return bool(facts_of(example))
    except ValidationError:
        return False
