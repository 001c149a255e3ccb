"""Every action of every person, done twice, and done to a case that is closed: neither harms anything."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from sqlmodel import select

import models
import secunda.actions
from models import Document
from models.rights_request import Right, RightAnswer
from models.status import CaseStatus, Outcome
from pathways import loader
from pathways.opinion import OpinionContent, Stance
from pathways.overlay import StopReason
from pathways.readings import BoardDecision
from pathways.vocabulary import Concordance, Specialty, Urgency
from secunda.actions import (
    adjudication,
    assignment,
    attach,
    checklist,
    clocks,
    consent,
    correction,
    experts,
    hold,
    identity,
    launch,
    opinion,
    pathway,
    person_requests,
    questions,
    remind,
    rights,
    triage,
    withdraw,
)
from secunda.db import transaction
from secunda.documents import Said
from secunda.errors import ConflictError
from secunda.settings import settings
from tests.conftest import CHECKOUT
from tests.integration.conftest import Launch
from tests.integration.surroundings import bundle
from tests.integration.test_identity import a_study_of
from tests.integration.walk import AGREES, DISSENTS, Walk

SURGEON = "cardiac_surgeon"
OF_NO_CASE = {"launch", "import_experts"}
OF_A_CLOSED_CASE = {"amend"}  # see test_amendments.py
OF_ANY_CASE = {"request_right", "answer_right", "extend_right"}  # a closed one too
RUNNING = {"wake_requested_at", "lease_holder", "lease_token", "lease_until"}  # who executes, not what is so
Deed = Callable[[], object]


def everything() -> dict[str, list[str]]:
    """All rows of all tables."""
    with transaction() as session:
        return {
            table.name: sorted(
                str({name: value for name, value in row._mapping.items() if name not in RUNNING})
                for row in session.execute(select(table))
            )
            for table in models.metadata.sorted_tables
        }


def signed(walk: Walk) -> None:
    walk.goes_to_the_readers()
    walk.signs(SURGEON)


def drafted(walk: Walk) -> None:
    walk.goes_to_the_readers()
    walk.writes(SURGEON)


def disputed(walk: Walk) -> None:
    walk.goes_to_the_readers()
    for role, votes in zip(sorted(walk.panel), (AGREES, DISSENTS, {"stance": Stance.UNCERTAIN}), strict=True):
        walk.signs(role, **votes)


def stopped(walk: Walk) -> None:
    clocks.stop_clocks(walk.reference, StopReason.TEST_PENDING, "coordinator", "biopsy")


def doubted(walk: Walk) -> None:
    attach.attach(walk.reference, a_study_of("DOE^OTHER"), "requester", Said(loinc="18745-0"))


def asked(walk: Walk) -> None:
    rights.request_right(walk.reference, Right.ACCESS, "patient")


def nothing(walk: Walk) -> None:
    """The case waits for its consent."""


def confirmed(walk: Walk) -> Deed:
    number = next(document.number for document in walk.rows(Document) if document.names_somebody_else)
    return lambda: identity.confirm_patient(walk.reference, number, "coordinator", "phoned")


def moved(walk: Walk) -> Deed:
    """To a version that says the same under another number."""
    shipped = loader.FOLDER / f"{Specialty.CARDIOLOGY}.yaml"
    numbered, edits = re.subn(r"(?m)^version: .*$", "version: 99.0.0", shipped.read_text(encoding="utf-8"))
    assert edits == 1
    edited = settings().home / shipped.name
    edited.write_text(numbered, encoding="utf-8")
    to = loader.load(edited)
    return lambda: list(pathway.move(to, "coordinator", "the board asks for it", [walk.reference]))


def board(walk: Walk) -> Deed:
    same = Concordance.CONFIRMED
    decision = BoardDecision(stance=Stance.SUPPORTED, diagnosis_concordance=same, treatment_concordance=same)
    return lambda: adjudication.record_board_decision(walk.reference, decision, "chair")


def written(walk: Walk) -> Deed:
    seat = walk.panel[SURGEON].id
    return lambda: opinion.submit(seat, OpinionContent(diagnosis="Angina."), "expert")


def seated(action: Callable[..., object], *said: Any, **options: Any) -> Callable[[Walk], Deed]:
    def prepare(walk: Walk) -> Deed:
        seat = walk.panel[SURGEON].id
        return lambda: action(seat, "somebody", *said, **options)

    return prepare


def on_case(action: Callable[..., object], *said: Any) -> Callable[[Walk], Deed]:
    return lambda walk: lambda: action(walk.reference, *said)


def of_nobody(action: Callable[..., object], *said: Any) -> Callable[[Walk], Deed]:
    return lambda _: lambda: action(*said)


def attached(walk: Walk) -> Deed:
    return lambda: attach.attach(walk.reference, BytesIO(b"Sinus rhythm."), "requester", Said(loinc="11524-6"))


PANEL, READERS, CONSENT = Walk.goes_to_the_panel, Walk.goes_to_the_readers, Walk.consents
REQUEST = launch.Request(specialty=Specialty.CARDIOLOGY, requester="Somebody")
TEST = StopReason.TEST_PENDING

#: Where a case must have come to, and what somebody is then about to do.
ACTIONS: dict[str, tuple[Callable[[Walk], Any], Callable[[Walk], Deed]]] = {
    "give_consent": (nothing, on_case(consent.give_consent, "patient")),
    "withdraw_consent": (CONSENT, on_case(consent.withdraw_consent, "patient")),
    "attach": (CONSENT, attached),
    "waive": (CONSENT, on_case(checklist.waive, "ecg", "coordinator", "old")),
    "limit": (CONSENT, on_case(checklist.limit, "ecg", "coordinator", "lost")),
    "confirm_patient": (doubted, confirmed),
    "set_flags": (PANEL, on_case(triage.set_flags, ["endocarditis"], "coordinator")),
    "override_urgency": (PANEL, on_case(triage.override_urgency, Urgency.P2, "coordinator", "phoned")),
    "hold": (READERS, on_case(hold.hold, "coordinator", "travels")),
    "resume": (Walk.holds, on_case(hold.resume, "coordinator")),
    "stop_clocks": (PANEL, on_case(clocks.stop_clocks, TEST, "coordinator", "biopsy")),
    "start_clocks": (stopped, on_case(clocks.start_clocks, TEST, "coordinator")),
    "extend_clock": (PANEL, on_case(clocks.extend_clock, "report", "coordinator", "complex")),
    "accept": (PANEL, seated(assignment.accept, no_conflict_attested=True)),
    "decline": (PANEL, seated(assignment.decline, "busy")),
    "replace": (READERS, seated(assignment.replace, "ill")),
    "hand_back": (READERS, seated(assignment.hand_back, "ill")),
    "submit": (READERS, written),
    "lock": (drafted, seated(opinion.lock)),
    "ask_for_correction": (signed, seated(correction.ask_for_correction, "a dose is missing")),
    "record_board_decision": (disputed, board),
    "remind": (CONSENT, on_case(remind.remind, "coordinator")),
    "ask": (CONSENT, on_case(questions.ask, "Can it wait until summer?", "patient")),
    "cannot_be_obtained": (CONSENT, on_case(person_requests.cannot_be_obtained, "ecg", "requester", "burnt")),
    "request_right": (CONSENT, on_case(rights.request_right, Right.ACCESS, "patient")),
    "answer_right": (asked, on_case(rights.answer_right, Right.ACCESS, RightAnswer.PARTLY, "coordinator", "the law")),
    "extend_right": (asked, on_case(rights.extend_right, Right.ACCESS, "coordinator", "many papers")),
    "move": (READERS, moved),
    "withdraw": (READERS, on_case(withdraw.withdraw, "requester", "moved away")),
    "launch": (nothing, of_nobody(launch.launch, bundle("I25.1"), REQUEST, "coordinator")),
    "import_experts": (nothing, of_nobody(experts.import_experts, CHECKOUT / "examples" / "experts.csv")),
}


def is_action(function: Callable[..., object]) -> bool:
    """What somebody does; not what is a part of it, inside a transaction that the caller holds."""
    parameters = inspect.signature(function).parameters
    return "actor" in parameters and "context" not in parameters


def test_every_action_is_in_the_table() -> None:
    found = set()
    for module in pkgutil.iter_modules(secunda.actions.__path__):
        members = inspect.getmembers(importlib.import_module(f"secunda.actions.{module.name}"), inspect.isfunction)
        found |= {
            name for name, one in members if one.__module__ == f"secunda.actions.{module.name}" and is_action(one)
        }
    helpers = {name for name in found if name.startswith("_")}
    assert found - helpers | {"import_experts"} == set(ACTIONS) | OF_A_CLOSED_CASE


@pytest.mark.parametrize("action", ACTIONS)
def test_doing_it_twice_is_harmless(launched: Launch, action: str) -> None:
    walk = launched(jurisdiction="es-ga")
    reach, prepare = ACTIONS[action]
    reach(walk)
    deed = prepare(walk)
    before = everything()
    deed()
    walk.walker.settle(walk.reference)
    once = everything()
    assert once != before
    try:
        deed()
    except ConflictError as refusal:
        assert refusal.remedy
    walk.walker.settle(walk.reference)
    assert everything() == once


def test_a_closed_case_takes_no_event(launched: Launch) -> None:
    walk = launched(jurisdiction="es-ga")
    doubted(walk)
    walk.goes_to_the_panel()
    deeds = {
        action: prepare(walk) for action, (_, prepare) in ACTIONS.items() if action not in OF_NO_CASE | OF_ANY_CASE
    }
    walk.withdraws()
    closed = everything()
    for action, deed in deeds.items():
        with pytest.raises(ConflictError, match="closed"):
            deed()
        assert everything() == closed, action
    walk.walker.execute(walk.reference)
    assert everything() == closed
    assert (walk.status, walk.case.outcome) == (CaseStatus.CLOSED, Outcome.WITHDRAWN)
