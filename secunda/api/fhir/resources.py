"""Reading and searching, a type at a time."""

import re
from collections.abc import Callable
from urllib.parse import parse_qsl

from starlette.responses import Response

from secunda.api.fhir.answers import CONTENT_TYPE, etag_of, respond
from secunda.api.fhir.door import Asked
from secunda.api.fhir.negotiating import is_known, preferred
from secunda.fhir_door.names import MEDIA_TYPE, Json
from secunda.fhir_door.outcome import DoorError, Issue, not_found
from secunda.fhir_door.reading import Bytes, opinion_document, read, read_binary, search
from secunda.fhir_door.search_parameters import read_search

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
MOST_PARAMETERS = 50


def reader(kind: str) -> Callable[[Asked], Response]:
    """The work of `GET {kind}/{id}`."""

    def work(asked: Asked) -> Response:
        return unless_known(asked, read(kind, identity_of(asked), asked.sender))

    return work


def searcher(kind: str) -> Callable[[Asked], Response]:
    """The work of `GET {kind}?…` and `POST {kind}/_search`."""

    def work(asked: Asked) -> Response:
        strict = preferred(asked.request, "handling") == "strict"
        return respond(search(read_search(kind, _parameters(asked), strict=strict), asked.sender))

    return work


def _parameters(asked: Asked) -> list[tuple[str, str]]:
    """Those of the URL and those of a form."""
    try:
        form = parse_qsl(asked.content.decode(), keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        issue = Issue("structure", "The form cannot be read.", "Send application/x-www-form-urlencoded in UTF-8.")
        raise DoorError(400, issue) from None
    found = [*asked.request.query_params.multi_items(), *form]
    if len(found) > MOST_PARAMETERS or any("\0" in name + value for name, value in found):
        raise DoorError(400, Issue("value", "The search cannot be read.", f"Send up to {MOST_PARAMETERS} parameters."))
    return found


def identity_of(asked: Asked) -> str:
    """The id in the path; one that cannot be is answered like one that is unknown."""
    identity: str = asked.request.path_params["id"]
    if not _ID.fullmatch(identity):
        raise not_found()
    return identity


def unless_known(asked: Asked, resource: Json) -> Response:
    """The resource, or 304 where the client has this version already."""
    etag = etag_of(resource)
    return respond(None, 304, {"ETag": etag}) if is_known(asked.request, etag) else respond(resource)


def read_opinion(asked: Asked) -> Response:
    return respond(opinion_document(identity_of(asked), asked.sender))


def read_bytes(asked: Asked) -> Response:
    """The bytes as they are; as a Binary resource for whoever accepts FHIR JSON only."""
    found = read_binary(identity_of(asked), asked.sender)
    accepted = asked.request.headers.get("accept", "*/*").lower()
    if MEDIA_TYPE in accepted and "*/*" not in accepted and found.media_type not in accepted:
        return _as_resource(asked, found)
    headers = {"Content-Disposition": f'attachment; filename="{found.filename}"', "Content-Type": found.media_type}
    return Response(found.content, headers=headers)


def _as_resource(asked: Asked, found: Bytes) -> Response:
    import base64

    data = base64.b64encode(found.content).decode()
    resource = {"resourceType": "Binary", "id": identity_of(asked), "contentType": found.media_type, "data": data}
    response = respond(resource)
    response.headers["Content-Type"] = CONTENT_TYPE
    return response
