"""Launching a case from a FHIR R4 bundle: everything is checked first, then one transaction writes it all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from models import Case
from pathways.loader import LoadedPathway
from pathways.triage import triage
from pathways.vocabulary import Specialty, Urgency
from secunda import cases, clock, events
from secunda.actions.triage import check_flags
from secunda.adapters.fhir.bundle import read_bundle
from secunda.adapters.fhir.incoming import IncomingBundle
from secunda.adapters.intake import TakenIn, take_in
from secunda.case_context import CaseContext, facts_of, jurisdiction
from secunda.consents import CONSENT_FORM, record_consent
from secunda.db import transaction
from secunda.errors import BadInputError, ConflictError
from secunda.launch_request import Request, check_lengths, choose_pathway, digest, fits
from secunda.opening import add_documents, open_case
from secunda.settings import settings

__all__ = ["Launched", "Request", "launch"]


@dataclass(frozen=True)
class Launched:
    """The new case, and what its sender should know: attachments refused and oddities, each with its JSON pointer."""

    reference: str
    specialty: Specialty
    expected_urgency: Urgency
    documents: int
    refused_documents: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


Beside = Callable[[Session, Case, Launched], None]


def nothing_beside(session: Session, case: Case, launched: Launched) -> None:
    """The default."""


def launch(bundle: bytes | BinaryIO | Path, request: Request, actor: str, beside: Beside = nothing_beside) -> Launched:
    """Open a case; raises BadInputError with place and remedy, and ConflictError for the same request again.

    `beside` writes what belongs to the case in the same transaction, before it commits.
    """
    check_lengths(request)
    incoming = read_bundle(bundle, clock.now())
    loaded = choose_pathway(incoming, request, clock.now().date())
    jurisdiction(request.jurisdiction or settings().jurisdiction)
    check_flags(list(request.flags), {flag.key for flag in loaded.pathway.flags})
    request_digest = digest(incoming, request, loaded)
    taken, refused = _take_in_all(incoming, request_digest)
    with _one_case_a_request(), transaction() as session:
        _check_is_new(session, request_digest)
        now = clock.now()
        case = open_case(session, incoming, request, loaded, request_digest, now)
        expected = _expect(session, case, incoming, loaded, request, actor)
        add_documents(session, case, incoming.documents, taken, refused, actor, now)
        _take_over_consent(session, case, incoming, actor)
        cases.request_wake(session, case, clock.wall())
        launched = Launched(
            reference=case.reference,
            specialty=loaded.pathway.pathway,
            expected_urgency=expected,
            documents=len(taken),
            refused_documents=[f"{pointer}: {why}" for pointer, why in refused.items()],
            warnings=[f"{noticed.pointer}: {noticed.warning}" for noticed in incoming.noticed],
        )
        beside(session, case, launched)
    return launched


def _check_is_new(session: Session, request_digest: str) -> None:
    """The unique column is what makes two cases impossible; this is for the better message."""
    known = session.exec(select(Case.reference).where(col(Case.request_digest) == request_digest)).first()
    if known is not None:
        raise ConflictError(f"This request was launched already: {known}.", f"`secunda case show {known}` shows it.")


@contextmanager
def _one_case_a_request() -> Iterator[None]:
    """Two launches of one request at the same moment: the unique column lets one through."""
    try:
        yield
    except IntegrityError:
        raise ConflictError(
            "This request is being launched by somebody else.", "Look at `secunda case list` in a moment."
        ) from None


def _take_in_all(incoming: IncomingBundle, request_digest: str) -> tuple[dict[str, TakenIn], dict[str, str]]:
    """Store the attachments, by pointer; one that is refused, with why, does not keep the case from being opened."""
    taken: dict[str, TakenIn] = {}
    refused: dict[str, str] = {}
    attached = [document for document in incoming.documents if document.content is not None]
    if attached:
        with transaction() as session:
            _check_is_new(session, request_digest)  # before any file is stored
    for document in attached:
        try:
            taken[document.pointer] = take_in(BytesIO(document.content or b""))
        except BadInputError as refusal:
            refused[document.pointer] = refusal.message
    return taken, refused


def _take_over_consent(session: Session, case: Case, incoming: IncomingBundle, actor: str) -> None:
    """A consent in the bundle counts when it is the one for this purpose (LOINC 59284-0), or its signed form came."""
    context = CaseContext(session, case, clock.now())
    for consent in incoming.consents:
        if consent.permits and CONSENT_FORM in consent.categories:
            record_consent(context, actor, expires_at=consent.expires_at)
    for document in context.documents if incoming.documents else ():
        if document.loinc == CONSENT_FORM and document.sha256 and not document.names_somebody_else:
            record_consent(context, actor, document_id=document.id)


def _expect(
    session: Session, case: Case, incoming: IncomingBundle, loaded: LoadedPathway, request: Request, actor: str
) -> Urgency:
    """The class that the facts give so far; triage decides when the file is complete."""
    now = clock.now()
    expected = triage(loaded.pathway, facts_of(case, incoming.record, (), now)).urgency
    case.urgency = expected.value
    events.record(
        session,
        case,
        "launched",
        actor,
        now,
        specialty=case.specialty,
        pathway_hash=case.pathway_hash,
        bundle_sha256=incoming.sha256,
        expected_urgency=expected,
        payer=case.payer,
        flags=case.flags,
        why_not_eligible="" if fits(incoming, request, loaded, now.date()) else request.why_not_eligible,
    )
    return expected
