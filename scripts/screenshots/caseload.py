"""The made-up cases and people behind the pictures: what fills the table's addresses, and who looks at them."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from benchmarks.many_cases import FAMILY, GIVEN, REQUESTERS
from models import Assignment, Case, Document, Expert, PathwayVersion, Report
from models.rights_request import Right, RightAnswer
from models.status import AssignmentStatus
from models.user_status import Role
from secunda import clock
from secunda.accounts.managing import add_user, user_by_email
from secunda.accounts.passwords import hashed
from secunda.actions import rights
from secunda.actions.assignment import accept
from secunda.actions.correction import ask_for_correction
from secunda.actions.opinion import lock, submit
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.demo.writing import opinion_for
from secunda.drafting import draft as drafts
from secunda.links import VALID_FOR, LinkTarget, link_to
from secunda.recipients import RecipientKind
from secunda.web.session import open_session
from tests.functional.web import sample
from tests.integration.surroundings import bundle
from tests.integration.web.browsing import PASSWORD, an_account

DONE = AssignmentStatus.COMPLETED


def build() -> dict[str, str]:
    """Fill an empty domain store; returns what stands for each name in the table's addresses."""
    references = sample.build(pytest.MonkeyPatch(), _name_the_experts)
    with transaction() as session:
        cases = {key: _case(session, reference) for key, reference in references.items()}
        pictures = select(Document.number).where(Document.case_id == cases["sclerosis"].id)
        named = {key: str(case.id) for key, case in cases.items()}
        named |= {f"{key}_reference": reference for key, reference in references.items()}
        named["pictures"] = str(session.exec(pictures.where(Document.media_type == "application/dicom")).first())
        named["report_token"] = session.exec(select(Report.token)).one()
        named["older_pathway"] = _an_older_pathway(session)
    _ask_for_rights(references["oncology"])
    return named | _seats(cases) | _links(cases)


def _ask_for_rights(reference: str) -> None:
    """One that waits for its answer, and one that was refused."""
    for right in Right:
        rights.request_right(reference, right, "patient")
    kept = "La ley 41/2002 obliga a conservar la historia clínica cinco años; después la suprimimos."
    rights.answer_right(reference, Right.ERASURE, RightAnswer.REFUSED, "user:ana@example.org", kept)


def _name_the_experts() -> None:
    with transaction() as session:
        for number, expert in enumerate(session.exec(select(Expert).order_by(col(Expert.code)))):
            own, father = GIVEN[number % len(GIVEN)], FAMILY[number % len(FAMILY)]
            expert.name = f"{own} {father} {FAMILY[(7 * number + 3) % 40]}"
            expert.institution = REQUESTERS[number % len(REQUESTERS)]


def _say_other_things(content: dict[str, Any]) -> None:
    """A change of every kind: papers, their texts, a rule, the panel, clocks, a ladder and a section."""
    ecg = next(one for one in content["documents"] if one["key"] == "ecg")
    ecg["obligation"], ecg["maximum_age"], ecg["title"]["fr"] = "recommended", "1 day", "ECG de repos"
    content["version"], content["documents"] = "0.0.9", content["documents"][:-2]
    content["panel"]["roles"][0]["seats"], content["panel"]["adjudication"] = 2, "concur"
    content["triage"]["rules"][1] |= {"when": "age > 80", "urgency": "P2"}
    content["deadlines"]["acceptance"]["P1"], content["deadlines"]["documents"] = "8 h", "5 working days"
    content["chase"]["consent"] = content["chase"]["consent"][:1]
    frailty = {"key": "frailty", "title": {"en": "Frailty", "es": "Fragilidad"}, "kind": "text"}
    content["report"]["sections"].append(frailty)


def _case(session: Session, reference: str) -> Case:
    return session.exec(select(Case).where(Case.reference == reference)).one()


def _an_older_pathway(session: Session) -> str:
    known = session.exec(select(PathwayVersion).where(PathwayVersion.specialty == "cardiology")).one()
    content = json.loads(json.dumps(known.content))
    _say_other_things(content)
    older = "0" * 63 + "1"
    session.add(
        PathwayVersion(
            hash=older, specialty="cardiology", version="0.0.9", content=content, first_used_at=known.first_used_at
        )
    )
    return older


