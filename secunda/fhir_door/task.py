"""Tasks: the papers that a review still waits for, by LOINC code (Da Vinci PAS and CDex), and the panel's places."""

from models import Assignment
from models.status import AssignmentStatus
from secunda.fhir_door.answer import ReviewAnswer, Wanted
from secunda.fhir_door.names import (
    LOINC,
    PAS,
    PAS_CODES,
    PAYER,
    Json,
    case_identifier,
    concept,
    extension,
    instant,
    loinc,
    meta,
    reference,
    without_empty,
)
from secunda.fhir_door.parties import patient_reference, provider_reference, request_reference

ATTACHMENTS = "attachments"  # how the id of the Task that asks for papers ends
TASK_CODES = "http://hl7.org/fhir/CodeSystem/task-code"


def attachment_task_id(case_reference: str) -> str:
    return f"{case_reference}.{ATTACHMENTS}"


def attachment_task(answer: ReviewAnswer, base: str) -> Json:
    """What the review still asks for; completed when nothing is missing. Answer it at `$submit-attachment`.

    `base` is the URL of this FHIR server, which goes out as the payer URL that attachments are sent to.
    """
    is_settled = not any(one.owed for one in answer.wanted)
    return without_empty(
        {
            "resourceType": "Task",
            "id": attachment_task_id(answer.reference),
            "meta": meta(answer.version_id, answer.updated_at, f"{PAS}profile-task"),
            "identifier": [case_identifier(answer.reference)],
            "basedOn": [reference(f"ServiceRequest/{answer.reference}")],
            "status": "cancelled" if answer.certification == "cancelled" else _status(answer, is_settled=is_settled),
            "businessStatus": {"text": answer.stage},
            "intent": "order",
            "code": concept(PAS_CODES, "attachment-request-code"),
            "description": "Documents that the second opinion still needs.",
            "for": patient_reference(answer),
            "authoredOn": instant(answer.created_at),
            "lastModified": instant(answer.updated_at),
            "requester": {"identifier": {"system": PAYER, "value": answer.payer}, "display": answer.payer},
            "owner": provider_reference(answer),
            "reasonCode": concept(PAS_CODES, "priorAuthorization"),
            "reasonReference": request_reference(answer),
            "restriction": {"period": {"end": instant(answer.clock.due_at)}} if answer.clock else None,
            "input": [
                {"type": concept(PAS_CODES, "payer-url"), "valueUrl": f"{base}/$submit-attachment"},
                *(_needed(one, answer) for one in answer.wanted),
            ],
        }
    )


def _status(answer: ReviewAnswer, *, is_settled: bool) -> str:
    return "completed" if is_settled or not answer.is_open else "requested"


def _needed(wanted: Wanted, answer: ReviewAnswer) -> Json:
    """Any one of the codes will do; PAS ties it to a line of the claim."""
    line = int(answer.items[0]["sequence"]) if answer.items else 1
    codes = [{"system": LOINC, "code": code} for code in wanted.loinc]
    return {
        "extension": [extension(f"{PAS}extension-paLineNumber", valueInteger=line)],
        "type": concept(PAS_CODES, "attachments-needed"),
        "valueCodeableConcept": {
            "coding": codes,
            "text": wanted.title if wanted.owed else f"{wanted.title} (recommended)",
        },
    }


def assignment_task(assignment: Assignment, answer: ReviewAnswer, role: str) -> Json:
    """One place on the panel. Who holds it stays out of here: the report names the experts when they have signed."""
    changed = assignment.ended_at or assignment.completed_at or assignment.accepted_at or assignment.offered_at
    return without_empty(
        {
            "resourceType": "Task",
            "id": str(assignment.id),
            "meta": meta(_assignment_version(assignment), changed),
            "identifier": [case_identifier(answer.reference)],
            "basedOn": [reference(f"ServiceRequest/{answer.reference}")],
            "status": assignment.status.value,
            "businessStatus": {"text": answer.stage},
            "intent": "order",
            "code": concept(TASK_CODES, "fulfill", "Fulfill the focal request"),
            "description": f"Second opinion: {role}",
            "focus": reference(f"ServiceRequest/{answer.reference}"),
            "for": patient_reference(answer),
            "authoredOn": instant(assignment.offered_at),
            "lastModified": instant(changed),
            "performerType": [{"text": role}],
            "reasonCode": loinc("47040-1", "Consultation 2nd opinion"),
            "executionPeriod": _execution(assignment),
            "restriction": {"period": {"end": instant(assignment.opinion_due_at or assignment.accept_by)}},
        }
    )


def _execution(assignment: Assignment) -> Json:
    started, ended = assignment.accepted_at, assignment.completed_at or assignment.ended_at
    if started is None:
        return {}
    return {"start": instant(started)} | ({"end": instant(ended)} if ended else {})


def _assignment_version(assignment: Assignment) -> int:
    return 1 + list(AssignmentStatus).index(assignment.status)
