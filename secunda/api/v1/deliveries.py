"""The log of notices, and sending one again."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response

from models.door_status import DeliveryStatus
from secunda import clock
from secunda.api.authentication import caller
from secunda.api.door_route import claim_of
from secunda.api.idempotency import Answer
from secunda.api.paging import Cursor, Limit, cursor_after, place_of
from secunda.api.v1.door import LIST, WRITE, post, problems, router
from secunda.api.v1.shapes import Told, Utc
from secunda.db import transaction
from secunda.webhooks import log

routes = router("webhooks")


class DeliveryOut(Told):
    """One notice. `reference` is the review's."""

    id: UUID
    endpoint_id: UUID
    message_id: str
    type: str
    reference: str | None
    status: DeliveryStatus
    attempts: int
    created_at: Utc
    next_attempt_at: Utc | None
    delivered_at: Utc | None
    last_status_code: int | None
    last_error: str


class DeliveryPage(Told):
    items: list[DeliveryOut]
    next_cursor: str | None


@routes.get(
    "/webhook-deliveries", response_model=DeliveryPage, operation_id="list_deliveries", responses=problems(*LIST)
)
def list_deliveries(
    who: caller("webhooks:manage"),  # type: ignore[valid-type]
    limit: Limit = 20,
    cursor: Cursor = None,
    webhook: Annotated[UUID | None, Query(description="Only to this endpoint.")] = None,
    status: Annotated[DeliveryStatus | None, Query(description="Only those that stand so.")] = None,
) -> DeliveryPage:
    """The log of deliveries, the newest first."""
    filters = (who.payer, "deliveries", webhook, status)
    wanted = log.DeliveryFilter(endpoint_id=webhook, status=status)
    with transaction() as session:
        lines, after = log.delivery_log(session, who.payer, wanted, place_of(cursor, *filters), limit)
    items = [DeliveryOut.model_validate(one) for one in lines]
    return DeliveryPage(items=items, next_cursor=cursor_after(*after, *filters) if after else None)


@routes.post(
    "/webhook-deliveries/{delivery}/redeliver",
    response_model=DeliveryOut,
    operation_id="redeliver",
    responses=problems(*WRITE),
    openapi_extra=post(),
)
def redeliver(
    delivery: Annotated[UUID, Path()],
    request: Request,
    who: caller("webhooks:manage"),  # type: ignore[valid-type]
) -> Response:
    """Send a notice again, under its own id."""
    with transaction() as session:
        line = log.redeliver(session, who.payer, delivery, clock.wall())
        answer = Answer.of_json(200, DeliveryOut.model_validate(line).model_dump(mode="json"))
        claim_of(request).finish(session, answer)
    return answer.response()
