"""The report that a payer may have: what is still being checked, signed or amended is nobody's to see."""

from sqlmodel import Session, col, select

from models import Case, Report
from models.status import Outcome
from secunda.errors import NotFoundError


def delivered_report(session: Session, case: Case) -> Report | None:
    """The newest version, once it was delivered."""
    if case.outcome is not Outcome.DELIVERED:
        return None
    query = select(Report).where(Report.case_id == case.id).order_by(col(Report.version).desc())
    return session.exec(query.limit(1)).first()


def report_to_give(session: Session, case: Case) -> Report:
    """The same. Raises NotFoundError before the delivery, and while an amendment is being made."""
    report = delivered_report(session, case)
    if report is None:
        raise NotFoundError("The review has no delivered report yet.", "Its stage says what it waits for.")
    return report
