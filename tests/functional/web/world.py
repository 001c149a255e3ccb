"""The cases that are under way when the browser opens, each carried as far as its story needs by the flow's own steps.

What is left to do is done in the browser, and the system's own worker carries the cases on.
"""

from dataclasses import dataclass
from datetime import date
from functools import partial
from io import BytesIO
from uuid import UUID

import pytest

from models import Expert
from models.user_status import Role
from pathways.opinion import Stance
from pathways.vocabulary import Concordance, Specialty
from secunda import clock, outbox
from secunda.accounts.managing import user_by_email
from secunda.actions.attach import attach
from secunda.actions.consent import give_consent
from secunda.actions.experts import import_experts
from secunda.actions.launch import Request, launch
from secunda.db import transaction
from secunda.demo.papers import study
from secunda.demo.writing import example_questions
from secunda.documents import Said
from secunda.web.session import open_session
from tests.conftest import CHECKOUT
from tests.functional.web import desk
from tests.functional.web.desk import Desk
from tests.integration.surroundings import CONDITIONS, MANNERS, bundle, employ, launch_case
from tests.integration.walk import AGREES, DISSENTS, Walk
from tests.integration.walking import HandClock, Walker
from tests.integration.web.browsing import an_account
from tests.integration.web.visiting import case_id

LANGUAGES = ("es", "en")


@dataclass(frozen=True)
class World:
    """`case`: one that the coordinator looks at; `token`: their session. The others by the language of their people.

    `last`: cases where all experts but one have signed; `asked`: that one's assignment. `begun`: cases that wait for
    the patient's consent, by their references. `declined` and `offered`: offers that will be declined and accepted;
    `blind`: the seat of a blind reader, who has written. `patient`: a case of somebody else. `disputed`: one whose
    experts do not agree. `desk`: what the coordinator has to do.
    """

    case: str
    token: str
    last: dict[str, UUID]
    asked: dict[str, UUID]
    begun: dict[str, str]
    declined: UUID
    offered: UUID
    blind: UUID
    patient: UUID
    disputed: str
    desk: Desk

    def report_of(self, language: str) -> UUID:
        """The case whose report is made when its last expert has signed."""
        return self.last[language]


def build() -> World:
    """Fill an empty domain store."""
    import_experts(CHECKOUT / "examples" / "experts.csv")
    case = launch_case(requester="Clínica del Mar")
    launch_case(requester="Hospital de Ponent", payer="mutua-norte")
    give_consent(case, "patient")
    attach(case, BytesIO(study("XA", date(2026, 2, 1), 4)), "requester", Said(title="Angiography", loinc="18745-0"))
    with transaction() as session:
        an_account(session, Role.COORDINATOR, "ana@example.org")
        an_account(session, Role.COORDINATOR, "berta@example.org")
    with transaction() as session:
        token = open_session(session, user_by_email(session, "ana@example.org"), "Chromium", verified=True)
    with pytest.MonkeyPatch.context() as patch:
        world = _with_people(patch, case, token)
    outbox.deliver_due()
    return world


def _with_people(patch: pytest.MonkeyPatch, case: str, token: str) -> World:
    walker = Walker(HandClock(clock.wall()))
    walker.install(patch)
    for specialty in (Specialty.CARDIOLOGY, Specialty.RADIOLOGY):
        employ(specialty, MANNERS)
    lacking = {language: _launch(walker, Specialty.CARDIOLOGY, language, "last") for language in LANGUAGES}
    asked = {language: _all_but_one(walk, language) for language, walk in lacking.items()}
    offered = _launch(walker, Specialty.CARDIOLOGY, "en", "offered")
    offered.goes_to_the_panel()
    read = _launch(walker, Specialty.RADIOLOGY, "en", "read")
    read.goes_to_the_readers()
    disputed = _launch(walker, Specialty.CARDIOLOGY, "es", "disputed")
    disputed.goes_to_the_readers()
    for role, votes in zip(sorted(disputed.panel), (AGREES, DISSENTS, {"stance": Stance.UNCERTAIN}), strict=True):
        disputed.signs(role, **votes)
    return World(
        case=case,
        token=token,
        last={language: case_id(walk) for language, walk in lacking.items()},
        asked=asked,
        begun={language: _launch(walker, Specialty.CARDIOLOGY, language, "begun").reference for language in LANGUAGES},
        declined=offered.panel[sorted(offered.panel)[2]].id,
        offered=offered.panel[sorted(offered.panel)[0]].id,
        blind=_blind_reader(read),
        patient=case_id(offered),
        disputed=disputed.reference,
        desk=desk.build(patch, partial(_at_the_desk, walker)),
    )


def _launch(walker: Walker, specialty: Specialty, language: str, name: str, jurisdiction: str = "") -> Walk:
    person = {
        "identifier": [{"system": "https://example.org/cip", "value": f"CIP-{name}-{language}"}],
        "communication": [{"language": {"coding": [{"code": language}]}, "preferred": True}],
        "telecom": [
            {"system": "email", "value": f"{name}.{language}@example.org"},
            {"system": "phone", "value": "+34600000001", "use": "mobile"},
        ],
    }
    request = Request(
        specialty=specialty,
        requester=f"Hospital {name} {language}",
        requester_email="requester@example.org",
        language=language,
        jurisdiction=jurisdiction,
        questions=example_questions(specialty, language),
    )
    walk = Walk(walker, launch(bundle(CONDITIONS[specialty], **person), request, "user:ana@example.org").reference)
    walker.settle(walk.reference)
    return walk


def _at_the_desk(walker: Walker, name: str, language: str) -> Walk:
    """Where the law has a clock that may be extended."""
    return _launch(walker, Specialty.CARDIOLOGY, language, name, jurisdiction="es-ga")


def _all_but_one(walk: Walk, language: str) -> UUID:
    """Everybody has signed but one, whose offer is not answered yet; returns that one's assignment."""
    walk.goes_to_the_panel()
    last = sorted(walk.panel)[LANGUAGES.index(language)]  # another role in each: an expert has one language
    others = [role for role in walk.panel if role != last]
    walk.accepts(*others)
    walk.signs(*others, stance=Stance.SUPPORTED, treatment=Concordance.CONFIRMED)
    seat = walk.panel[last]
    with transaction() as session:
        session.get_one(Expert, seat.expert_id).languages = [language, "fr"]
    return seat.id


def _blind_reader(walk: Walk) -> UUID:
    role, seat = next((role, seat) for role, seat in sorted(walk.panel.items()) if seat.blind_first)
    walk.writes(role)
    return seat.id
