"""What an enemy, or a broken system, sends: refused with the place, and nothing is written."""

import json
from typing import Any

import pytest
from sqlmodel import func, select

from models import Case
from secunda.db import transaction
from tests.integration.door.conftest import Insurer, a_request, set_to

JSON = {"Content-Type": "application/json"}
NASTY_NAMES = [
    "<script>alert(1)</script>",
    "{{ 7*7 }}{% raw %}",
    "${jndi:ldap://x}",
    "'; drop table care_case; --",
    "\u202eevil",
    "a" * 200,
    "😀 名",
    "../../etc/passwd",
]


def cases() -> int:
    with transaction() as session:
        return int(session.exec(select(func.count()).select_from(Case)).one())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b"\xff\xfe{\x00}\x00",
        b'{"a": "\xff"}',
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'{"a": 1, "a": 2}',
        b"[" * 100_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b'{"a": ' + b"9" * 5_000 + b"}",
        b"<Bundle/>",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_json_that_is_none_is_a_problem_with_a_place(insurer: Insurer, body: bytes) -> None:
    answer = insurer.post("reviews", content=body, headers=JSON)
    said = answer.json()
    assert (answer.status_code, said["type"]) == (400, "urn:secunda:problem:malformed")
    assert answer.headers["content-type"] == "application/problem+json"
    assert all(one["pointer"].startswith("#") for one in said["errors"])
    assert cases() == 0


@pytest.mark.parametrize("text", ["\\u0000", "\\ud800"])
def test_a_character_that_cannot_be_kept_is_named_by_its_place(insurer: Insurer, text: str) -> None:
    answer = insurer.post("reviews", content=f'{{"requester": "a{text}b"}}'.encode(), headers=JSON)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["#/requester"]
    assert cases() == 0


def test_a_text_is_as_long_as_it_came(insurer: Insurer) -> None:
    address = f"reviews/{insurer.has_review()}/withdraw"
    answer = insurer.post(address, {"reason": "gm" + " " * 2000})
    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, ["#/reason"])
    assert insurer.post(address, {"reason": " gm" + " " * 1997}).status_code == 200
    padded = insurer.asks(payer_reference="PA-1" + " " * 80)
    assert (padded.status_code, [one["pointer"] for one in padded.json()["errors"]]) == (422, ["#/payer_reference"])


@pytest.mark.parametrize("written", ["0", "1750000000", 0, "2026-11-22T10:00:00", "22.11.2026"])
def test_a_date_is_written_as_one(insurer: Insurer, written: str | int) -> None:
    answer = insurer.asks(planned_on=written)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["#/planned_on"]
    assert cases() == 0


def test_the_date_of_a_document_is_written_as_one_even_when_the_document_is_there(insurer: Insurer) -> None:
    address = f"reviews/{insurer.has_review()}/documents"
    said = {"Content-Type": "text/plain"}
    assert insurer.post(address, content=b"A letter.", headers=said).status_code == 201
    again = insurer.post(address, content=b"A letter.", headers=said | {"Document-Date": "0"})
    assert again.status_code == 422


def test_a_jurisdiction_that_there_is_not_is_named(insurer: Insurer) -> None:
    answer = insurer.asks(jurisdiction="atlantis")
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["#/jurisdiction"]
    assert "us-cms" in answer.json()["remedy"]
    assert cases() == 0


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"procedure": {"system": "http://www.ama-assn.org/go/cpt"}}, "#/procedure/code"),
        ({"procedure": None}, "#/procedure"),
        ({"planned_on": "tomorrow"}, "#/planned_on"),
        ({"diagnoses": [{"system": "no url", "code": "M17"}]}, "#/diagnoses/0/system"),
        ({"diagnoses": [{"system": "http://x.example", "code": ""}]}, "#/diagnoses/0/code"),
        ({"surprise": 1}, "#/surprise"),
        ({"payer_reference": ""}, "#/payer_reference"),
        ({"payer_reference": "x" * 81}, "#/payer_reference"),
        ({"pathway": "astrology"}, "#/pathway"),
        ({"patient": None}, "#"),
        ({"requester_email": "nobody"}, "#/requester_email"),
        ({"procedure": {"system": "http://www.ama-assn.org/go/cpt", "code": "99213"}}, "#/procedure"),
        ({"patient": None, "bundle": {}}, "#/bundle"),
        (
            {"patient": None, "bundle": {"resourceType": "Bundle", "type": "collection", "entry": [1]}},
            "#/bundle/entry/0",
        ),
    ],
    ids=str,
)
def test_what_is_wrong_is_pointed_at(insurer: Insurer, change: dict[str, Any], pointer: str) -> None:
    answer = insurer.asks(**change)
    assert answer.status_code == 422, answer.text
    assert pointer in [one["pointer"] for one in answer.json()["errors"]], answer.text
    assert cases() == 0


