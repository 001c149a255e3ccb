"""What people add to triage: a clinical situation, or another class."""

from models.status import Step
from pathways.triage import triage
from pathways.vocabulary import Urgency
from secunda import cases, clock, events
from secunda.actions.on_case import acting_on
from secunda.actions.reasons import owed
from secunda.errors import BadInputError
from secunda.report_clock import set_report_due
from secunda.triaging import reconsider


def set_flags(reference: str, keys: list[str], actor: str) -> None:
    """Tick clinical situations of the pathway; ticking one again changes nothing.

    A red flag closes the case with the emergency redirect at once, whatever its state; another one may make the class
    more urgent.
    """
    with acting_on(reference) as context:
        check_flags(keys, {flag.key for flag in context.pathway.flags})
        if set(keys) <= set(context.case.flags):
            return
        context.case.flags = sorted({*context.case.flags, *keys})
        events.record(context.session, context.case, "flags_set", actor, context.now, flags=keys)
        reconsider(context)
        cases.request_wake(context.session, context.case, clock.wall())


def check_flags(keys: list[str], known: set[str]) -> None:
    """Raises BadInputError for a situation that the pathway does not know."""
    unknown = sorted(set(keys) - known)
    if unknown:
        raise BadInputError(
            f"Unknown clinical situation: {', '.join(unknown)}.",
            f"This pathway knows: {', '.join(sorted(known)) or 'none'}.",
            place="flags",
        )


def override_urgency(reference: str, urgency: Urgency, actor: str, reason: str) -> None:
    """Set another class than the rules'. A reason is owed always, and kept; P0 is reached by a red flag only.

    Saying the same again changes nothing.
    """
    if urgency is Urgency.P0:
        raise BadInputError("P0 is an emergency, not a class to choose.", "Mark the red flag: `secunda case flag`.")
    with acting_on(reference) as context:
        case = context.case
        by_rules = triage(context.pathway, context.facts)
        said = {"urgency": urgency, "by_rules": by_rules.urgency, "reason": owed(reason), "by": actor}
        if case.triage.get("override") == said:
            return
        before = {"before": case.urgency, "report_due_before": case.report_due_at}
        case.urgency = urgency.value
        case.triage = {**case.triage, "override": said}
        if case.has_finished(Step.TRIAGE):  # the report's clock starts with the complete file
            set_report_due(context)
        due = {"report_due_at": case.report_due_at}
        events.record(context.session, case, "urgency_overridden", actor, context.now, **before, **due, **said)
        cases.request_wake(context.session, case, clock.wall())
