"""Attachments: inline, in a Binary of the bundle, or at a URL. Source: FHIR R4 Attachment."""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from secunda.adapters.fhir.entries import Entries, Entry
from secunda.adapters.fhir.incoming import BundleWarning
from secunda.adapters.fhir.problems import BundleError, Problem, expression
from secunda.adapters.fhir.values import Json, number, text

_DIGESTS = {20: "sha1", 32: "sha256", 48: "sha384", 64: "sha512"}  # R4 says SHA-1; others are met in the field


@dataclass(frozen=True)
class Attached:
    """The bytes, or where to fetch them; `expected_sha1` is hexadecimal, of a file that is still to be fetched."""

    content: bytes | None = None
    url: str = ""
    expected_sha1: str = ""
    warning: BundleWarning | None = None


def read_attachment(attachment: Json, at: Entry, entries: Entries, *steps: str | int) -> Attached:
    """What an Attachment at `steps` of the entry `at` holds.

    Raises BundleError when the data is not base64, or is not what its hash says.
    """
    url = text(attachment, "url")
    data = attachment.get("data")
    if not isinstance(data, str) and url:
        binary = entries.find({"reference": url}, at)
        data = binary.resource.get("data") if binary is not None and binary.type == "Binary" else None
    if not isinstance(data, str) or not data.strip():
        return _elsewhere(attachment, _absolute(url, at))
    content = _decoded(data, at, steps)
    warning = _check_hash(content, attachment, at, steps)
    size = number(attachment, "size")
    if warning is None and size is not None and int(size) != len(content):
        warning = BundleWarning.ATTACHMENT_SIZE_DIFFERS
    return Attached(content=content, warning=warning)


def _elsewhere(attachment: Json, url: str) -> Attached:
    digest = _digest(text(attachment, "hash"))
    expected = digest.hex() if digest is not None and len(digest) == 20 else ""
    return Attached(url=url, expected_sha1=expected, warning=None if url else BundleWarning.ATTACHMENT_WITHOUT_CONTENT)


def _absolute(url: str, at: Entry) -> str:
    """A relative URL is relative to the server that the entry came from (FHIR R4, url of an Attachment)."""
    base = at.full_url.removesuffix(f"{at.type}/{text(at.resource, 'id')}")
    if "://" in url or url.startswith("urn:") or base == at.full_url or not base.startswith("http"):
        return url
    return base + url.lstrip("/")


def _decoded(data: str, at: Entry, steps: tuple[str | int, ...]) -> bytes:
    try:
        return base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        raise _wrong(at, (*steps, "data"), "is not valid base64") from None


def _check_hash(content: bytes, attachment: Json, at: Entry, steps: tuple[str | int, ...]) -> BundleWarning | None:
    """Some senders write the hash in hexadecimal, or that of the base64 text (R4 left it open): all are tried."""
    written = text(attachment, "hash")
    if not written:
        return None
    digest = _digest(written)
    if digest is None:
        return BundleWarning.ATTACHMENT_HASH_UNKNOWN
    algorithm = _DIGESTS[len(digest)]
    data = attachment.get("data")
    candidates = (content, data.encode() if isinstance(data, str) else b"")
    if any(hashlib.new(algorithm, one, usedforsecurity=False).digest() == digest for one in candidates):
        return None
    raise _wrong(at, (*steps, "hash"), "is not the hash of the data: the attachment was altered or cut off")


def _digest(written: str) -> bytes | None:
    for decode in (bytes.fromhex, _base64):
        try:
            digest = decode(written)
        except ValueError:
            continue
        if len(digest) in _DIGESTS:
            return digest
    return None


def _base64(written: str) -> bytes:
    return base64.b64decode("".join(written.split()), validate=True)


def _wrong(at: Entry, steps: tuple[str | int, ...], what: str) -> BundleError:
    path = expression(at.type, at.number, steps)
    place = at.pointer + "".join(f"/{step}" for step in steps)
    return BundleError(f"{path} {what}.", "Have the sending system export it again.", (Problem(place, path, what),))
