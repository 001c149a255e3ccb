"""Reviews: asking for one, listing one's own, seeing where one stands."""

from datetime import datetime
from typing import Annotated

from fastapi import Header, Query, Request, Response
from sqlmodel import Session

from models import Review
from models.status import CaseStatus
from secunda import clock
from secunda.actions.launch import Launched
from secunda.api import conditions
from secunda.api.authentication import caller
from secunda.api.door_route import claim_of, takes
from secunda.api.idempotency import Answer
from secunda.api.paging import Cursor, Limit, cursor_after, place_of
from secunda.api.problems import problem_in
from secunda.api.v1 import examples
from secunda.api.v1.asking import asked
from secunda.api.v1.door import LIST, READ, WRITE, ReferenceInPath, in_language, language_of, post, problems, router
from secunda.api.v1.seeing import form_in, line_out, seen_as_json
from secunda.api.v1.shapes import Reference, ReviewIn, ReviewLaunched, ReviewOut, ReviewPage
from secunda.db import transaction
from secunda.errors import BadInputError
from secunda.reviews import listing
from secunda.reviews.launching import launch_review
from secunda.reviews.listing import ReviewFilter
from secunda.reviews.remembered import look
from secunda.settings import settings

routes = router("reviews")


@routes.post(
    "/reviews",
    status_code=201,
    response_model=ReviewLaunched,
    operation_id="ask_for_review",
    responses=problems(*WRITE) | {201: {"headers": {"Location": {"schema": {"type": "string"}}}}},
    openapi_extra=post(examples.REVIEW_IN),
)
@takes(lambda: settings().max_bundle_bytes)
def ask_for_review(body: ReviewIn, request: Request, who: caller("reviews:write")) -> Response:  # type: ignore[valid-type]
    """Open a review and its case. It is committed when you are answered, whatever else is down."""
    claim = claim_of(request)
    answers: list[Answer] = []
    review = asked(body, who)

    def answer(session: Session, row: Review, launched: Launched) -> None:
        answers.append(_launched(row, launched))
        claim.finish(session, answers[0])

    try:
        launch_review(review, who.actor, answer)
    except BadInputError as error:
        raise problem_in(error, "/bundle" if body.bundle is not None else "/patient") from None
    return answers[0].response()


def _launched(row: Review, launched: Launched) -> Answer:
    due = row.clock.get("due_at")
    due_at = datetime.fromisoformat(due) if due else None
    said = ReviewLaunched(
        reference=launched.reference,
        payer_reference=row.payer_reference,
        pathway=launched.specialty,
        expected_urgency=launched.expected_urgency,
        mandated=bool(row.mandate.get("mandated")),
        due_at=due_at,
        seconds_left=int((due_at - row.created_at).total_seconds()) if due_at else None,
        documents=launched.documents,
        refused_documents=launched.refused_documents,
        warnings=[*launched.warnings, *_about_the_date(row)],
    )
    return Answer.of_json(201, said.model_dump(mode="json"), Location=f"/api/v1/reviews/{launched.reference}")


def _about_the_date(row: Review) -> list[str]:
    """A procedure that lies in the past is reviewed all the same: it may be asked afterwards, or be mistyped."""
    if row.planned_on is None or row.planned_on >= row.created_at.date():
        return []
    return ["/planned_on: The date lies in the past, and hastens nothing."]


@routes.get("/reviews", response_model=ReviewPage, operation_id="list_reviews", responses=problems(*LIST))
def list_reviews(
    who: caller("reviews:read"),  # type: ignore[valid-type]
    limit: Limit = 20,
    cursor: Cursor = None,
    stage: Annotated[CaseStatus | None, Query(description="Only those at this stage.")] = None,
    payer_reference: Annotated[Reference | None, Query(description="Only the one with your reference.")] = None,
) -> Response:
    """Your own reviews, the newest first. Nothing here is about a patient."""
    filters = (who.payer, stage, payer_reference)
    wanted = ReviewFilter(stage=stage, payer_reference=payer_reference)
    place = place_of(cursor, *filters)
    with transaction() as session:
        page = listing.list_reviews(session, who.payer, clock.now(), wanted, place, limit)
    more = cursor_after(*page.after, *filters) if page.after else None
    told = ReviewPage(items=[line_out(one) for one in page.items], next_cursor=more)
    return Response(told.model_dump_json(), media_type="application/json")


@routes.get(
    "/reviews/{reference}",
    response_model=ReviewOut,
    operation_id="see_review",
    responses=problems(*READ) | {
        200: {"headers": {"ETag": {"schema": {"type": "string"}}}},
        304: {"description": "You have it already"},
    },
)  # fmt: skip
def see_review(
    reference: ReferenceInPath,
    request: Request,
    who: caller("reviews:read"),  # type: ignore[valid-type]
    if_none_match: Annotated[str | None, Header(max_length=500)] = None,
) -> Response:
    """Where a review stands: stage, checklist, clocks with their stopped time, history. Reading it is an event."""
    language, now = language_of(request), clock.now()
    with transaction() as session:
        found = look(session, who.payer, reference, now, form_in(language))
        tag = conditions.tag_of(found.seen.etag, language)
        headers = {"ETag": tag, **in_language(language)}
        if conditions.is_same(if_none_match, tag):
            return Response(status_code=304, headers=headers)
        found.record(who.actor, now)
    return Response(seen_as_json(found.seen, language), 200, headers, "application/json")
