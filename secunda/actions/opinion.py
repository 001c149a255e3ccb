"""Writing an opinion: every save is kept, and a locked version never changes."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import col, select

from models import Assignment, Opinion, Question
from models.status import OPINION_TRANSITIONS, AssignmentStatus, OpinionStatus
from pathways.gaps import Gap
from pathways.opinion import OpinionContent
from pathways.signing import gaps
from pathways.vocabulary import Language
from secunda import events, notices
from secunda.actions.assignment import offered, reference_of
from secunda.actions.on_case import acting_on
from secunda.case_context import CaseContext, as_json
from secunda.errors import BadInputError, ConflictError
from secunda.events import digest
from secunda.panel import change, expert_of, panel_of
from secunda.readable import is_blind, readable_documents

WRITABLE = (AssignmentStatus.ACCEPTED, AssignmentStatus.IN_PROGRESS)


@dataclass(frozen=True)
class Locked:
    """What a lock did: `provisional` before the first opinion is shown, else `final`."""

    status: OpinionStatus
    content_sha256: str


@dataclass(frozen=True)
class Basis:
    """What a save rests on: the digest of what its page showed (empty: nothing was saved), and which page it is."""

    digest: str
    page: str


class OvertakenError(ConflictError):
    """Another page saved something else meanwhile, which must not be overwritten unseen."""

    code = "opinion_overtaken"


class OpinionIncompleteError(BadInputError):
    """What still blocks signing, each gap with its place."""

    code = "opinion_incomplete"

    def __init__(self, found: tuple[Gap, ...]) -> None:
        said = "\n".join(f"  {gap.place}: {gap.message.en}" for gap in found)
        super().__init__(f"The opinion cannot be signed yet:\n{said}", "Complete these places and lock it again.")
        self.gaps = found


def read_content(content: dict[str, Any]) -> OpinionContent:
    """The opinion in its structure; raises BadInputError that names the first wrong place (JSON pointer)."""
    try:
        return OpinionContent.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = "/" + "/".join(str(part) for part in first["loc"])
        raise BadInputError(
            f"{first['msg']}.", "`secunda opinion template` writes an empty one.", place=place
        ) from None


def submit(assignment_id: UUID, content: OpinionContent, actor: str, basis: Basis | None = None) -> int:
    """Save a draft; returns its version. Saving the same again changes nothing.

    Raises ConflictError for an expert who is not on the panel (any more), and OvertakenError where `basis` is not what
    was saved last, unless the same page saved that too.
    """
    with acting_on(reference_of(assignment_id)) as context:
        assignment = offered(context, assignment_id)
        if assignment.status not in WRITABLE:
            raise ConflictError(
                f"The assignment is {assignment.status.value}; nothing can be written now.",
                "Accept the offer first; a signed opinion is changed by the coordinator's request only.",
            )
        if assignment.status is AssignmentStatus.ACCEPTED:
            change(assignment, AssignmentStatus.IN_PROGRESS)
            context.session.add(assignment)
        return _save(context, assignment, content, actor, basis)


def _save(
    context: CaseContext, assignment: Assignment, content: OpinionContent, actor: str, basis: Basis | None
) -> int:
    last = _newest(context, assignment)
    written = as_json(content)
    if last is not None and last.content == written and last.status is OpinionStatus.DRAFT:
        return last.version  # the same again, by a second click or a command that was repeated
    if basis is not None:
        _check_is_newest(last, basis)
    if last is not None and last.status is OpinionStatus.DRAFT:
        last.content, last.written_at = written, context.now
        opinion = last
    else:
        version = last.version + 1 if last else 1
        opinion = Opinion(
            case_id=context.case.id,
            assignment_id=assignment.id,
            version=version,
            content=written,
            written_at=context.now,
        )
    opinion.edited_in = basis.page if basis else ""
    context.session.add(opinion)
    events.record(
        context.session,
        context.case,
        "opinion_saved",
        actor,
        context.now,
        role=assignment.role,
        seat=assignment.seat,
        version=opinion.version,
        content_sha256=digest(written),
    )
    return opinion.version


def _check_is_newest(last: Opinion | None, basis: Basis) -> None:
    """An answer that got lost leaves its page with an old digest; what that page saved itself it may save over."""
    known = digest(last.content) if last else ""
    if known != basis.digest and (last is None or not last.edited_in or last.edited_in != basis.page):
        raise OvertakenError("The opinion was changed in another window meanwhile.", "Look at that version first.")


def draft_from(context: CaseContext, assignment: Assignment) -> Opinion:
    """A new draft that says what was signed last, to be corrected."""
    signed = _newest(context, assignment)
    if signed is None:
        raise ConflictError("There is no opinion to correct.")
    draft = Opinion(
        case_id=context.case.id,
        assignment_id=assignment.id,
        version=signed.version + 1,
        content=signed.content,
        written_at=context.now,
    )
    context.session.add(draft)
    context.session.flush()
    return draft


def lock(assignment_id: UUID, actor: str, seen: str = "") -> Locked:
    """Sign the draft. A blind reader's first lock is provisional: the first opinion is shown then, and both are kept.

    `seen`: digest of what the signer was shown. Raises OpinionIncompleteError naming what blocks, ConflictError when
    there is no draft, OvertakenError when it is not what was seen.
    """
    with acting_on(reference_of(assignment_id)) as context:
        assignment = offered(context, assignment_id)
        draft = _newest(context, assignment)
        if draft is None or draft.status is not OpinionStatus.DRAFT:
            raise ConflictError("There is no draft to lock.", "Submit the opinion first.")
        if seen and seen != digest(draft.content):
            raise OvertakenError("The opinion was changed in another window meanwhile.", "Look at that version first.")
        found = blocking(context, assignment, OpinionContent.model_validate(draft.content))
        if found:
            raise OpinionIncompleteError(found)
        return _sign(context, assignment, draft, actor)


def blocking(context: CaseContext, assignment: Assignment, content: OpinionContent) -> tuple[Gap, ...]:
    """What still blocks signing this content in this seat."""
    query = select(Question.number).where(Question.case_id == context.case.id).order_by(col(Question.number))
    return gaps(
        content,
        context.pathway,
        role=assignment.role,
        seats=sorted({seat.role for seat in panel_of(context).seats}),
        facts=context.facts,
        questions=list(context.session.exec(query)),
        documents={document.number: document.pages for document in readable_documents(context, assignment)},
        language=Language(context.case.language),
        provisional=is_blind(assignment),
    )


def _sign(context: CaseContext, assignment: Assignment, draft: Opinion, actor: str) -> Locked:
    blind = is_blind(assignment)
    status = OpinionStatus.PROVISIONAL if blind else OpinionStatus.FINAL
    if status not in OPINION_TRANSITIONS[draft.status]:
        raise ConflictError("This version is locked already.", "Submit a new version.")
    draft.status, draft.locked_at, draft.signed_by = status, context.now, actor
    draft.content_sha256 = digest(draft.content)
    context.session.add(draft)
    events.record(
        context.session,
        context.case,
        f"opinion_locked_{status}",
        actor,
        context.now,
        role=assignment.role,
        seat=assignment.seat,
        version=draft.version,
        content_sha256=draft.content_sha256,
    )
    if blind:
        _show_first_opinion(context, assignment)
    else:
        change(assignment, AssignmentStatus.COMPLETED)
        assignment.completed_at = context.now
    context.session.add(assignment)
    return Locked(status, draft.content_sha256)


def _show_first_opinion(context: CaseContext, assignment: Assignment) -> None:
    """From here on the reader sees the first opinion, and confirms or changes what they wrote."""
    assignment.unblinded_at = context.now
    code = expert_of(context, assignment).code
    events.record(
        context.session, context.case, "first_opinion_shown", "secunda", context.now, role=assignment.role, expert=code
    )
    notices.tell(
        context,
        "first_opinion_shown",
        f"expert:{code}",
        str(assignment.id),
        assignment=str(assignment.id),
        role=assignment.role,
        due_at=assignment.opinion_due_at,
    )


def _newest(context: CaseContext, assignment: Assignment) -> Opinion | None:
    query = select(Opinion).where(Opinion.assignment_id == assignment.id).order_by(col(Opinion.version).desc())
    return context.session.exec(query.limit(1)).first()
