"""A patient asks for their rights, and is answered: access to the data (GDPR art. 15) or their erasure (art. 17).

Each is an event and a row with its clock; a case that is closed takes both. The answer is the coordinator's: what was
granted is done outside of here, and a refusal tells the patient why and where to complain (art. 12(4)).
"""

from models import Event, RightsRequest
from models.rights_request import Right, RightAnswer
from secunda import cases, clock, events, notices
from secunda.actions.reasons import owed
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.errors import BadInputError, ConflictError, NotFoundError
from secunda.rights import MONTHS, MONTHS_MORE, months_after, requests_of

MOST = 1000  # characters of a reason, as many as its column holds


def request_right(reference: str, right: Right, actor: str) -> None:
    """Note that the patient asks for it; while a request waits for its answer, asking again adds nothing."""
    with transaction() as session:
        context = CaseContext(session, cases.lock_by_reference(session, reference), clock.now())
        before = requests_of(session, context.case).get(right)
        if before is not None and before.answered_at is None:
            return
        due_at = months_after(context.now, MONTHS)
        session.add(RightsRequest(case_id=context.case.id, right=right, asked_at=context.now, due_at=due_at))
        asked = events.record(
            session, context.case, "right_requested", actor, context.now, right=right.value, due_at=due_at
        )
        occasion = f"{right.value}:{asked.sequence}"
        notices.tell(context, "person_asks", notices.COORDINATOR, occasion, request=right.value)


def answer_right(reference: str, right: Right, answer: RightAnswer, actor: str, reason: str = "") -> None:
    """Note what the patient is answered, and tell them that it is on their page. The same answer again is the same.

    Raises NotFoundError where it was not asked for, BadInputError for a refusal without a reason or a reason of over
    a thousand characters, ConflictError where something else was answered before.
    """
    said = _whole(reason if answer is RightAnswer.GRANTED else owed(reason))
    with transaction() as session:
        context = CaseContext(session, cases.lock_by_reference(session, reference), clock.now())
        row = _request(context, right)
        if row.answered_at is not None:
            if (row.answer, row.reason) == (answer, said):
                return
            raise ConflictError("This request was answered already.", "The patient can ask again.")
        row.answered_at, row.answer, row.reason = context.now, answer, said
        what = {"right": right.value, "answer": answer.value, "reason": said}
        noted = events.record(session, context.case, "right_answered", actor, context.now, **what)
        _tell_patient(context, row, noted)


def extend_right(reference: str, right: Right, actor: str, reason: str) -> None:
    """Take two months more, once, and tell the patient why within the first (GDPR art. 12(3)).

    Raises NotFoundError where it was not asked for, BadInputError without a reason or for too long a one,
    ConflictError where it is answered, extended or overdue already.
    """
    said = _whole(owed(reason))
    with transaction() as session:
        context = CaseContext(session, cases.lock_by_reference(session, reference), clock.now())
        row = _request(context, right)
        if row.answered_at is not None:
            raise ConflictError("This request was answered already.", "The patient can ask again.")
        if row.extension:
            raise ConflictError("There is more time already; the law gives it once.", "Answer the request.")
        if context.now > row.due_at:
            raise ConflictError("The first month is over; more time is taken before its end.", "Answer the request.")
        row.due_at, row.extension = months_after(row.asked_at, MONTHS + MONTHS_MORE), said
        what = {"right": right.value, "due_at": row.due_at, "reason": said}
        noted = events.record(session, context.case, "right_extended", actor, context.now, **what)
        _tell_patient(context, row, noted)


def _whole(reason: str) -> str:
    """What the patient reads, never cut. A form sends two characters for the one that a line ends with."""
    said = reason.replace("\r\n", "\n").strip()
    if len(said) > MOST:
        raise BadInputError("The reason is longer than 1,000 characters.", "Say it in fewer words.")
    return said


def _request(context: CaseContext, right: Right) -> RightsRequest:
    found = requests_of(context.session, context.case).get(right)
    if found is None:
        raise NotFoundError("The patient has not asked for this.")
    return found


def _tell_patient(context: CaseContext, row: RightsRequest, noted: Event) -> None:
    occasion = f"{row.right.value}:{noted.sequence}"
    notices.tell(context, "rights_reply", notices.PATIENT, occasion, request=row.right.value)
