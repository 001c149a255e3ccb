"""The answer to a prior-authorisation request: ClaimResponse (Da Vinci PAS claimresponse and claiminquiryresponse).

The clinical opinion and the coverage decision are separate things: an item is pended, certified where the payer's own
rules say that agreement certifies, or cancelled by whoever asked. There is no code for a denial here.
"""

from secunda.adapters.fhir.values import child, children
from secunda.fhir_door.answer import ReviewAnswer
from secunda.fhir_door.names import (
    CLOCK,
    CONCORDANCE,
    PAS,
    STAGE,
    SUPPORTING,
    TERMINOLOGY,
    X12_REVIEW_ACTION,
    Json,
    case_identifier,
    concept,
    day,
    extension,
    hours,
    instant,
    meta,
    reference,
    without_empty,
)
from secunda.fhir_door.parties import (
    insurer_reference,
    patient_reference,
    provider_reference,
    request_of,
    request_reference,
)
from secunda.fhir_door.wording import CERTIFIED, notes

#: X12 306 by the state of an item.
REVIEW_ACTIONS = {
    "pended": ("A4", "Pended"),
    "certified": ("A1", "Certified in total"),
    "cancelled": ("C", "Cancelled"),
}


def claim_response(answer: ReviewAnswer, *, inquiry: bool = False) -> Json:
    """The ClaimResponse of a review as it stands. Its id and preAuthRef are the case reference."""
    profile = f"{PAS}profile-{'claiminquiryresponse' if inquiry else 'claimresponse'}"
    claim = request_of(answer)
    written = notes(answer)
    return without_empty(
        {
            "resourceType": "ClaimResponse",
            "id": answer.reference,
            "meta": meta(answer.version_id, answer.updated_at, profile),
            "extension": _extensions(answer),
            "identifier": [*children(claim, "identifier")[:1], case_identifier(answer.reference)],
            "status": "active",  # PAS: also when cancelled, which the items say
            "type": child(claim, "type") or concept(f"{TERMINOLOGY}claim-type", "professional"),
            "use": "preauthorization",
            "patient": patient_reference(answer),
            "created": instant(answer.updated_at),
            "insurer": insurer_reference(answer),
            "requestor": provider_reference(answer),
            "request": request_reference(answer),
            "outcome": _outcome(answer),
            "disposition": written[0],
            "preAuthRef": answer.reference,
            "preAuthPeriod": {"start": day(answer.updated_at.date())} if answer.certification == CERTIFIED else None,
            "item": [_item(answer, row) for row in answer.items],
            "processNote": [
                {"number": number, "type": "display", "text": text} for number, text in enumerate(written, start=1)
            ],
        }
    )


def _outcome(answer: ReviewAnswer) -> str:
    """`queued` while the opinion is awaited, `partial` when only the payer's own decision is, else `complete`."""
    if answer.certification in (CERTIFIED, "cancelled"):
        return "complete"
    return "partial" if answer.report else "queued"


def _extensions(answer: ReviewAnswer) -> list[Json]:
    found = [extension(STAGE, valueString=answer.stage)]
    if answer.clock is not None:
        found.append(clock_extension(answer))
    if answer.concordance is not None:
        found.append(concordance_extension(answer))
    if answer.report is not None:
        for kind in ("DocumentReference", "DiagnosticReport"):
            found.append(extension(SUPPORTING, valueReference=reference(f"{kind}/{answer.report.identity}")))
    return found


def clock_extension(answer: ReviewAnswer) -> Json:
    """Which rule, when it is due, hours left (negative when late) and hours for which the clock stood still."""
    clock = answer.clock
    assert clock is not None  # noqa: S101 - for the type checker
    return extension(
        CLOCK,
        extension=[
            extension("rule", valueString=clock.rule),
            extension("dueAt", valueDateTime=instant(clock.due_at)),
            extension("timeLeft", valueDuration=hours(clock.left)),
            extension("timeStopped", valueDuration=hours(clock.stopped)),
            extension("isStopped", valueBoolean=clock.is_stopped),
        ],
    )


def concordance_extension(answer: ReviewAnswer) -> Json:
    """The opinion beside the first one: diagnosis and treatment confirmed, clarified or changed; dissent."""
    shown = answer.concordance
    assert shown is not None  # noqa: S101 - for the type checker
    return extension(
        CONCORDANCE,
        extension=[
            extension("diagnosis", valueCode=shown.diagnosis.value),
            extension("treatment", valueCode=shown.treatment.value),
            extension("plannedProcedure", valueCode=shown.stance),
            extension("dissent", valueBoolean=shown.dissent),
        ],
    )


def _item(answer: ReviewAnswer, row: Json) -> Json:
    state = row["state"]
    said = [extension(f"{PAS}extension-itemTraceNumber", valueIdentifier=row["trace"])] if row.get("trace") else []
    if state == CERTIFIED:
        issued = day(answer.updated_at.date())
        said.append(extension(f"{PAS}extension-itemPreAuthIssueDate", valueDate=issued))
        said.append(extension(f"{PAS}extension-authorizationNumber", valueString=answer.reference))
    else:
        said.append(extension(f"{PAS}extension-administrationReferenceNumber", valueString=answer.reference))
    code, display = REVIEW_ACTIONS[state]
    action = [
        extension(f"{PAS}extension-reviewActionCode", valueCodeableConcept=concept(X12_REVIEW_ACTION, code, display)),
        extension("number", valueString=answer.reference),
    ]
    if state == "pended" and answer.report is None:
        action.append(extension("secondSurgicalOpinionFlag", valueBoolean=True))
    return {
        "extension": said,
        "itemSequence": row["sequence"],
        "noteNumber": [1],
        "adjudication": [
            {
                "extension": [extension(f"{PAS}extension-reviewAction", extension=action)],
                "category": concept(f"{TERMINOLOGY}adjudication", "submitted"),
            }
        ],
    }
