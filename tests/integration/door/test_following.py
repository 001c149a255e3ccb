"""A review from request to result, as its payer sees it: stages, tags, pages, report, opinion."""

import json

import pytest
from sqlmodel import select

from models import Event
from pathways.vocabulary import Specialty
from secunda import clock, events
from secunda.actions import amendment
from secunda.api.v1.seeing import review_out
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.reviews.finding import own_review
from secunda.reviews.standing import standing_of
from secunda.views.event_texts import SENTENCES
from secunda.views.words import STAGES
from secunda.web.catalogues import LANGUAGES, say
from tests.integration.door.conftest import PAYER, Insurer
from tests.integration.surroundings import employ
from tests.integration.walk import Walk
from tests.integration.walking import Walker


@pytest.fixture
def walk(walker: Walker, insurer: Insurer) -> Walk:
    """A review that an insurer asked for, with experts to answer it."""
    employ(Specialty.ORTHOPEDICS)
    walk = Walk(walker, insurer.has_review(language="en"))
    walker.settle(walk.reference)
    return walk


def test_a_review_is_followed_to_its_result(walk: Walk, insurer: Insurer) -> None:
    before = insurer.get(f"reviews/{walk.reference}").json()
    assert (before["stage"], before["must_act"], before["outcome"]) == ("awaiting_consent", "patient", None)
    assert before["clock"]["seconds_left"] > 0
    for what in ("report", "opinion"):
        assert insurer.get(f"reviews/{walk.reference}/{what}").status_code == 404
    walk.goes_to_its_end()
    after = insurer.get(f"reviews/{walk.reference}").json()
    assert (after["stage"], after["outcome"], after["reports"]) == ("closed", "delivered", 1)
    assert {"file_completed", "report_rendered", "closed"} <= {one["kind"] for one in after["history"]}
    assert "@example.org" not in json.dumps(after)
    report = insurer.get(f"reviews/{walk.reference}/report")
    assert (report.status_code, report.headers["content-type"]) == (200, "application/pdf")
    assert report.headers["etag"] == f'"{walk.reports[0].sha256}"'
    opinion = insurer.get(f"reviews/{walk.reference}/opinion")
    assert opinion.headers["content-type"] == "application/fhir+json"
    bundle = opinion.json()
    types = {entry["resource"]["resourceType"] for entry in bundle["entry"]}
    assert (bundle["type"], bundle["entry"][0]["resource"]["resourceType"]) == ("document", "Composition")
    assert {"Composition", "DiagnosticReport", "Patient"} <= types


def test_every_answer_says_how_much_time_is_left(insurer: Insurer) -> None:
    launched = insurer.asks().json()
    week = 7 * 24 * 3600
    assert week - 60 < launched["seconds_left"] <= week
    listed = insurer.get("reviews").json()["items"][0]
    seen = insurer.get(f"reviews/{launched['reference']}").json()["clock"]
    for told in (listed, seen):
        assert told["due_at"] == launched["due_at"]
        assert 0 < told["seconds_left"] <= launched["seconds_left"]


def anew(walk: Walk, language: str) -> object:
    """The review as it is told when nothing is remembered of it."""
    with transaction() as session:
        review, case = own_review(session, PAYER, walk.reference)
        standing = standing_of(CaseContext(session, case, clock.now()), review)
        return json.loads(review_out(standing, language).model_dump_json())


def test_what_is_remembered_of_a_review_is_what_it_is(walk: Walk, insurer: Insurer) -> None:
    """Read again and again, by turns in two languages, while it goes its way and others read it too."""
    for goes_on in (lambda: None, walk.consents, walk.goes_to_the_readers, walk.goes_to_its_end):
        goes_on()
        for language in ("en", "es", "fr", "en"):
            told = insurer.get(f"reviews/{walk.reference}", headers={"Accept-Language": language})
            assert told.json() == anew(walk, language)
            again = {"Accept-Language": language, "If-None-Match": told.headers["etag"]}
            assert insurer.get(f"reviews/{walk.reference}", headers=again).status_code == 304
    with transaction() as session:
        assert events.verify(session, own_review(session, PAYER, walk.reference)[1]) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_review_is_told_in_the_language_that_the_caller_would_rather_read(
    walk: Walk, insurer: Insurer, language: str
) -> None:
    walk.goes_to_the_panel()
    path, asked = f"reviews/{walk.reference}", f"{language}-XX, xx;q=0.9, en;q=0.1"
    told = insurer.get(path, headers={"Accept-Language": asked})
    assert told.headers["content-language"] == language
    assert "Accept-Language" in told.headers["vary"]
    review = told.json()
    history = {one["kind"]: one["text"] for one in review["history"]}
    assert review["stage_title"] == say(STAGES[walk.status], language)
    for kind in ("consent_given", "file_completed"):
        assert history[kind].startswith(say(SENTENCES[kind][0], language).partition("{")[0])
    english = insurer.get(path, headers={"Accept-Language": "xx"})
    assert english.headers["content-language"] == "en"
    if language != "en":
        words = english.json()
        assert review["stage_title"] != words["stage_title"] and review["clock"]["title"] != words["clock"]["title"]
        assert all(one["text"] != other["text"] for one, other in zip(review["history"], words["history"], strict=True))


