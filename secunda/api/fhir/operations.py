"""The operations: `Claim/$submit`, `Claim/$inquire`, `$submit-attachment`, and a plain transaction."""

from starlette.responses import Response

from secunda.api.fhir.answers import respond
from secunda.api.fhir.door import Asked
from secunda.api.fhir.negotiating import expected_version, preferred
from secunda.fhir_door.attaching import submit_attachments
from secunda.fhir_door.inquiring import inquire
from secunda.fhir_door.outcome import informative
from secunda.fhir_door.pas_message import read_inquiry
from secunda.fhir_door.sender import base_url
from secunda.fhir_door.submitting import submit
from secunda.fhir_door.telling import tell
from secunda.fhir_door.transacting import transact


def submit_claim(asked: Asked) -> Response:
    """A PAS response bundle; the ClaimResponse in it is pended until the opinion is there."""
    reference = submit(asked.content, asked.sender, expected_version(asked.request))
    bundle, answer = tell(reference, asked.sender)
    headers = {"Location": f"{base_url()}/ClaimResponse/{reference}", "ETag": f'W/"{answer.version_id}"'}
    return respond(bundle, headers=headers)


def inquire_claim(asked: Asked) -> Response:
    return respond(inquire(read_inquiry(asked.content), asked.sender))


def attach(asked: Asked) -> Response:
    return respond(submit_attachments(asked.content, asked.sender))


def take_transaction(asked: Asked) -> Response:
    """`Prefer: return=representation` gives the ServiceRequest back, `return=minimal` no body of entries' outcomes."""
    wish = preferred(asked.request, "return")
    bundle = transact(asked.content, asked.sender, whole=wish == "representation")
    if wish == "minimal":
        for entry in bundle["entry"]:
            entry["response"].pop("outcome", None)
    if wish == "operationoutcome":
        for entry in bundle["entry"]:
            entry["response"].setdefault("outcome", informative("Done."))
    return respond(bundle)
