"""Where notices go (Standard Webhooks): endpoints and their secrets."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Path, Request, Response
from pydantic import Field, StringConstraints
from sqlmodel import Session

from models import WebhookEndpoint
from models.door_status import WebhookKind, WebhookStatus
from secunda import clock
from secunda.api import patterns
from secunda.api.authentication import caller
from secunda.api.door_route import claim_of
from secunda.api.idempotency import Answer
from secunda.api.v1 import examples
from secunda.api.v1.door import LIST, READ, WRITE, post, problems, router
from secunda.api.v1.shapes import Asked, Told, Utc
from secunda.clients.caller import Caller
from secunda.db import transaction
from secunda.webhooks import endpoints, signing
from secunda.webhooks.endpoints import NewEndpoint
from secunda.webhooks.queueing import queue_test

routes = router("webhooks")
WebhookInPath = Annotated[UUID, Path(alias="webhook")]


class WebhookIn(Asked):
    """Where to. `event_types` empty: all of them."""

    url: Annotated[str, StringConstraints(max_length=2000, pattern=patterns.URL)]
    event_types: Annotated[
        list[Annotated[str, StringConstraints(max_length=60)]], Field(max_length=20, default_factory=list)
    ]
    description: Annotated[str, StringConstraints(max_length=200, pattern=patterns.LINE_OR_NOTHING)] = ""


class WebhookOut(Told):
    id: UUID
    kind: WebhookKind
    url: str
    description: str
    event_types: list[str]
    status: WebhookStatus
    status_reason: str
    created_at: Utc
    previous_secret_until: Utc | None


class WebhookMade(WebhookOut):
    """`secret` is shown this once: it verifies the signatures."""

    secret: str


class WebhookList(Told):
    items: list[WebhookOut]


@routes.get("/webhooks", response_model=WebhookList, operation_id="list_webhooks", responses=problems(*LIST))
def list_webhooks(who: caller("webhooks:manage")) -> WebhookList:  # type: ignore[valid-type]
    """Your endpoints, the oldest first."""
    with transaction() as session:
        return WebhookList(items=[WebhookOut.model_validate(one) for one in endpoints.endpoints_of(session, who.payer)])


@routes.post(
    "/webhooks",
    status_code=201,
    response_model=WebhookMade,
    operation_id="add_webhook",
    responses=problems(*WRITE),
    openapi_extra=post(examples.WEBHOOK_IN),
)
def add_webhook(body: WebhookIn, request: Request, who: caller("webhooks:manage")) -> Response:  # type: ignore[valid-type]
    """Be told there when a review moves. The address may not be a private one."""
    asked = NewEndpoint(who.payer, body.url, who.client_key, tuple(body.event_types), body.description)
    with transaction() as session:
        endpoint, secret = endpoints.add_endpoint(session, asked)
        answer = _made(endpoint, secret)
        claim_of(request).finish(session, answer)
    return answer.response()


@routes.get("/webhooks/{webhook}", response_model=WebhookOut, operation_id="see_webhook", responses=problems(*READ))
def see_webhook(webhook: WebhookInPath, who: caller("webhooks:manage")) -> WebhookOut:  # type: ignore[valid-type]
    """One endpoint."""
    with transaction() as session:
        return WebhookOut.model_validate(endpoints.own_endpoint(session, who.payer, webhook))


@routes.delete("/webhooks/{webhook}", status_code=204, operation_id="delete_webhook", responses=problems(*READ))
def delete_webhook(webhook: WebhookInPath, who: caller("webhooks:manage")) -> Response:  # type: ignore[valid-type]
    """Be told nothing more there; its log stays."""
    with transaction() as session:
        endpoints.delete(endpoints.own_endpoint(session, who.payer, webhook, locked=True), clock.wall())
    return Response(status_code=204)


@routes.post(
    "/webhooks/{webhook}/rotate",
    response_model=WebhookMade,
    operation_id="rotate_webhook_secret",
    responses=problems(*WRITE),
    openapi_extra=post(),
)
def rotate_secret(webhook: WebhookInPath, request: Request, who: caller("webhooks:manage")) -> Response:  # type: ignore[valid-type]
    """A new secret; for a day both sign."""

    def rotate(endpoint: WebhookEndpoint, _: Session) -> Answer:
        return _made(endpoint, signing.rotate(endpoint, clock.wall()), status=200)

    return _on(who, webhook, request, rotate)


@routes.post(
    "/webhooks/{webhook}/disable",
    response_model=WebhookOut,
    operation_id="disable_webhook",
    responses=problems(*WRITE),
    openapi_extra=post(),
)
def disable_webhook(webhook: WebhookInPath, request: Request, who: caller("webhooks:manage")) -> Response:  # type: ignore[valid-type]
    """Be told nothing there for a while."""

    def disable(endpoint: WebhookEndpoint, _: Session) -> Answer:
        endpoints.disable(endpoint, "disabled by the payer", clock.wall())
        return _seen(endpoint)

    return _on(who, webhook, request, disable)


@routes.post(
    "/webhooks/{webhook}/enable",
    response_model=WebhookOut,
    operation_id="enable_webhook",
    responses=problems(*WRITE),
    openapi_extra=post(),
)
def enable_webhook(webhook: WebhookInPath, request: Request, who: caller("webhooks:manage")) -> Response:  # type: ignore[valid-type]
    """Be told there again, after you or a 410 disabled it."""

    def enable(endpoint: WebhookEndpoint, _: Session) -> Answer:
        endpoints.enable(endpoint)
        return _seen(endpoint)

    return _on(who, webhook, request, enable)


@routes.post(
    "/webhooks/{webhook}/test",
    status_code=202,
    operation_id="test_webhook",
    responses=problems(*WRITE) | {202: {"description": "Queued", "content": {"application/json": {}}}},
    openapi_extra=post(),
)
def test_webhook(webhook: WebhookInPath, request: Request, who: caller("webhooks:manage")) -> Response:  # type: ignore[valid-type]
    """Be sent a notice about nothing, to try your receiver."""

    def test(endpoint: WebhookEndpoint, session: Session) -> Answer:
        return Answer.of_json(202, {"message_id": queue_test(session, endpoint, uuid4())})

    return _on(who, webhook, request, test)


def _on(who: Caller, key: UUID, request: Request, act: Callable[[WebhookEndpoint, Session], Answer]) -> Response:
    """Do something to one's own endpoint, and record the answer in the same transaction."""
    with transaction() as session:
        answer = act(endpoints.own_endpoint(session, who.payer, key, locked=True), session)
        claim_of(request).finish(session, answer)
    return answer.response()


def _seen(endpoint: WebhookEndpoint) -> Answer:
    return Answer.of_json(200, WebhookOut.model_validate(endpoint).model_dump(mode="json"))


def _made(endpoint: WebhookEndpoint, secret: str, status: int = 201) -> Answer:
    said = WebhookOut.model_validate(endpoint).model_dump(mode="json")
    return Answer.of_json(status, said | {"secret": secret})