def _seats(cases: dict[str, Case]) -> dict[str, str]:
    """An assignment in each state that an expert's pages have."""
    with transaction() as session:
        panel = {key: _panel(session, cases[key]) for key in ("hip", "cardiology", "sclerosis", "lung")}
        blind = next(seat for seat in panel["lung"] if seat.blind_first)
    signed, *reading = sorted(panel["cardiology"], key=lambda seat: seat.status is not DONE)
    accept(blind.id, _holder(blind.id), no_conflict_attested=True)
    for seat in panel["sclerosis"][:2]:
        _write(seat.id)
    corrected = _corrected(panel["sclerosis"][1].id)
    return {
        "offered": str(panel["hip"][0].id),
        "reading": str(reading[0].id),
        "written": str(panel["sclerosis"][0].id),
        "blind": str(blind.id),
        "signed": str(signed.id),
        "corrected": str(corrected),
    }


def _panel(session: Session, case: Case) -> list[Assignment]:
    query = select(Assignment).where(Assignment.case_id == case.id, col(Assignment.ended_at).is_(None))
    return sorted(session.exec(query), key=lambda seat: seat.role)


def _write(seat: UUID) -> None:
    with transaction() as session:
        assignment = session.get_one(Assignment, seat)
        context = CaseContext(session, session.get_one(Case, assignment.case_id), clock.now())
        written = opinion_for(context, assignment, None, None)
    submit(seat, written, _holder(seat))


def _holder(seat: UUID) -> str:
    """As events name who did something."""
    with transaction() as session:
        return f"expert:{session.get_one(Expert, session.get_one(Assignment, seat).expert_id).code}"


def _corrected(seat: UUID) -> UUID:
    lock(seat, _holder(seat))
    ask_for_correction(
        seat, "user:ana@example.org", "El nivel de evidencia de la segunda recomendación no es el citado."
    )
    return seat


def _links(cases: dict[str, Case]) -> dict[str, str]:
    def path(kind: RecipientKind, subject: UUID, age: timedelta = timedelta()) -> str:
        return "/d/" + link_to(LinkTarget(kind, subject), clock.wall() - age).rpartition("/")[2]

    with transaction() as session:
        seat = _panel(session, cases["knee"])[0]
    return {
        "patient_link": path(RecipientKind.PATIENT, cases["rare"].id),
        "expert_link": path(RecipientKind.EXPERT, seat.id),
        "expired_link": path(RecipientKind.PATIENT, cases["rare"].id, VALID_FOR * 2),
    }


def sessions() -> dict[str, str]:
    """Who is signed in, by their name in the table → what their cookie holds; and a draft of the coordinator's."""
    with transaction() as session:
        an_account(session, Role.COORDINATOR, "ana@example.org")
        an_account(session, Role.OPS, "nil@example.org")
        add_user(session, "marta@example.org", "Marta Soler", Role.COORDINATOR)
        add_user(session, "pol@example.org", "Pol Riera", Role.COORDINATOR)
    with transaction() as session:
        for email in ("marta@example.org", "pol@example.org"):
            user_by_email(session, email).password_hash = hashed(PASSWORD)
        user_by_email(session, "pol@example.org").totp_confirmed_at = clock.wall()
    with transaction() as session:

        def token(email: str, *, verified: bool = True) -> str:
            return open_session(session, user_by_email(session, email), "Firefox, Linux", verified=verified)

        return {
            "coordinator": token("ana@example.org"),
            "ops": token("nil@example.org"),
            "half signed in": token("ana@example.org", verified=False),
            "newcomer": token("marta@example.org", verified=False),
            "newcomer with a temporary password": token("pol@example.org"),
        }


def a_draft() -> str:
    """The address of a launch that is begun."""
    with transaction() as session:
        user = user_by_email(session, "ana@example.org").id
    draft = drafts.begin(user)
    drafts.add_file(draft, "paciente.json", BytesIO(bundle("C18.7", name=[{"family": "Vidal", "given": ["Rosa"]}])))
    drafts.add_file(draft, "nota.txt", BytesIO("Primera opinión: esperar y vigilar.".encode()))
    draft.keep()
    return f"/launch/{draft.id}"
