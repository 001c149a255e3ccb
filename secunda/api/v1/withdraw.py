"""Withdrawing a review."""

from typing import Annotated

from fastapi import Header, Request, Response

from models import Review
from secunda import clock
from secunda.api import conditions
from secunda.api.authentication import caller
from secunda.api.idempotency import Answer
from secunda.api.v1 import examples
from secunda.api.v1.door import WRITE, ReferenceInPath, in_language, language_of, post, problems, router
from secunda.api.v1.seeing import review_out
from secunda.api.v1.shapes import ReviewOut, WithdrawIn
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.reviews.finding import own_review
from secunda.reviews.reading import record_read
from secunda.reviews.standing import standing_of
from secunda.reviews.withdrawing import withdraw_review

routes = router("reviews")


@routes.post(
    "/reviews/{reference}/withdraw",
    response_model=ReviewOut,
    operation_id="withdraw_review",
    responses=problems(*WRITE, 412),
    openapi_extra=post(examples.WITHDRAW_IN),
)
def withdraw(
    reference: ReferenceInPath,
    body: WithdrawIn,
    request: Request,
    who: caller("reviews:write"),  # type: ignore[valid-type]
    if_match: Annotated[str | None, Header(max_length=500)] = None,
) -> Response:
    """Take the request back. With If-Match, only if the review is still as you saw it."""
    language = language_of(request)

    def unchanged(context: CaseContext, review: Review) -> None:
        conditions.check_match(if_match, standing_of(context, review).etag)

    withdraw_review(who.payer, reference, who.actor, body.reason, unchanged)
    with transaction() as session:
        review, case = own_review(session, who.payer, reference, locked=True)
        standing = standing_of(CaseContext(session, case, clock.now()), review)
        record_read(session, case, who.actor, "review")
    headers = {"Content-Type": "application/json", "ETag": conditions.tag_of(standing.etag, language)}
    headers |= in_language(language)
    return Answer(200, review_out(standing, language).model_dump_json().encode(), headers).response()
