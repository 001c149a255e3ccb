"""The FHIR door: every address × every scope × one's own and another's."""

from typing import Any

import httpx
import pytest

from secunda.api.fhir.app import READ_SCOPES, routes
from secunda.clients.scopes import SCOPES
from tests.integration.door.conftest import OTHER_PAYER, Insurer, Joins
from tests.integration.door.test_fhir_door import BASE, FHIR, SUBSCRIPTION, fhir, response_in, submit
from tests.unit.fhir_door.samples import Json, an_item, claim_bundle, encoded

OPEN = {"/metadata", "/.well-known/smart-configuration"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
#: Method, address and the scope that it takes; `{id}` stands for one's own, another's or nobody's.
CALLS = [
    ("POST", "/", "reviews:write"),
    ("POST", "/Claim/$submit", "reviews:write"),
    ("POST", "/Claim/$inquire", "reviews:read"),
    ("POST", "/$submit-attachment", "documents:write"),
    ("GET", "/Composition/{id}/$document", "reports:read"),
    ("GET", "/Binary/{id}", "reports:read"),
    ("POST", "/Subscription", "webhooks:manage"),
    ("GET", "/Subscription", "webhooks:manage"),
    ("GET", "/Subscription/{id}", "webhooks:manage"),
    ("PUT", "/Subscription/{id}", "webhooks:manage"),
    ("DELETE", "/Subscription/{id}", "webhooks:manage"),
    *[("GET", f"/{kind}", scope) for kind, scope in READ_SCOPES.items()],
    *[("GET", f"/{kind}/{{id}}", scope) for kind, scope in READ_SCOPES.items()],
    *[("POST", f"/{kind}/_search", scope) for kind, scope in READ_SCOPES.items()],
]
NAMED = [call for call in CALLS if "{id}" in call[1]]
LISTS = [call for call in CALLS if call[0] == "GET" and "{id}" not in call[1]]


def label(call: Any) -> str:
    return f"{call[0]} {call[1]}" if isinstance(call, tuple) else str(call)


def ask(insurer: Insurer, method: str, path: str, identity: str = "SO-ZZZZ-ZZZZ") -> httpx.Response:
    address = BASE + path.replace("{id}", identity)
    headers = FORM if path.endswith("_search") else {"Content-Type": FHIR, "Accept": FHIR}
    content = b"" if path.endswith("_search") else encoded(SUBSCRIPTION) if method == "PUT" else b"{}"
    return insurer.send(method, address, headers=headers, content=content if method != "GET" else None)


@pytest.fixture
def theirs(joins: Joins) -> list[str]:
    """The names of everything that another payer has."""
    other = joins(OTHER_PAYER)
    reference = response_in(submit(other, claim_bundle(item=[an_item(1, "27447")])))["preAuthRef"]
    found: list[str] = [reference, fhir(other, "POST", "Subscription", SUBSCRIPTION).json()["id"]]
    for kind in READ_SCOPES:
        entries: list[Json] = fhir(other, "GET", kind).json().get("entry", [])
        found += [entry["resource"]["id"] for entry in entries]
    return list(dict.fromkeys(found))


def test_every_address_of_the_door_is_asked() -> None:
    assert {path for _, path, _ in CALLS} | OPEN == {route.path for route in routes()}


@pytest.mark.parametrize("scope", SCOPES)
def test_a_scope_opens_its_own_addresses_and_no_others(joins: Joins, scope: str) -> None:
    insurer = joins(scopes=[scope])
    refused = {label(one) for one in CALLS if ask(insurer, *one[:2]).status_code == 403}
    assert refused == {label(one) for one in CALLS if one[2] != scope}


def test_what_is_anothers_is_answered_like_what_there_is_not(joins: Joins, theirs: list[str]) -> None:
    insurer = joins()
    assert len(theirs) > 3
    for method, path, _ in NAMED:
        nobodys = ask(insurer, method, path)
        assert nobodys.status_code == 404
        for name in theirs:
            answer = ask(insurer, method, path, name)
            assert (answer.status_code, answer.content) == (404, nobodys.content), (method, path)


def test_a_search_finds_nothing_of_anothers(joins: Joins, theirs: list[str]) -> None:
    insurer = joins()
    for method, path, _ in LISTS:
        answer = ask(insurer, method, path)
        assert (answer.status_code, answer.json().get("total", 0)) == (200, 0), path
        assert not any(name in answer.text for name in theirs)
