"""`Subscription`: create, read, search, update, delete."""

from starlette.responses import Response

from secunda.api.fhir.answers import respond
from secunda.api.fhir.door import Asked
from secunda.api.fhir.negotiating import expected_version, preferred
from secunda.api.fhir.resources import identity_of, unless_known
from secunda.fhir_door import subscribing
from secunda.fhir_door.names import Json
from secunda.fhir_door.outcome import informative
from secunda.fhir_door.sender import base_url


def create(asked: Asked) -> Response:
    resource, is_new = subscribing.create(asked.content, asked.sender)
    headers = {"Location": f"{base_url()}/Subscription/{resource['id']}"}
    return _as_preferred(asked, resource, 201 if is_new else 200, headers)


def change(asked: Asked) -> Response:
    resource = subscribing.change(identity_of(asked), asked.content, asked.sender, expected_version(asked.request))
    return _as_preferred(asked, resource, 200, {})


def look(asked: Asked) -> Response:
    return unless_known(asked, subscribing.look(identity_of(asked), asked.sender))


def look_at_all(asked: Asked) -> Response:
    return respond(subscribing.look_at_all(asked.sender))


def take_away(asked: Asked) -> Response:
    subscribing.take_away(identity_of(asked), asked.sender)
    return respond(None, 204)


def _as_preferred(asked: Asked, resource: Json, status: int, headers: dict[str, str]) -> Response:
    """`Prefer: return=` minimal, OperationOutcome or (as without it) representation."""
    wish = preferred(asked.request, "return")
    headers["ETag"] = f'W/"{resource["meta"]["versionId"]}"'
    if wish == "minimal":
        return respond(None, status, headers)
    if wish == "operationoutcome":
        return respond(informative("The subscription stands."), status, headers)
    return respond(resource, status, headers)