def test_what_is_being_amended_is_not_given_out(walk: Walk, insurer: Insurer) -> None:
    walk.goes_to_its_end()
    amendment.amend(walk.reference, "coordinator", "a name was misspelt")
    for what in ("report", "opinion", "report?version=1"):
        assert insurer.get(f"reviews/{walk.reference}/{what}").status_code == 404
    walk.walker.settle(walk.reference)
    report = insurer.get(f"reviews/{walk.reference}/report")
    assert report.headers["etag"] == f'"{walk.reports[-1].sha256}"'
    assert len(walk.reports) == 2


def test_every_read_is_an_event_and_no_read_is_told(walk: Walk, insurer: Insurer) -> None:
    before = len(walk.events("read"))
    insurer.get(f"reviews/{walk.reference}")
    insurer.get(f"reviews/{walk.reference}/documents")
    insurer.get("reviews")  # nothing in it is about a patient
    reads = walk.events("read")[before:]
    assert [event.data["what"] for event in reads] == ["review", "documents"]
    assert {event.actor for event in reads} == {f"client:{insurer.client_id}"}
    assert "read" not in {one["kind"] for one in insurer.get(f"reviews/{walk.reference}").json()["history"]}


def test_a_refused_read_is_no_event(walk: Walk, other: Insurer) -> None:
    assert other.get(f"reviews/{walk.reference}").status_code == 404
    assert walk.events("read") == []


def test_the_tag_changes_when_something_happens_and_not_when_it_is_read(walk: Walk, insurer: Insurer) -> None:
    path = f"reviews/{walk.reference}"
    first, again = (insurer.get(path).headers["etag"] for _ in range(2))
    assert first == again
    same = insurer.get(path, headers={"If-None-Match": first})
    assert (same.status_code, same.content) == (304, b"")
    assert insurer.get(path, headers={"Accept-Language": "es"}).headers["etag"] != first
    walk.consents()
    assert insurer.get(path, headers={"If-None-Match": first}).status_code == 200


def test_a_review_that_changed_is_not_withdrawn_unseen(walk: Walk, insurer: Insurer) -> None:
    path = f"reviews/{walk.reference}"
    seen = insurer.get(path).headers["etag"]
    walk.consents()
    refused = insurer.post(f"{path}/withdraw", {"reason": "over"}, headers={"If-Match": seen})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (412, "#/If-Match")
    seen = insurer.get(path).headers["etag"]
    done = insurer.post(f"{path}/withdraw", {"reason": "over"}, headers={"If-Match": seen})
    assert (done.status_code, done.json()["outcome"], done.json()["certification"]) == (200, "withdrawn", "cancelled")
    assert insurer.post(f"{path}/withdraw", {"reason": "over"}).status_code == 200
    assert insurer.post(f"{path}/withdraw", {"reason": " "}).status_code == 422


def test_pages_follow_each_other_without_gap_or_repetition(insurer: Insurer) -> None:
    asked = [insurer.has_review() for _ in range(5)]
    found, cursor = [], None
    while True:
        page = insurer.get("reviews", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        found += [one["reference"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == asked[::-1]


def test_a_cursor_fits_its_own_list_only(insurer: Insurer, other: Insurer) -> None:
    for _ in range(2):
        insurer.has_review()
    cursor = insurer.get("reviews", params={"limit": 1}).json()["next_cursor"]
    foreign = [
        other.get("reviews", params={"cursor": cursor}),
        insurer.get("reviews", params={"cursor": cursor, "stage": "closed"}),
        insurer.get("reviews", params={"cursor": ("A" if cursor[0] != "A" else "B") + cursor[1:]}),
        insurer.get("reviews", params={"cursor": "nonsense"}),
        insurer.get("webhook-deliveries", params={"cursor": cursor}),
    ]
    assert {answer.status_code for answer in foreign} == {422}
    assert {answer.json()["errors"][0]["pointer"] for answer in foreign} == {"#/cursor"}


def test_what_prefect_is_told_has_nothing_that_the_payer_wrote(walk: Walk) -> None:
    """The run of a case gets its reference; nothing else of the request leaves the domain store."""
    with transaction() as session:
        kept = [event.data for event in session.exec(select(Event))]
    assert "M-445-1192" not in json.dumps(kept)
    assert "Example" not in json.dumps(kept)
