"""Conditions that can hold, and triage rules that can make a difference. Reported only where it is proven."""

from collections.abc import Iterator

from pathways import rules
from pathways.check.abstraction import Abstraction, Names, abstract, cases
from pathways.check.subject import Subject
from pathways.check.tokens import tokens
from pathways.errors import PathwayError, Problem
from pathways.placed import Steps
from pathways.schema import TriageRule
from pathways.triage import UNIVERSAL_RULES


def reachability(subject: Subject) -> Iterator[Problem]:
    """A `when` that never holds; a triage rule that says what another one says, or never decides."""
    never = set()
    for steps, expression in subject.conditions():
        if is_never(expression):
            never.add(steps)
            yield subject.problem(steps, f"never holds: {expression.strip()}", "mend the condition or remove this part")
    own = subject.pathway.triage.rules
    for index, rule in enumerate(own):
        steps = ("triage", "rules", index, "when")
        if steps not in never:
            yield from _shadowed(subject, steps, rule, [*own[:index], *UNIVERSAL_RULES], own[index + 1 :])


def is_never(expression: str) -> bool:
    """Whether it is proven that the expression never holds."""
    names = Names()
    return _all_cases(f"!({expression})", [abstract(expression, names)], names)


def implies(expression: str, other: str) -> bool:
    """Whether it is proven that `other` holds wherever `expression` does."""
    if _plain(expression) == _plain(other):
        return True
    names = Names()
    return _all_cases(f"!({expression}) || ({other})", [abstract(expression, names), abstract(other, names)], names)


def _all_cases(claim: str, parts: list[Abstraction | None], names: Names) -> bool:
    """Whether the claim holds in every case that its parts tell apart."""
    whole = abstract(claim, names)
    tried = cases(part for part in parts if part)
    if whole is None or tried is None or None in parts:
        return False
    try:
        return all(rules.holds(whole.expression, case) for case in tried)
    except PathwayError:
        return False  # the check of expressions says what is wrong


def _shadowed(
    subject: Subject, steps: Steps, rule: TriageRule, earlier: list[TriageRule], later: tuple[TriageRule, ...]
) -> Iterator[Problem]:
    for other in [*earlier, *later]:
        if other.urgency < rule.urgency and implies(rule.when, other.when):
            what = f"never decides: wherever {rule.key!r} holds, {other.key!r} asks for {other.urgency}"
            yield subject.problem(steps, what, f"narrow {other.key!r}, or remove this rule")
            return
    for other in earlier:
        if other.urgency is rule.urgency and implies(rule.when, other.when) and implies(other.when, rule.when):
            yield subject.problem(steps, f"says what {other.key!r} says", "remove one of the two")
            return


def _plain(expression: str) -> list[str]:
    return [word.text for word in tokens(expression)]
