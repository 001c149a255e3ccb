"""The frame that every action on a case shares."""

from collections.abc import Iterator
from contextlib import contextmanager

from secunda import cases, clock
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.progress import wake_if_it_can_move
from secunda.reviews.determining import keep_clock


@contextmanager
def acting_on(reference: str) -> Iterator[CaseContext]:
    """The open case, locked, in one transaction; when the block ends, its run is woken if it can move now.

    Raises NotFoundError, and ConflictError when the case is closed.
    """
    with transaction() as session:
        case = cases.lock_by_reference(session, reference)
        cases.check_is_open(case)
        context = CaseContext(session, case, clock.now())
        yield context
        context.session.flush()
        keep_clock(CaseContext(session, case, context.now))  # afresh: what stopped or started meanwhile counts
        wake_if_it_can_move(context)
