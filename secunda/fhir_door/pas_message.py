"""A Da Vinci PAS bundle, read and told apart: a request, an update, a cancellation, an inquiry.

Both shapes are read: PAS 1.1 (X12 systems under http://, items in v1.1 extensions) and 2.2.1.
"""

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum

from secunda.adapters.fhir.bundle import open_bundle
from secunda.adapters.fhir.entries import Entries, Entry, identifiers
from secunda.adapters.fhir.parsing import parse
from secunda.adapters.fhir.problems import BundleError, Problem, expression
from secunda.adapters.fhir.validation import validate
from secunda.adapters.fhir.values import child, children, text, texts
from secunda.fhir_door.names import PAS, Json
from secunda.fhir_door.pas_checks import check_claim
from secunda.fhir_door.pas_items import ClaimItem, ItemChange, is_cancelled, read_items


class Purpose(StrEnum):
    """What the sender wants."""

    REQUEST = "request"
    UPDATE = "update"
    CANCELLATION = "cancellation"
    INQUIRY = "inquiry"


@dataclass(frozen=True)
class PasMessage:
    """`identifier` is Claim.identifier as `system|value`; `earlier` are names of the claim that an update replaces."""

    purpose: Purpose
    content: bytes = field(repr=False)
    bundle: Json = field(repr=False)
    entries: Entries = field(repr=False)
    claim: Entry
    items: tuple[ClaimItem, ...]
    identifier: str
    earlier: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()  # authorisation numbers, one of which may be a case reference

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def expression(self, *steps: str | int) -> str:
        """The FHIRPath of an element of the claim."""
        return expression("Claim", self.claim.number, steps)


def read_submission(content: bytes) -> PasMessage:
    """What was sent to `Claim/$submit`. Raises BundleError, with every place, for what is no valid request."""
    message = _read(content)
    if _has_profile(message.bundle, message.claim, "inquiry"):
        raise _refused(message.claim, "is an inquiry, which is not asked for here", "Send it to Claim/$inquire.")
    return message


def read_inquiry(content: bytes) -> PasMessage:
    """What was sent to `Claim/$inquire`; the operation says what it is for, whatever its profile."""
    return _read(content, Purpose.INQUIRY)


def _read(content: bytes, purpose: Purpose | None = None) -> PasMessage:
    content = _unwrapped(content)
    bundle, entries = open_bundle(content)
    claim = _claim(entries)
    validate(entries)
    check_claim(bundle, entries, claim, is_inquiry=purpose is Purpose.INQUIRY)
    items = read_items(claim, entries)
    return PasMessage(
        purpose=purpose or _purpose(claim, items),
        content=content,
        bundle=bundle,
        entries=entries,
        claim=claim,
        items=items,
        identifier=next(iter(names_of(claim.resource)), ""),
        earlier=tuple(dict.fromkeys(_earlier(claim, entries))),
        numbers=tuple(dict.fromkeys(_numbers(claim.resource))),
    )


def _unwrapped(content: bytes) -> bytes:
    """The bundle of an operation's Parameters, where a client wraps it in some; it may also come alone."""
    if b'"Parameters"' not in content:
        return content
    value = parse(content)
    if not isinstance(value, dict) or value.get("resourceType") != "Parameters":
        return content
    inner = [child(one, "resource") for one in children(value, "parameter")]
    found = [one for one in inner if text(one, "resourceType") == "Bundle"]
    return json.dumps(found[0], ensure_ascii=False).encode() if len(found) == 1 else content


def _claim(entries: Entries) -> Entry:
    """PAS puts the claim first; what follows it is what it refers to, an earlier claim among it."""
    answers = entries.of("ClaimResponse")
    if answers and not entries.of("Claim"):
        what = "is a payer's answer, which is not asked for here"
        raise _refused(answers[0], what, "Send the request bundle, with the Claim as its first entry.")
    first = entries.all[0] if entries.all else None
    if first is None or first.type != "Claim" or first.number != 0:
        problem = Problem("/entry/0/resource", "Bundle.entry[0].resource", "must be the Claim")
        raise BundleError(
            "The first entry of the bundle is not the Claim.",
            "Put the Claim first, and after it every resource that it refers to (Da Vinci PAS).",
            (problem,),
        )
    return first


def _purpose(claim: Entry, items: tuple[ClaimItem, ...]) -> Purpose:
    resource = claim.resource
    cancelled = bool(items) and all(item.change is ItemChange.CANCELLED for item in items)
    if text(resource, "status") == "cancelled" or is_cancelled(resource) or cancelled:
        return Purpose.CANCELLATION
    changed = any(item.change is not ItemChange.NONE for item in items)
    named = _has_profile({}, claim, "claim-update")
    return Purpose.UPDATE if children(resource, "related") or (named and changed) else Purpose.REQUEST


def _has_profile(bundle: Json, claim: Entry, word: str) -> bool:
    profiles = texts(child(bundle, "meta"), "profile") + texts(child(claim.resource, "meta"), "profile")
    return any(word in profile for profile in profiles)


def _earlier(claim: Entry, entries: Entries) -> list[str]:
    """Identifiers of the claims that this one replaces, and what it calls them."""
    found: list[str] = []
    for related in children(claim.resource, "related"):
        target = entries.find(related.get("claim"), claim)
        found += names_of(target.resource) if target else []
        found += names_of({"identifier": child(related, "claim").get("identifier")})
        found += names_of({"identifier": related.get("reference")})
    return found


def names_of(resource: Json) -> list[str]:
    """The identifiers of a resource as `system|value`."""
    return [f"{text(one, 'system')}|{text(one, 'value')}" for one in identifiers(resource) if text(one, "value")]


def _numbers(claim: Json) -> list[str]:
    """Numbers that we may have given: on the claim, on its items, on its insurance."""
    wanted = {f"{PAS}extension-authorizationNumber", f"{PAS}extension-administrationReferenceNumber"}
    holders = [claim, *children(claim, "item")]
    found = [
        text(one, "valueString")
        for holder in holders
        for one in children(holder, "extension")
        if text(one, "url") in wanted
    ]
    found += [number for insurance in children(claim, "insurance") for number in texts(insurance, "preAuthRef")]
    found += [text(one, "value") for one in identifiers(claim)]
    return [number for number in found if number]


def _refused(entry: Entry, what: str, remedy: str) -> BundleError:
    problem = Problem(entry.pointer, expression(entry.type, entry.number, ()), what)
    return BundleError(f"The {entry.type} {what}.", remedy, (problem,))
