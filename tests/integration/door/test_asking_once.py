"""A request that is sent again is done once: keys, replays, crashes."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import col, func, select

from models import ApiClient, Case, IdempotencyRecord, Review
from models.door_status import IdempotencyStatus
from secunda import clock
from secunda.api import idempotency
from secunda.clients import registering
from secunda.db import transaction
from secunda.errors import ConflictError
from tests.integration.door.conftest import Insurer, Joins, a_request


def count(table: type) -> int:
    with transaction() as session:
        return int(session.exec(select(func.count()).select_from(table)).one())


def test_a_post_without_a_key_is_refused(insurer: Insurer) -> None:
    answer = insurer.http.post("/api/v1/reviews", json=a_request(), headers={"X-API-Key": insurer.api_key})
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:secunda:problem:idempotency-key-missing")
    assert answer.json()["errors"][0]["pointer"] == "#/Idempotency-Key"
    assert count(Case) == 0


@pytest.mark.parametrize("key", ["x" * 256, 'a"b', "a\\b", "tab\there"])
def test_a_key_that_is_none_is_refused(insurer: Insurer, key: str) -> None:
    answer = insurer.asks_with(key)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:secunda:problem:idempotency-key-invalid")


def test_the_same_request_again_is_answered_byte_by_byte(insurer: Insurer) -> None:
    body, key = a_request(), str(uuid4())
    first, again, quoted = (insurer.post("reviews", body, key=one) for one in (key, key, f'"{key}"'))
    assert first.status_code == 201
    for answer in (again, quoted):
        assert (answer.status_code, answer.content) == (201, first.content)
        assert answer.headers["location"] == first.headers["location"]
        assert answer.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert (count(Case), count(Review)) == (1, 1)


def test_a_key_is_free_again_when_its_day_is_over(insurer: Insurer) -> None:
    key = str(uuid4())
    first = insurer.post("reviews", a_request(), key=key)
    with transaction() as session:
        session.exec(select(IdempotencyRecord)).one().expires_at = clock.wall() - timedelta(seconds=1)
    second = insurer.post("reviews", a_request(), key=key)
    assert [first.status_code, second.status_code] == [201, 201]
    assert (count(Case), count(IdempotencyRecord)) == (2, 1)
    assert "idempotency-replayed" not in second.headers


def test_the_same_key_for_another_body_is_refused(insurer: Insurer) -> None:
    key = str(uuid4())
    assert insurer.post("reviews", a_request(), key=key).status_code == 201
    answer = insurer.post("reviews", a_request(), key=key)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:secunda:problem:idempotency-key-reused")
    assert count(Case) == 1


def test_the_same_key_at_another_address_is_refused(insurer: Insurer) -> None:
    key, reference = str(uuid4()), insurer.has_review()
    assert insurer.post("credentials", {"kind": "api_key"}, key=key).status_code == 201
    assert insurer.post(f"reviews/{reference}/withdraw", {"reason": "no"}, key=key).status_code == 422


def test_two_payers_may_use_the_same_key(insurer: Insurer, other: Insurer) -> None:
    assert {one.post("reviews", a_request(), key="1").status_code for one in (insurer, other)} == {201}
    assert count(Case) == 2


def test_a_refused_request_leaves_the_key_free(insurer: Insurer) -> None:
    assert insurer.post("reviews", a_request(procedure={}), key="1").status_code == 422
    assert insurer.post("reviews", a_request(), key="1").status_code == 201


def test_a_request_in_flight_is_answered_with_wait(insurer: Insurer) -> None:
    body = a_request()
    begin(insurer, body, "1")
    answer = insurer.post("reviews", body, key="1")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:secunda:problem:idempotency-key-in-flight")
    assert int(answer.headers["retry-after"]) >= 1


def test_a_request_whose_process_died_is_begun_anew(insurer: Insurer) -> None:
    body = a_request()
    begin(insurer, body, "1")
    with transaction() as session:
        row = session.exec(select(IdempotencyRecord).where(col(IdempotencyRecord.key) == "1")).one()
        row.claimed_until = clock.wall()
    first, again = (insurer.post("reviews", body, key="1") for _ in range(2))
    assert (first.status_code, again.content) == (201, first.content)
    assert count(Case) == 1


def test_whoever_lost_the_claim_writes_nothing(store: str) -> None:
    """The slow one comes back after another has taken the work over: its own is rolled back."""
    slow = idempotency.Claim(uuid4(), uuid4())
    with pytest.raises(ConflictError), transaction() as session:
        registering.add_client(session, "slow", "", [])
        slow.finish(session, idempotency.Answer(201, b"{}"))
    assert count(ApiClient) == 0


def test_what_is_shown_once_is_not_to_be_read_from_the_record(insurer: Insurer) -> None:
    answer = insurer.post("credentials", {"kind": "api_key"}, key="1")
    with transaction() as session:
        row = session.exec(select(IdempotencyRecord).where(col(IdempotencyRecord.key) == "1")).one()
    assert answer.json()["secret"].encode() not in (row.response_body or b"")
    assert insurer.post("credentials", {"kind": "api_key"}, key="1").content == answer.content


def begin(insurer: Insurer, body: dict[str, object], key: str) -> None:
    """A request that got as far as its claim, by sending it and taking its answer away again."""
    assert insurer.post("reviews", body, key=key).status_code == 201
    with transaction() as session:
        row = session.exec(select(IdempotencyRecord).where(col(IdempotencyRecord.key) == key)).one()
        row.status, row.claimed_until = IdempotencyStatus.IN_FLIGHT, clock.wall() + idempotency.CLAIM_FOR
        row.response_body = None
    forget_case()


def forget_case() -> None:
    """As if the transaction of the work had not been committed."""
    from sqlalchemy import text

    with transaction() as session:
        session.execute(text("truncate care_case cascade"))


def test_the_clients_of_one_payer_have_keys_of_their_own(joins: Joins) -> None:
    one, two = joins(), joins()
    assert one.post("reviews", a_request(), key="1").status_code == 201
    assert two.post("reviews", a_request(), key="1").status_code == 201
