"""The bundles that go back: a PAS response with everything it refers to, a searchset, the answer to a transaction."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from secunda.fhir_door.answer import ReviewAnswer
from secunda.fhir_door.claim_response import claim_response
from secunda.fhir_door.names import PAS, Json, instant
from secunda.fhir_door.parties import echoed
from secunda.fhir_door.task import attachment_task

_ECHOED = ("patient", "insurer", "provider")


def response_bundle(answer: ReviewAnswer, base: str, besides: Iterable[Json] = (), *, inquiry: bool = False) -> Json:
    """PAS response bundle: the ClaimResponse, what it refers to as it was sent, the Task for papers, and `besides`."""
    profile = f"{PAS}profile-pas-{'inquiry-' if inquiry else ''}response-bundle"
    own = [claim_response(answer, inquiry=inquiry)]
    if answer.wanted and answer.is_open:
        own.append(attachment_task(answer, base))
    resources = [*own, *besides]
    return {
        "resourceType": "Bundle",
        "meta": {"profile": [profile]},
        "identifier": {"system": "urn:secunda:response", "value": f"{answer.reference}/{answer.version}"},
        "type": "collection",
        "timestamp": instant(answer.updated_at),
        "entry": [_entry(resources[0], base), *echoed(answer, *_ECHOED), *(_entry(one, base) for one in resources[1:])],
    }


def _entry(resource: Json, base: str) -> Json:
    if "id" not in resource:
        return {"resource": resource}
    return {"fullUrl": f"{base}/{resource['resourceType']}/{resource['id']}", "resource": resource}


def nothing_found(outcome: Json) -> Json:
    """An inquiry that meets no review: no ClaimResponse, and a word about it."""
    profile = f"{PAS}profile-pas-inquiry-response-bundle"
    bundle: Json = {"resourceType": "Bundle", "meta": {"profile": [profile]}, "type": "collection"}
    return bundle | {"entry": [{"resource": outcome}]}


def searchset(
    resources: Sequence[Json],
    total: int | None,
    base: str,
    kind: str,
    used: list[tuple[str, str]],
    following: str | None,
) -> Json:
    """One page of a search. `used`: the parameters that were understood; `following`: the cursor of the next page."""
    link = [{"relation": "self", "url": _url(base, kind, used)}]
    if following is not None:
        kept = [(name, value) for name, value in used if name != "_cursor"]
        link.append({"relation": "next", "url": _url(base, kind, [*kept, ("_cursor", following)])})
    found: Json = {"resourceType": "Bundle", "type": "searchset", "link": link}
    found |= {"total": total} if total is not None else {}
    entries = [{**_entry(one, base), "search": {"mode": "match"}} for one in resources]
    return found | ({"entry": entries} if entries else {})


def _url(base: str, kind: str, parameters: list[tuple[str, str]]) -> str:
    return f"{base}/{kind}" + (f"?{urlencode(parameters)}" if parameters else "")
