"""Importing a payer's file of reviews: each line is accepted, or refused with its reason, in its own transaction."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlmodel import col, select

from models import Case, CaseRecord
from models.door_status import ReviewSource
from pathways.errors import PathwayError
from secunda.adapters.review_columns import URLS
from secunda.adapters.review_file import Line, read_lines
from secunda.db import transaction
from secunda.errors import BadInputError, SecundaError
from secunda.launch_request import Request
from secunda.reviews.asked import Code, ReviewRequest
from secunda.reviews.bundle import Person, Question, bundle_of
from secunda.reviews.known_payers import check_is_known
from secunda.reviews.launching import AlreadyAskedError, check_is_mandated, launch_review

SLUG = re.compile(r"[a-z][a-z0-9-]{1,39}")
MEMBERS = "urn:secunda:member"  # the system of a payer's own number of its member


class LineOutcome(StrEnum):
    ACCEPTED = "accepted"
    ALREADY = "already there"
    REFUSED = "refused"


@dataclass(frozen=True)
class LineResult:
    """What became of one line; nothing in it is about the patient. `reference` is the case's."""

    line: int
    payer_reference: str
    outcome: LineOutcome
    reference: str = ""
    reason: str = ""


def import_reviews(content: bytes, payer: str, actor: str, *, check_only: bool = False) -> Iterator[LineResult]:
    """Launch the reviews of a file one after the other; doing it twice launches nothing twice.

    `check_only`: say what would become of each line. Raises BadInputError before anything is done where the file
    cannot be read as a whole, NotFoundError where nothing is known of the payer. The results come as they are reached.
    """
    lines = read_lines(content)
    if not SLUG.fullmatch(payer):
        raise BadInputError(
            "This is no payer's slug.", "Write 2 to 40 lower-case letters, digits and dashes.", place="--payer"
        )
    with transaction() as session:
        check_is_known(session, payer)
    return (_one(line, payer, actor, check_only=check_only) for line in lines)


def _one(line: Line, payer: str, actor: str, *, check_only: bool) -> LineResult:
    result = LineResult(line.number, line.written_reference, LineOutcome.REFUSED)
    if line.problems:
        return replace(result, reason="; also ".join(line.problems))
    asked = _asked(line.values, payer)
    try:
        if check_only:
            check_is_mandated(asked)
            return replace(result, outcome=LineOutcome.ACCEPTED)
        launched = launch_review(asked, actor)
    except AlreadyAskedError as known:
        return _already(result, asked, known)
    except (SecundaError, PathwayError) as error:
        return replace(result, reason=f"{error.message} {error.remedy}".strip())
    return replace(
        result,
        outcome=LineOutcome.ACCEPTED,
        reference=launched.reference,
        reason="; ".join((*launched.refused_documents, *launched.warnings)),
    )


def _already(result: LineResult, asked: ReviewRequest, known: AlreadyAskedError) -> LineResult:
    """The same line again is harmless; another request under the same reference is not the same line."""
    with transaction() as session:
        query = select(CaseRecord.source_sha256).join(Case, col(Case.id) == col(CaseRecord.case_id))
        sources = set(session.exec(query.where(Case.reference == known.reference)))
    if sha256(asked.bundle).hexdigest() in sources:
        return replace(result, outcome=LineOutcome.ALREADY, reference=known.reference)
    return replace(
        result,
        reference=known.reference,
        reason="This reference was used for another request. Give each request a reference of its own.",
    )


def _asked(values: dict[str, Any], payer: str) -> ReviewRequest:
    procedure = Code(values.get("procedure_system") or URLS["cpt"], values["procedure_code"])
    diagnoses: tuple[Code, ...] = values.get("diagnosis_codes") or ()
    planned_on: date | None = values.get("planned_on")
    reference = values["payer_reference"]
    question = Question(reference, procedure, diagnoses, planned_on)
    return ReviewRequest(
        payer=payer,
        payer_reference=reference,
        source=ReviewSource.CSV,
        bundle=bundle_of(_person(values), question),
        procedure=procedure,
        planned_on=planned_on,
        diagnoses=diagnoses,
        launch=Request(
            requester=(values.get("requester") or "")[:120],
            requester_email=values.get("requester_email") or "",
            operating_site=values.get("operating_site") or "",
            first_institution=values.get("first_institution") or "",
            questions=values.get("questions") or (),
            procedure_on=planned_on,
        ),
    )


def _person(values: dict[str, Any]) -> Person:
    member = values.get("member_id")
    return Person(
        family_name=values["family_name"],
        given_names=tuple(values["given_names"].split()),
        birth_date=values["birth_date"],
        sex=values.get("sex") or "unknown",
        identifiers=((MEMBERS, member),) if member else (),
        email=values.get("patient_email") or "",
        phone=values.get("patient_phone") or "",
        language=values.get("patient_language") or "",
    )
