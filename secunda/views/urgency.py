"""The urgency class of a case, with the reasons for it."""

from pathways.triage import HeldRule, triage
from pathways.vocabulary import Frozen, Urgency
from secunda.case_context import CaseContext


class Override(Frozen):
    """Another class than the rules', and why a person chose it."""

    urgency: Urgency
    by_rules: Urgency
    reason: str
    by: str


class UrgencyView(Frozen):
    """The class. `expected`: triage has not happened, this is what the facts give so far.

    `rules` are all that hold, the most urgent first; none where the pathway's default class applies.
    """

    urgency: Urgency
    fhir_priority: str
    expected: bool
    rules: tuple[HeldRule, ...]
    override: Override | None


def urgency_view(context: CaseContext) -> UrgencyView:
    """What triage decided and a person may have changed; before triage, what it would decide now."""
    decided = context.case.triage
    held = [HeldRule.model_validate(rule) for rule in decided["held"]] if "held" in decided else None
    found = None if held is not None else triage(context.pathway, context.facts)
    urgency = context.urgency if found is None or "override" in decided else found.urgency
    return UrgencyView(
        urgency=urgency,
        fhir_priority=urgency.fhir_priority,
        expected=found is not None,
        rules=found.held if found is not None else tuple(held or ()),
        override=Override.model_validate(decided["override"]) if "override" in decided else None,
    )
