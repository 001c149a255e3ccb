"""Running a pathway's own examples: what it makes of given facts, against what its author expects."""

from pathways.facts import CaseFacts
from pathways.panel import panel
from pathways.requirements import missing
from pathways.schema import Example, Pathway
from pathways.triage import triage
from pathways.vocabulary import Frozen


class Deviation(Frozen):
    """One expectation that does not hold: its field (`urgency`, `missing`, `panel`), and both values as text."""

    field: str
    expected: str
    found: str
    reason: str = ""


def facts_of(example: Example) -> CaseFacts:
    """The example's facts, what it leaves out at its default. Raises pydantic's ValidationError."""
    return CaseFacts.model_validate(example.facts)


def run(pathway: Pathway, example: Example) -> tuple[Deviation, ...]:
    """Where the pathway does otherwise than the example says; empty where the example holds.

    `missing` and `panel` are compared as sets, where the example gives them. Raises ValidationError for facts that
    are none and PathwayError for a rule that cannot be evaluated.
    """
    facts, expect = facts_of(example), example.expect
    result = triage(pathway, facts)
    held = "; ".join(rule.key for rule in result.held) or "no rule, so the default"
    deviations = []
    if result.urgency is not expect.urgency:
        deviations.append(Deviation(field="urgency", expected=expect.urgency, found=result.urgency, reason=held))
    roles = tuple(dict.fromkeys(seat.role for seat in panel(pathway, facts)))
    for field, expected, found in (
        ("missing", expect.missing, missing(pathway, facts)),
        ("panel", expect.panel, roles),
    ):
        if expected is not None and set(expected) != set(found):
            deviations.append(Deviation(field=field, expected=_listed(expected), found=_listed(found)))
    return tuple(deviations)


def run_all(pathway: Pathway) -> dict[str, tuple[Deviation, ...]]:
    """The deviations of every example by its name; an example that holds has none."""
    return {example.name: run(pathway, example) for example in pathway.examples}


def _listed(keys: tuple[str, ...]) -> str:
    return f"[{', '.join(keys)}]"
