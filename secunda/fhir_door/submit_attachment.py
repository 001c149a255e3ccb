"""`$submit-attachment` (Da Vinci CDex 2.1): documents for a review that waits for them, by LOINC code."""

import base64
import binascii
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from secunda.adapters.fhir.parsing import parse
from secunda.adapters.fhir.problems import SHOWN
from secunda.adapters.fhir.values import Json, child, children, codes_of, concept_text, text, to_date
from secunda.fhir_door.outcome import DoorError, Issue

_REMEDY = "Send the Parameters of CDex $submit-attachment: TrackingId, AttachTo, and Attachment with Code and Content."
_CARRIERS = ("DocumentReference", "Binary")


@dataclass(frozen=True)
class SentAttachment:
    """One file. `place` is the FHIRPath of the parameter that brought it."""

    place: str
    content: bytes = field(repr=False)
    loinc: str = ""
    title: str = field(default="", repr=False)
    media_type: str = ""
    documented_on: date | None = None


@dataclass(frozen=True)
class SentAttachments:
    """`tracking` is our case reference, or the identifier of the claim."""

    tracking: str
    attachments: tuple[SentAttachment, ...]
    is_final: bool = False


def read_attachments(content: bytes) -> SentAttachments:
    """Raises DoorError with every place that is wrong, BadInputError for malformed JSON."""
    value = parse(content)
    if not isinstance(value, dict) or value.get("resourceType") != "Parameters":
        raise DoorError(400, Issue("structure", "The body is no Parameters resource.", _REMEDY, ("Parameters",)))
    issues: list[Issue] = []
    tracking = _value(value, "TrackingId", "valueIdentifier", "valueString")
    tracked = text(tracking, "value") if isinstance(tracking, dict) else str(tracking or "").strip()
    if not tracked:
        issues.append(_issue("required", "TrackingId", "The tracking id is missing."))
    use = _value(value, "AttachTo", "valueCode", "valueString")
    if use not in (None, "preauthorization"):
        text_ = "AttachTo must be preauthorization: nothing else is attached to here."
        issues.append(_issue("code-invalid", "AttachTo", text_))
    found = [
        _attachment(parameter, number, issues)
        for number, parameter in enumerate(children(value, "parameter"))
        if text(parameter, "name") == "Attachment"
    ]
    if not found and not issues:
        issues.append(_issue("required", "Attachment", "No attachment was sent."))
    if issues:
        raise DoorError(400, *issues[:SHOWN])
    final = _value(value, "Final", "valueBoolean")
    return SentAttachments(tracked, tuple(one for one in found if one is not None), is_final=final is True)


def _attachment(parameter: Json, number: int, issues: list[Issue]) -> SentAttachment | None:
    place = f"Parameters.parameter[{number}]"
    resource = next(
        (child(one, "resource") for one in children(parameter, "part") if text(one, "name") == "Content"), {}
    )
    kind = text(resource, "resourceType")
    if kind not in _CARRIERS:
        said = "must be a DocumentReference or a Binary"
        where = f"{place}.part.where(name='Content').resource"
        issues.append(Issue("structure", f"The attachment's Content {said}.", _REMEDY, (where,)))
        return None
    coded = next((child(one, "valueCodeableConcept") for one in children(parameter, "part") if _is_code(one)), {})
    holder = resource if kind == "Binary" else child(next(iter(children(resource, "content")), {}), "attachment")
    written = _decoded(holder.get("data"))
    if written is None:
        where = f"{place}.part.where(name='Content').resource" + (
            ".data" if kind == "Binary" else ".content[0].attachment.data"
        )
        issues.append(
            Issue("required", "The attachment has no readable bytes.", "Send them as base64 in `data`.", (where,))
        )
        return None
    codes = sorted(codes_of(coded) or codes_of(child(resource, "type")))
    return SentAttachment(
        place=place,
        content=written,
        loinc=codes[0] if codes else "",
        title=text(holder, "title") or text(resource, "description") or concept_text(child(resource, "type")),
        media_type=text(holder, "contentType"),
        documented_on=to_date(text(resource, "date") or text(holder, "creation")),
    )


def _is_code(part: Json) -> bool:
    return text(part, "name") == "Code"


def _decoded(data: Any) -> bytes | None:
    if not isinstance(data, str) or not data.strip():
        return None
    try:
        return base64.b64decode("".join(data.split()), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def _value(parameters: Json, name: str, *types: str) -> Any:
    for one in children(parameters, "parameter"):
        if text(one, "name") == name:
            return next((one[kind] for kind in types if kind in one), None)
    return None


def _issue(code: str, name: str, said: str) -> Issue:
    return Issue(code, said, _REMEDY, (f"Parameters.parameter.where(name='{name}')",))
