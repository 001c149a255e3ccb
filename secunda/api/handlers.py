"""Turning whatever goes wrong under /api and /oauth into a problem document."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from pathways.errors import PathwayFileError
from secunda.api.patterns import EXPECTED
from secunda.api.problems import Fault, ProblemError, problem_of, request_id_of, respond, unreadable_rules
from secunda.errors import SecundaError

SLUGS = {
    400: "bad-request",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid",
}
WORDS = {
    404: "There is nothing under this address.",
    405: "This address does not take this method.",
}
#: What pydantic says of its own insides, in words for whoever sent the JSON.
NO_OBJECT = "This should be a JSON object."
PLAIN = dict.fromkeys(("model_attributes_type", "model_type", "dict_type"), NO_OBJECT)
#: Where FastAPI found a fault: its word → ours.
PLACES = {"body": "body", "query": "query", "path": "path", "header": "header", "cookie": "header"}


def install(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(SecundaError, _secunda_error)
    app.add_exception_handler(PathwayFileError, _unreadable_rules)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, http_error)


async def _secunda_error(request: Request, error: Exception) -> Response:
    return respond(problem_of(cast(SecundaError, error)), request_id_of(request))


async def _unreadable_rules(request: Request, error: Exception) -> Response:
    return respond(unreadable_rules(cast(PathwayFileError, error)), request_id_of(request))


async def _invalid(request: Request, error: Exception) -> Response:
    return respond(invalid(cast(RequestValidationError, error).errors()), request_id_of(request))


def invalid(errors: Sequence[Mapping[str, Any]]) -> ProblemError:
    """What pydantic found, with pointers; the values that were sent are not repeated."""
    faults = tuple(_fault(one) for one in errors[:50])
    count = len(errors)
    detail = faults[0].detail if count == 1 else f"{count} things are wrong with the request."
    remedy = "Mend what `errors` lists; /openapi.json describes the request."
    return ProblemError(422, "invalid", detail, remedy, faults)


def _fault(one: Mapping[str, Any]) -> Fault:
    where, *steps = one["loc"]
    place = PLACES.get(str(where), "body")
    if str(one["type"]) == "json_invalid":
        steps = []
    return Fault(_said(one), _pointer(steps), place)


def _said(one: Mapping[str, Any]) -> str:
    """Pydantic's sentence, without the name of the exception that a check of ours raised; for a pattern ours."""
    if one["type"] == "string_pattern_mismatch" and (expected := EXPECTED.get(one["ctx"]["pattern"])):
        return str(expected)
    text = PLAIN.get(one["type"]) or str(one["msg"]).removeprefix("Value error, ")
    return f"{text[:1].upper()}{text[1:]}.".replace("..", ".")


def _pointer(steps: Iterable[Any]) -> str:
    return "#" + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


async def http_error(request: Request, raised: Exception) -> Response:
    """What the framework refuses by itself: addresses that there are not, methods that an address does not take."""
    error = cast(HTTPException, raised)
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(sorted(methods_at(request)))
    detail = WORDS.get(error.status_code) or str(error.detail)
    place = "path" if error.status_code in WORDS else "body"
    slug = SLUGS.get(error.status_code, "error")
    problem = ProblemError(error.status_code, slug, detail, faults=(Fault(detail, "#", place),), headers=headers)
    return respond(problem, request_id_of(request))


def methods_at(request: Request) -> set[str]:
    """Every method that the address takes: its routes stand one by one in the application."""
    found: set[str] = set()
    for route in request.app.state.addresses:
        match, _ = route.matches(request.scope)
        if match is not Match.NONE:
            found |= route.methods or set()
    return found
