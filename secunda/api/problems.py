"""Every error of the API as a problem document (RFC 9457): what is wrong, where (RFC 6901), and what to do."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response

from pathways.errors import PathwayFileError
from secunda import logs
from secunda.adapters.fhir.problems import BundleError
from secunda.errors import BadInputError, ConflictError, NotFoundError, SecundaError

MEDIA_TYPE = "application/problem+json"
PREFIX = "urn:secunda:problem:"
LATER = "300"  # seconds: a person has to mend something first


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. `pointer` leads into the part of the request that `place` names."""

    detail: str
    pointer: str = "#"
    place: str = "body"  # body, query, path, header

    def as_json(self) -> dict[str, str]:
        return {"detail": self.detail, "pointer": self.pointer, "in": self.place}


@dataclass(eq=False)
class ProblemError(SecundaError):
    """An answer that is no success. `slug` names its type for good; `headers` go with it."""

    status: int
    slug: str
    detail: str
    remedy: str = ""
    faults: Sequence[Fault] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    type: str = ""  # where another specification names the type

    def __post_init__(self) -> None:
        super().__init__(self.detail, self.remedy)


def header_problem(status: int, slug: str, header: str, detail: str, remedy: str = "") -> ProblemError:
    """Something is wrong with a header of the request."""
    return ProblemError(status, slug, detail, remedy, (Fault(detail, f"#/{header}", "header"),))


def respond(problem: ProblemError, request_id: str) -> Response:
    """The problem document."""
    said: dict[str, Any] = {
        "type": problem.type or PREFIX + problem.slug,
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "instance": f"urn:secunda:request:{request_id}",
        "errors": [fault.as_json() for fault in problem.faults or (Fault(problem.detail),)],
    }
    said |= {"remedy": problem.remedy} if problem.remedy else {}
    content = json.dumps(said | dict(problem.more), ensure_ascii=False).encode()
    return Response(content, problem.status, dict(problem.headers), MEDIA_TYPE)


def problem_of(error: SecundaError) -> ProblemError:
    """What an error of the core is to a client."""
    if isinstance(error, ProblemError):
        return error
    slug = error.code.replace("_", "-")
    if isinstance(error, NotFoundError):
        return ProblemError(404, slug, error.message, error.remedy, (Fault(error.message, "#", "path"),))
    if isinstance(error, ConflictError):
        return ProblemError(409, slug, error.message, error.remedy)
    if isinstance(error, BadInputError):
        slug = "invalid" if slug == "bad-input" else slug
        return ProblemError(422, slug, error.message, error.remedy, (_fault(error),))
    return ProblemError(503, "unavailable", "It cannot be done at the moment.", "Try again later.")


def problem_in(error: BadInputError, bundle: str) -> ProblemError:
    """The same for the request of a review. `bundle`: the pointer to its bundle, or to what one was made of."""
    is_whole = bundle == "/bundle"
    if isinstance(error, BundleError):
        places = [(f"{one.expression} {one.what}", one.pointer) for one in error.problems]
        places = places or [(error.message, error.place)]
        faults = tuple(Fault(said, f"#{bundle}{place.rstrip('/') if is_whole else ''}") for said, place in places)
        return ProblemError(422, "invalid-bundle", error.message, error.remedy, faults)
    if error.place.startswith("/entry"):
        pointer = f"#/bundle{error.place}" if is_whole else "#/diagnoses"
        return ProblemError(422, "invalid", error.message, error.remedy, (Fault(error.message, pointer),))
    return problem_of(error)


def unreadable_rules(error: PathwayFileError) -> ProblemError:
    """A file of a payer or a pathway has a mistake: nothing that who asks could mend, and no fault of the program."""
    logs.error("rules_unreadable", place=error.place)
    detail = "The rules that this needs cannot be read at the moment; whoever runs this service is told."
    return ProblemError(503, "unavailable", detail, "Send it again later.", headers={"Retry-After": LATER})


def _fault(error: SecundaError) -> Fault:
    """A place of the core is a pointer, the name of a field, or words."""
    place = error.place
    if place.startswith("/") or place.isidentifier():
        return Fault(error.message, "#/" + place.strip("/") if place != "/" else "#")
    return Fault(f"{place}: {error.message}" if place else error.message)


def request_id_of(request: Request) -> str:
    found: str = getattr(request.state, "request_id", "")
    return found
