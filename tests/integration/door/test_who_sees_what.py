"""Every route × every scope × one's own and another's: drawn from the routes, so that a new one is asked too."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi.routing import APIRoute

from secunda.api.door_route import DoorRoute
from secunda.api.v1 import ROUTERS, examples
from secunda.clients.scopes import SCOPES
from tests.integration.door.conftest import OTHER_PAYER, Insurer, Joins, a_request

ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
CALLS = [(method, route) for route in ROUTES for method in sorted(route.methods or ())]
NAMED = [call for call in CALLS if "{" in call[1].path]
#: What stands in the place of a name in an address, when nobody has such a thing.
UNKNOWN = {
    "reference": "SO-ZZZZ-ZZZZ",
    "upload": str(uuid4()),
    "credential": str(uuid4()),
    "webhook": str(uuid4()),
    "delivery": str(uuid4()),
}
SECRET_WORDS = ("Leakwitz", "M-LEAK-77", "PA-LEAK-1", "leak@example.org", "leak.example.org")


def label(call: Any) -> str:
    return f"{call[0]} {call[1].path}" if isinstance(call, tuple) else str(call)


@pytest.fixture
def theirs(joins: Joins) -> Iterator[dict[str, str]]:
    """What another payer has: one thing for each name that an address can have."""
    other = joins(OTHER_PAYER)
    patient = a_request()["patient"] | {
        "family_name": SECRET_WORDS[0],
        "identifiers": [{"system": "urn:example:member", "value": SECRET_WORDS[1]}],
        "email": SECRET_WORDS[3],
    }
    reference = other.has_review(patient=patient, payer_reference=SECRET_WORDS[2])
    upload = other.post(f"reviews/{reference}/uploads", {"filename": "leak.dcm"}).json()["id"]
    credential = other.get("credentials").json()["items"][0]["id"]
    webhook = other.post("webhooks", examples.WEBHOOK_IN | {"url": "https://leak.example.org/hook"}).json()["id"]
    assert other.post(f"webhooks/{webhook}/test").status_code == 202
    delivery = other.get("webhook-deliveries").json()["items"][0]["id"]
    return {
        "reference": reference,
        "upload": upload,
        "credential": credential,
        "webhook": webhook,
        "delivery": delivery,
    }


def call(insurer: Insurer, method: str, route: APIRoute, names: dict[str, str]) -> httpx.Response:
    """Call a route with a request that is in order."""
    path = re.sub(r"\{(\w+)\}", lambda found: names[found[1]], route.path)
    operation = insurer.http.app.openapi()["paths"][route.path][method.lower()]  # type: ignore[attr-defined]
    content = operation.get("requestBody", {}).get("content", {})
    options: dict[str, Any] = {"params": {"code": "27447"} if "answer" in path else {}}
    if "application/json" in content:
        example = dict(content["application/json"]["example"])
        options["json"] = example | ({"payer_reference": str(uuid4())} if "payer_reference" in example else {})
    elif content:
        options["content"] = b"A letter.\n"
        options["headers"] = {"Content-Type": next(iter(content)), "Upload-Offset": "0", "Upload-Complete": "?0"}
    return insurer.send(method, path, **options)


def test_every_route_of_the_door_is_guarded() -> None:
    assert len(CALLS) > 15
    assert [label(one) for one in CALLS if not isinstance(one[1], DoorRoute)] == []
    assert all(route.needs.scope in SCOPES for route in ROUTES if isinstance(route, DoorRoute))


def test_every_name_in_an_address_is_tried() -> None:
    names = {name for _, route in CALLS for name in re.findall(r"\{(\w+)\}", route.path)}
    assert names <= UNKNOWN.keys()


def test_a_stranger_gets_nothing(http: Any) -> None:
    stranger = Insurer(http, "", "", "secunda_key_00000000_nobody", "")
    for route in CALLS:
        answer = call(stranger, *route, UNKNOWN)
        assert answer.status_code == 401, label(route)
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_client_without_the_scope_gets_nothing(joins: Joins, theirs: dict[str, str]) -> None:
    """All scopes but the one; and what there is makes no difference to the answer."""
    for missing in SCOPES:
        insurer = joins(OTHER_PAYER, [scope for scope in SCOPES if scope != missing])
        for route in (one for one in CALLS if one[1].needs.scope == missing):  # type: ignore[attr-defined]
            answers = [call(insurer, *route, names) for names in (theirs, UNKNOWN)]
            assert [answer.status_code for answer in answers] == [403, 403], label(route)
            assert told(answers[0]) == told(answers[1])


def test_what_is_anothers_is_answered_like_what_there_is_not(joins: Joins, theirs: dict[str, str]) -> None:
    insurer = joins()
    for route in NAMED:
        answers = [call(insurer, *route, names) for names in (theirs, UNKNOWN)]
        assert [answer.status_code for answer in answers] == [404, 404], label(route)
        assert told(answers[0]) == told(answers[1])
        assert not any(word in answers[0].text for word in (*SECRET_WORDS, *theirs.values()))


def test_a_list_has_nothing_of_anothers(joins: Joins, theirs: dict[str, str]) -> None:
    insurer = joins()
    for route in (one for one in CALLS if one not in NAMED and one[0] == "GET"):
        answer = call(insurer, *route, UNKNOWN)
        assert answer.status_code == 200, label(route)
        assert not any(word in answer.text for word in (*SECRET_WORDS, *theirs.values(), OTHER_PAYER))


@pytest.mark.parametrize("scope", SCOPES)
def test_a_scope_opens_its_own_routes_and_no_others(joins: Joins, scope: str) -> None:
    """403 comes from the scope alone; whoever has it gets past, to whatever the route says of an unknown thing."""
    insurer = joins(scopes=[scope])
    refused = {label(one) for one in CALLS if call(insurer, *one, UNKNOWN).status_code == 403}
    assert refused == {label(one) for one in CALLS if one[1].needs.scope != scope}


def told(answer: httpx.Response) -> Any:
    """The answer but for the request's own number."""
    said = answer.json() if answer.content else {}
    said.pop("instance", None)
    return said
