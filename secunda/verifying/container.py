"""The one place in a signed file that no signature covers: the container of its last signature.

A validator asks whether the signature in there holds, and passes over what it does not need: padding, the case of
hexadecimal letters, certificates of the chain that it knows from elsewhere. Here nothing is passed over: whatever
stands in the container is accounted for, so that a single bit that was changed anywhere in the file is found.
Sources: ISO 32000-1, 12.8.1 (ByteRange); RFC 5652, 5.1 to 5.4; RFC 3161, 2.4.2.
"""

import re
from collections.abc import Iterable, Iterator

from asn1crypto import cms, x509
from asn1crypto.parser import parse
from cryptography.exceptions import InvalidSignature
from cryptography.x509 import load_der_x509_certificate

_HEXADECIMAL = re.compile(rb"<([0-9A-F]+)>")  # in capitals, as pyHanko writes it
_NO_PARAMETERS = (b"", b"\x05\x00")  # absent, or NULL
_STAMP = "signature_time_stamp_token"


class ContainerError(ValueError):
    """Something in the container is not accounted for."""


def check_container(file: bytes, byte_range: Iterable[int], known: Iterable[x509.Certificate]) -> None:
    """Raise ContainerError unless every byte outside the signed ranges says what it must.

    `known`: certificates that those in the container may lead to.
    """
    start, before, after, rest = byte_range
    if start != 0 or after + rest != len(file) or not 0 < before < after:
        raise ContainerError("the last signature does not cover the file to its end")
    found = _HEXADECIMAL.fullmatch(file, before, after)
    if found is None or len(found[1]) % 2:
        raise ContainerError("the signature is not written as it was")
    content = bytes.fromhex(found[1].decode())
    length = _length(content)
    if any(content[length:]):
        raise ContainerError("there is something behind the signature")
    _check_signed(content[:length], list(known))


def _length(content: bytes) -> int:
    header, body, trailer = parse(content)[3:6]
    return len(header) + len(body) + len(trailer)


def _check_signed(written: bytes, known: list[x509.Certificate]) -> None:
    info = cms.ContentInfo.load(written, strict=True)
    _demand(info["content_type"].native == "signed_data", "it holds something else than a signature")
    _demand(info.copy().dump(force=True) == written, "the signature is not encoded as it was")
    data = info["content"]
    _demand(len(data["signer_infos"]) == 1, "it holds more than one signature")
    signer = data["signer_infos"][0]
    is_stamp = data["encap_content_info"]["content_type"].native == "tst_info"
    _demand(data["version"].native == ("v3" if is_stamp else "v1"), "its version was changed")
    _demand(signer["version"].native == "v1", "its version was changed")
    digests = [one.dump() for one in data["digest_algorithms"]]
    _demand(digests == [signer["digest_algorithm"].dump()], "its digest algorithms were changed")
    _demand(signer["digest_algorithm"]["parameters"].dump() in _NO_PARAMETERS, "its digest algorithm was changed")
    _demand(not data["crls"], "it holds revocation lists that nobody put there")
    _check_certificates(data, signer, known)
    for token in _stamps(signer):
        _check_signed(token, known)


def _check_certificates(data: cms.SignedData, signer: cms.SignerInfo, known: list[x509.Certificate]) -> None:
    held = [choice.chosen for choice in data["certificates"]]
    chosen = signer["sid"].chosen
    named = [one for one in held if one.issuer.dump() == chosen["issuer"].dump()]
    _demand(any(one.serial_number == chosen["serial_number"].native for one in named), "it names another certificate")
    for certificate in held:
        _demand(any(_issued(certificate, other) for other in (*held, *known)), "a certificate in it was changed")


def _issued(certificate: x509.Certificate, by: x509.Certificate) -> bool:
    if certificate.issuer.dump() != by.subject.dump():
        return False
    try:
        issuer = load_der_x509_certificate(by.dump())
        load_der_x509_certificate(certificate.dump()).verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _stamps(signer: cms.SignerInfo) -> Iterator[bytes]:
    """The time-stamp tokens; any other unsigned attribute is one too many."""
    for attribute in signer["unsigned_attrs"] or ():
        _demand(attribute["type"].native == _STAMP, "something was added to the signature")
        yield from (value.dump() for value in attribute["values"])


def _demand(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ContainerError(otherwise)
