"""Triage: the urgency class, from the pathway's rules, and the date that the report is due."""

from datetime import datetime

from sqlmodel import Session

from models import Case
from models.status import CaseStatus, Step
from pathways.triage import triage as triage_by_rules
from pathways.vocabulary import Urgency
from secunda import cases, events
from secunda.case_context import CaseContext, as_json
from secunda.report_clock import report_due
from tasks.execution import Execution


async def triage(execution: Execution) -> None:
    """Classify the complete file and start the report's clock."""
    if not execution.has_finished(Step.TRIAGE):
        await execution.write(_triage)


def _triage(session: Session, case: Case, now: datetime) -> None:
    context = CaseContext(session, case, now)
    result = triage_by_rules(context.pathway, context.facts)
    overridden = case.triage.get("override")
    case.urgency = Urgency(overridden["urgency"] if overridden else result.urgency)
    case.triage = as_json(result) | ({"override": overridden} if overridden else {})
    binding = report_due(context)
    case.report_due_at = binding.due_at
    case.triage["clock"] = as_json(binding)
    events.record(
        session,
        case,
        "triaged",
        "secunda",
        now,
        urgency=case.urgency,
        rules=[rule.key for rule in result.held],
        report_due_at=case.report_due_at,
        bound_by=binding.binding,
    )
    cases.move(session, case, CaseStatus.ASSIGNING, "secunda", now)
    cases.finish_step(session, case, Step.TRIAGE, now)
