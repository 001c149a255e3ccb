"""An update of an authorisation: items added, changed, cancelled; more documents; or all of it taken back."""

from io import BytesIO
from typing import Any

from sqlmodel import Session

from models import Case, Patient, Review
from secunda import cases, clock, documents, events
from secunda.adapters.fhir.bundle import understand
from secunda.adapters.fhir.incoming import IncomingBundle
from secunda.adapters.fhir.values import codes_of
from secunda.adapters.intake import TakenIn, take_in
from secunda.case_context import CaseContext
from secunda.checklist import take_up_papers
from secunda.db import transaction
from secunda.errors import BadInputError
from secunda.fhir_door.matching import by_names, is_same_person
from secunda.fhir_door.outcome import DoorError, Issue
from secunda.fhir_door.pas_items import ClaimItem, ItemChange, ItemState, after_update, all_cancelled
from secunda.fhir_door.pas_message import PasMessage, Purpose
from secunda.fhir_door.sender import Sender
from secunda.opening import add_documents
from secunda.progress import wake_if_it_can_move
from secunda.reviews.withdrawing import withdraw_review

CANCELLED = "The claim was cancelled by whoever sent it (Da Vinci PAS)."


def update(message: PasMessage, sender: Sender, expected_version: int | None = None) -> str:
    """Do what an update or a cancellation asks; returns the case reference. Done twice, it is done once.

    `expected_version`: of the header If-Match. Raises DoorError where there is no such review of the sender's payer,
    where it is about another patient, is closed, or was changed meanwhile.
    """
    reference = _found(message, sender, expected_version)
    if message.purpose is Purpose.CANCELLATION:
        withdraw_review(sender.payer, reference, sender.actor, CANCELLED)
        return reference
    incoming = understand(message.entries, message.sha256, clock.now())
    taken = _take_in(incoming)
    with transaction() as session:
        case = cases.lock_by_reference(session, reference)
        review, _ = _owned(session, message, sender)
        _check_is_open(case, message)
        rows = after_update(review.items, message.items)
        if not all_cancelled(rows):
            _check_is_same_procedure(review, rows, message)
            _change(CaseContext(session, case, clock.now()), review, message, rows, incoming, taken, sender)
            return reference
    withdraw_review(sender.payer, reference, sender.actor, CANCELLED)
    return reference


def _found(message: PasMessage, sender: Sender, expected_version: int | None) -> str:
    with transaction() as session:
        review, case = _owned(session, message, sender)
        patient = session.get_one(Patient, case.patient_id)
        sent = message.entries.find(message.claim.resource.get("patient"), message.claim)
        if sent is None or not is_same_person(sent.resource, patient):
            text = "The update is about another patient than the claim that it updates."
            raise DoorError(409, Issue("conflict", text, "Send a new claim.", (message.expression("patient"),)))
        if expected_version is not None and expected_version != review.version:
            text = f"The review was changed meanwhile: it is at version {review.version}."
            raise DoorError(412, Issue("conflict", text, "Inquire how it stands, and send the update again."))
        return case.reference


def _owned(session: Session, message: PasMessage, sender: Sender) -> tuple[Review, Case]:
    """By what the update calls the claim; by its own identifier where it names none."""
    names = [*message.numbers, *(message.earlier or (message.identifier,))]
    found = by_names(session, sender.payer, names)
    if found is None:
        place = ("related", 0, "claim") if message.earlier else ("identifier",)
        text = "There is no review of the claim that this one updates."
        remedy = "Send the claim itself first, or name it by the preAuthRef that you were given."
        raise DoorError(422, Issue("not-found", text, remedy, (message.expression(*place),)))
    return found


def _check_is_open(case: Case, message: PasMessage) -> None:
    if case.closed_at is not None:
        text = f"The review {case.reference} is closed: nothing can be changed any more."
        raise DoorError(409, Issue("conflict", text, "Send a new claim.", (message.expression(),)))


def _check_is_same_procedure(review: Review, rows: list[dict[str, Any]], message: PasMessage) -> None:
    """The pathway was chosen for a procedure, and the opinion is about it: another one is another review."""
    wanted = (row["service"] for row in rows if row["state"] is not ItemState.CANCELLED)
    if not any(review.procedure_code in codes_of(service) for service in wanted):
        text = f"The update takes away the procedure that the opinion is about ({review.procedure_code})."
        remedy = "Send another procedure as a new claim, and cancel this one: the pathway of a review does not change."
        raise DoorError(422, Issue("business-rule", text, remedy, (message.expression("item"),)))


def _take_in(incoming: IncomingBundle) -> dict[str, TakenIn]:
    """The files that the update brings; one that cannot be kept stops it, because nothing else would tell."""
    taken = {}
    for document in incoming.documents:
        if document.content is not None:
            try:
                taken[document.pointer] = take_in(BytesIO(document.content))
            except BadInputError as refusal:
                raise BadInputError(refusal.message, refusal.remedy, place=document.pointer) from None
    return taken


def _change(
    context: CaseContext,
    review: Review,
    message: PasMessage,
    rows: list[dict[str, object]],
    incoming: IncomingBundle,
    taken: dict[str, TakenIn],
    sender: Sender,
) -> None:
    if message.bundle == review.request_bundle:
        return
    session, case, now = context.session, context.case, context.now
    _plan_anew(review, case, message)
    review.items, review.request_bundle = rows, message.bundle
    review.version += 1
    review.updated_at = now
    new = [one for one in incoming.documents if _is_new(context, one.source_url, taken.get(one.pointer))]
    add_documents(session, case, new, taken, {}, sender.actor, now)
    events.record(
        session,
        case,
        "review_updated",
        sender.actor,
        now,
        **{change.value: _sequences(message.items, change) for change in ItemChange if change},
    )
    take_up_papers(CaseContext(session, case, now))
    wake_if_it_can_move(CaseContext(session, case, now))


def _plan_anew(review: Review, case: Case, message: PasMessage) -> None:
    """When the reviewed procedure is to be done, if the update moves it: it decides how urgent the case is."""
    for item in message.items:
        codes = {code for _, code, _ in item.codings()}
        if review.procedure_code in codes and item.serviced_on and item.change is not ItemChange.CANCELLED:
            review.planned_on = case.procedure_on = item.serviced_on
            return


def _is_new(context: CaseContext, source_url: str, taken: TakenIn | None) -> bool:
    """An update repeats the documents of the claim: what is here already is not added again."""
    if taken is not None:
        return documents.find(context.session, context.case, taken.file.sha256) is None
    return not any(known.source_url == source_url for known in context.documents)


def _sequences(items: tuple[ClaimItem, ...], change: ItemChange) -> list[int]:
    return [item.sequence for item in items if item.change is change]
