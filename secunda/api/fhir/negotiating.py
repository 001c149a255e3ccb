"""What a request says of how it wants to be treated: Accept, _format, Prefer, If-Match, If-None-Match."""

import re

from starlette.requests import Request

from secunda.fhir_door.names import MEDIA_TYPE
from secunda.fhir_door.outcome import DoorError, Issue

ACCEPTED = (MEDIA_TYPE, "application/json")
_FORMATS = (*ACCEPTED, "json")
_ANY = ("*/*", "application/*")
_VERSION = re.compile(r'(?:W/)?"(\d{1,9})(?:\.[0-9a-f]{8})?"')


def check_accept(request: Request, *others: str) -> None:
    """Raises DoorError 406 where the client takes no FHIR JSON. `others`: media types that will do as well."""
    wanted = request.query_params.get("_format")
    if wanted is not None:
        named = [wanted.partition(";")[0].strip().replace(" ", "+").lower()]
    else:
        header = request.headers.get("accept", "*/*")
        named = [part.partition(";")[0].strip().lower() for part in header.split(",") if _is_wanted(part)]
    if not set(named) & {*_FORMATS, *_ANY, *others}:
        issue = Issue("not-supported", "No format that was asked for is spoken here.", f"Accept {MEDIA_TYPE}.")
        raise DoorError(406, issue)


def _is_wanted(part: str) -> bool:
    return not re.search(r";\s*q=0(\.0*)?\s*(;|$)", part)


def check_fhir_version(request: Request) -> None:
    """Raises DoorError 415 for a body that calls itself another version of FHIR."""
    found = re.search(r'fhirversion\s*=\s*"?([\d.]+)', request.headers.get("content-type", "").lower())
    if found is not None and found[1] not in ("4.0", "4.0.1"):
        issue = Issue("not-supported", "The body is of another version of FHIR.", "Send FHIR R4 (4.0.1).")
        raise DoorError(415, issue)


def preferred(request: Request, name: str) -> str:
    """The value of a preference (RFC 7240), such as `return` or `handling`; empty where nothing is preferred."""
    for header in request.headers.getlist("prefer"):
        for part in re.split("[,;]", header):
            key, _, value = part.partition("=")
            if key.strip().lower() == name:
                return value.strip().strip('"').lower()
    return ""


def expected_version(request: Request) -> int | None:
    """The version that If-Match names; None without that header. Raises DoorError 412 for what is none of ours."""
    header = request.headers.get("if-match")
    if header is None or header.strip() == "*":
        return None
    found = _VERSION.fullmatch(header.strip())
    if found is None:
        issue = Issue("conflict", "If-Match names no version of ours.", "Send the ETag that you were given.")
        raise DoorError(412, issue)
    return int(found[1])


def is_known(request: Request, etag: str) -> bool:
    """Whether the client has this version already (304)."""
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    return bool(etag) and ("*" in known or etag.removeprefix("W/") in known)
