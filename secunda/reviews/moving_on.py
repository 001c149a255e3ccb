"""A review has come to another stage: its row says so, and the payer's systems are told."""

from datetime import datetime

from sqlmodel import Session, select

from models import Case, Review
from secunda.webhooks.queueing import STAGE_CHANGED, queue


def stage_changed(session: Session, case: Case, at: datetime) -> None:
    """Call it after the event was recorded; `at`: pathway time. Nothing happens for a case that is no review."""
    if not case.payer:
        return
    review = session.exec(select(Review).where(Review.case_id == case.id)).first()
    if review is None:
        return
    review.version += 1
    review.updated_at = at
    session.add(review)
    queue(session, case, STAGE_CHANGED, at)