def test_a_procedure_that_is_not_mandated_answers_so_and_why(insurer: Insurer) -> None:
    said = insurer.asks(procedure={"system": "http://www.ama-assn.org/go/cpt", "code": "99213"}).json()
    assert said["type"] == "urn:secunda:problem:not-mandated"
    assert "99213" in said["detail"]


@pytest.mark.parametrize("name", NASTY_NAMES)
def test_markup_in_a_name_is_only_a_name(insurer: Insurer, name: str) -> None:
    patient = a_request()["patient"] | {"family_name": name, "given_names": [name]}
    answer = insurer.asks(patient=patient, questions=[name], requester=name[:120])
    assert answer.status_code == 201, answer.text
    assert name not in insurer.get(f"reviews/{answer.json()['reference']}").text


@pytest.mark.parametrize("name", ["a\x00b", "a\nb", "\x1b[31m", "", " ", "a" * 201])
def test_what_is_no_name_is_refused(insurer: Insurer, name: str) -> None:
    answer = insurer.asks(patient=a_request()["patient"] | {"family_name": name})
    assert answer.status_code in (400, 422)
    assert cases() == 0


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "application/xml",
        "application/json; charset=latin-1",
        "application/jsonp",
        "multipart/form-data",
    ],
)
def test_another_type_is_refused(insurer: Insurer, kind: str) -> None:
    answer = insurer.post("reviews", content=json.dumps(a_request()), headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (415, "#/Content-Type")


def test_a_zipped_body_is_refused(insurer: Insurer) -> None:
    answer = insurer.post("reviews", content=b"x", headers=JSON | {"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (415, "#/Content-Encoding")


def test_a_body_that_says_it_is_too_large_is_not_read(insurer: Insurer) -> None:
    answer = insurer.post("reviews", content=b"x", headers=JSON | {"Content-Length": str(2**30)})
    assert answer.status_code == 413


def test_a_body_that_turns_out_too_large_is_cut_off(insurer: Insurer, monkeypatch: pytest.MonkeyPatch) -> None:
    set_to(monkeypatch, max_bundle_bytes=2**20, max_document_bytes=2**20)
    read = []

    def endless() -> Any:
        for _ in range(64):
            read.append(2**16)
            yield b" " * 2**16

    reference = insurer.has_review()
    for path, kind in (("reviews", "application/json"), (f"reviews/{reference}/documents", "application/pdf")):
        answer = insurer.post(path, content=endless(), headers={"Content-Type": kind})
        assert answer.status_code == 413, path


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/nowhere",
        "/api/v2/reviews",
        "/api/v1/reviews/",
        "/api/v1/reviews/SO-ZZZZ-ZZZZ/..%2f..",
        "/oauth/nothing",
        "/api/v1/%00",
        "/api/v1/reviews/%F0%9F%98%80",
    ],
)
def test_an_address_that_there_is_not_is_a_problem(insurer: Insurer, path: str) -> None:
    answer = insurer.get(path)
    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"]


@pytest.mark.parametrize(("method", "path", "allowed"), [("PUT", "reviews", "GET, POST"), ("TRACE", "mandates", "GET")])
def test_a_method_that_is_not_taken_names_those_that_are(
    insurer: Insurer, method: str, path: str, allowed: str
) -> None:
    answer = insurer.send(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert answer.json()["type"] == "urn:secunda:problem:method-not-allowed"


def test_the_request_id_is_the_callers_where_it_is_a_word(insurer: Insurer) -> None:
    assert insurer.get("nowhere", headers={"X-Request-ID": "req-12345678"}).json()["instance"].endswith("req-12345678")
    answer = insurer.get("nowhere", headers={"X-Request-ID": "Maria Example <x>"})
    assert "Maria" not in str(answer.headers) + answer.text


def test_a_real_record_is_taken_as_it_is(insurer: Insurer, synthea: dict[str, Any]) -> None:
    answer = insurer.asks(patient=None, bundle=synthea)
    assert answer.status_code == 201, answer.text
    assert answer.json()["pathway"] == "orthopedics"


def test_a_payers_reference_counts_once(insurer: Insurer) -> None:
    assert [insurer.asks(payer_reference="A-1").status_code for _ in range(2)] == [201, 409]
    assert cases() == 1


def test_nothing_of_the_patient_is_in_the_log(insurer: Insurer, tmp_path: Any) -> None:
    patient = a_request()["patient"] | {"family_name": "Logwitz"}
    reference = insurer.has_review(patient=patient)
    insurer.asks(patient=patient, planned_on="Logwitz")
    insurer.get(f"reviews/{reference}?Logwitz")
    written = (tmp_path / "log" / "secunda.log").read_text()
    assert "/api/v1/reviews/{reference}" in written
    assert "Logwitz" not in written
    assert insurer.api_key not in written
