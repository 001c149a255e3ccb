"""Settling a requirement without its document."""

from sqlmodel import select

from models import Requirement
from models.status import REQUIREMENT_TRANSITIONS, RequirementStatus
from pathways.schema import Obligation
from secunda import events
from secunda.actions.on_case import acting_on
from secunda.actions.reasons import owed
from secunda.case_context import CaseContext
from secunda.checklist import update_checklist
from secunda.errors import ConflictError, NotFoundError


def waive(reference: str, key: str, actor: str, reason: str, *, agreed_by: str = "") -> None:
    """Do without a document that is not needed after all. A mandatory one cannot be waived.

    `agreed_by`: the physician who said so, where whoever notes it is none.
    """
    _settle(reference, key, RequirementStatus.WAIVED, actor, reason, agreed_by)


def limit(reference: str, key: str, actor: str, reason: str) -> None:
    """Go on without a document that cannot be obtained; the limitation is printed in the report."""
    _settle(reference, key, RequirementStatus.LIMITED, actor, reason)


def _settle(reference: str, key: str, to: RequirementStatus, actor: str, reason: str, agreed_by: str = "") -> None:
    with acting_on(reference) as context:
        update_checklist(context)
        row = _requirement(context, key)
        if row.status is to:
            return
        _check_can_settle(row, to)
        row.status, row.reason = to, owed(reason)
        row.decided_by, row.decided_at = actor, context.now
        context.session.add(row)
        said = {"key": key, "reason": row.reason, "obligation": row.obligation}
        if agreed_by:
            said["agreed_by"] = agreed_by
        events.record(context.session, context.case, f"requirement_{to}", actor, context.now, **said)


def _check_can_settle(row: Requirement, to: RequirementStatus) -> None:
    """Raises ConflictError with the reason."""
    if row.obligation == Obligation.MANDATORY:
        raise ConflictError(f"{row.key!r} is mandatory.", "It can neither be waived nor limited; attach it.")
    if to not in REQUIREMENT_TRANSITIONS[row.status]:
        raise ConflictError(f"{row.key!r} is {row.status.value} already.", "Only an open requirement can be settled.")


def _requirement(context: CaseContext, key: str) -> Requirement:
    rows = context.session.exec(select(Requirement).where(Requirement.case_id == context.case.id)).all()
    found = next((row for row in rows if row.key == key), None)
    if found is None:
        known = ", ".join(sorted(row.key for row in rows)) or "nothing"
        raise NotFoundError(f"The case asks for no document {key!r}.", f"It asks for: {known}.")
    return found
