"""The urgency class of a case: the rules' or the one that a person chose with a reason, and the date that follows."""

from models.status import Outcome, Step
from pathways.triage import TriageResult, triage
from pathways.vocabulary import Urgency
from secunda import events, notices
from secunda.case_context import CaseContext, as_json
from secunda.closing import close_for_good
from secunda.report_clock import set_report_due


def redirect_emergency(context: CaseContext) -> bool:
    """Close the case with the emergency redirect when a red flag stands; returns whether one does."""
    result = triage(context.pathway, context.facts)
    if result.urgency is not Urgency.P0:
        return False
    context.case.urgency = Urgency.P0
    context.case.triage = as_json(result)
    _record(context, result)
    for recipient in (notices.PATIENT, notices.REQUESTER, notices.COORDINATOR):
        notices.tell(context, "emergency_redirect", recipient, "emergency")
    close_for_good(context, Outcome.EMERGENCY_REDIRECT, "secunda", "a red flag")
    return True


def classify(context: CaseContext) -> None:
    """Set the class by the rules, or leave the one that a person chose, and set the date that the report is due."""
    case = context.case
    result = triage(context.pathway, context.facts)
    overridden = _standing_override(context, result)
    case.urgency = Urgency(overridden["urgency"]) if overridden else result.urgency
    case.triage = as_json(result) | ({"override": overridden} if overridden else {})
    binding = set_report_due(context)
    _record(context, result, report_due_at=case.report_due_at, bound_by=binding.binding)


def reconsider(context: CaseContext) -> None:
    """After the facts have changed: an emergency is redirected, and a more urgent class takes effect at once.

    A class never becomes less urgent by itself.
    """
    if redirect_emergency(context) or not context.case.has_finished(Step.TRIAGE):
        return
    if triage(context.pathway, context.facts).urgency < Urgency(context.case.triage["urgency"]):
        classify(context)


def _standing_override(context: CaseContext, result: TriageResult) -> dict[str, str] | None:
    """What a person chose, unless the rules have become more urgent than what was known then, and than the choice."""
    said: dict[str, str] | None = context.case.triage.get("override")
    if said is None or result.urgency >= Urgency(said["by_rules"]) or result.urgency >= Urgency(said["urgency"]):
        return said
    return None


def _record(context: CaseContext, result: TriageResult, **more: object) -> None:
    events.record(
        context.session,
        context.case,
        "triaged",
        "secunda",
        context.now,
        urgency=context.case.urgency,
        rules=[rule.key for rule in result.held],
        **more,
    )
