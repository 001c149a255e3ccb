"""The checklist of a case: what its pathway asks for now, met by what was received."""

from models import Document, Requirement
from models.status import RequirementStatus, Step
from pathways.requirements import match, requirements
from pathways.schema import DocumentRequirement, Obligation
from secunda import cases, clock, events
from secunda.case_context import CaseContext
from secunda.consents import CONSENT_FORM

SETTLED = {RequirementStatus.RECEIVED, RequirementStatus.WAIVED, RequirementStatus.LIMITED}


def update_checklist(context: CaseContext) -> dict[str, DocumentRequirement]:
    """Bring the rows in line with the facts: a condition that holds now adds one, a fitting document meets one.

    Returns what is asked for, by key. A requirement whose condition no longer holds is left as it is when it was
    settled, and removed when it was only asked for.
    """
    asked = {requirement.key: requirement for requirement in requirements(context.pathway, context.facts)}
    rows = {row.key: row for row in context.requirements}
    for key in rows.keys() - asked.keys():
        if rows[key].status is RequirementStatus.PENDING:
            context.session.delete(rows[key])
            context.requirements[:] = [row for row in context.requirements if row.key != key]
            events.record(context.session, context.case, "requirement_dropped", "secunda", context.now, key=key)
    for key, requirement in asked.items():
        row = rows.get(key) or _add(context, requirement)
        if row.status is not RequirementStatus.RECEIVED:  # also one that was given up, when its paper comes after all
            _meet(context, row, requirement)
    context.session.flush()
    return asked


def take_over_obligations(context: CaseContext, asked: dict[str, DocumentRequirement]) -> None:
    """How much each requirement is owed, as the pathway that the case is pinned to says now."""
    for row in context.requirements:
        if row.key in asked:
            row.obligation = asked[row.key].obligation.value
            context.session.add(row)


def take_up_papers(context: CaseContext) -> None:
    """After a paper has come: what it meets, and whether something else must be asked for because of it."""
    if not context.case.has_finished(Step.CONSENT):
        return
    known = {row.key for row in context.requirements}
    asked = update_checklist(context)
    if any(holds_up(requirement) for key, requirement in asked.items() if key not in known):
        cases.request_wake(context.session, context.case, clock.wall())


def open_requirements(context: CaseContext) -> list[Requirement]:
    """The requirements that nobody has settled."""
    return [row for row in context.requirements if row.status not in SETTLED]


def holds_up(requirement: Requirement | DocumentRequirement) -> bool:
    """Whether the case waits for it; a recommended document is asked for but never waited for."""
    return requirement.obligation != Obligation.RECOMMENDED


def _add(context: CaseContext, requirement: DocumentRequirement) -> Requirement:
    row = Requirement(case_id=context.case.id, key=requirement.key, obligation=requirement.obligation.value)
    context.session.add(row)
    context.requirements.append(row)
    context.requirements.sort(key=lambda one: one.key)
    events.record(context.session, context.case, "requirement_added", "secunda", context.now, key=requirement.key)
    return row


def _meet(context: CaseContext, row: Requirement, requirement: DocumentRequirement) -> None:
    if CONSENT_FORM in requirement.loinc and context.has_consent():  # mandatory: never given up
        _settle_by_consent(context, row)
        return
    found = match(requirement, context.received(), context.now.date()).document
    if found is None:
        return
    document = next(document for document in context.documents if str(document.id) == found.id)
    meet_with(context, row, document, "secunda")


def _settle_by_consent(context: CaseContext, row: Requirement) -> None:
    """What the patient said by link or at the desk needs no form beside it."""
    row.status, row.decided_by, row.decided_at = RequirementStatus.RECEIVED, "patient", context.now
    context.session.add(row)
    events.record(context.session, context.case, "requirement_met", "patient", context.now, key=row.key)


def meet_with(context: CaseContext, row: Requirement, document: Document, actor: str) -> None:
    """Settle a requirement with a document."""
    row.status, row.reason = RequirementStatus.RECEIVED, ""
    row.document_id = document.id
    row.decided_by, row.decided_at = actor, context.now
    context.session.add(row)
    events.record(
        context.session, context.case, "requirement_met", actor, context.now, key=row.key, document=document.number
    )
