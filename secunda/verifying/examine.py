"""What the bytes of a PDF show of its signatures. Source: PAdES (ETSI EN 319 142-1), validation with pyHanko.

Everything that anybody reads in a report was there when the organisation sealed it: the seal is the last signature and
covers the file to its last byte. So it is enough that each signature holds for the part that it covers; what came after
an expert's signature came under the seal.
"""

import hashlib
import io
import json
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pikepdf
from asn1crypto import x509
from cryptography.x509 import load_der_x509_certificate
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import DocumentSecurityStore, validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko_certvalidator import ValidationContext

from secunda.adapters.signing.demo_authority import is_demo
from secunda.reporting.provenance import FILE_NAME
from secunda.verifying.container import ContainerError, check_container
from secunda.verifying.verdict import Examination, Finding, SeenSignature, UnreadableFileError

# What it says of a file that somebody hands in may quote the file.
logging.getLogger("pyhanko").disabled = True
logging.getLogger("pyhanko_certvalidator").disabled = True


def examine(pdf: bytes, roots: Sequence[x509.Certificate], *, demo_trusted: bool = False) -> Examination:
    """What `pdf` shows, held against the authorities `roots`; demo certificates are nobody's unless `demo_trusted`.

    Raises UnreadableFileError. Takes what the file makes it take: call it where time and memory are limited.
    """
    sha256 = hashlib.sha256(pdf).hexdigest()
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=True)
        signatures = reader.embedded_signatures
        empty = [name for name, value, _ in enumerate_sig_fields(reader) if value is None]
    except Exception as error:
        raise UnreadableFileError from error
    if not signatures:
        return Examination(finding=Finding.UNSIGNED, sha256=sha256, problem="nobody has signed it")
    if empty:
        return _altered(sha256, "a signature that belongs to it is missing")
    try:
        return _examine_signed(pdf, reader, list(signatures), roots, sha256, demo_trusted=demo_trusted)
    except ContainerError as error:
        return _altered(sha256, str(error))
    except Exception:  # noqa: BLE001 - the same: whatever cannot be read in a signed file was not so when it was signed
        return _altered(sha256, "a signature in it cannot be read")


def _examine_signed(
    pdf: bytes,
    reader: PdfFileReader,
    signatures: list[Any],
    roots: Sequence[x509.Certificate],
    sha256: str,
    *,
    demo_trusted: bool,
) -> Examination:
    context = _context(reader, roots)
    known = [*roots, *_stored(reader)]
    stamped_at = _check_time_stamps(signatures, context)
    context = _context(reader, roots, stamped_at)
    own = [one for one in signatures if one.sig_object["/Type"] == "/Sig"]
    seen: list[SeenSignature] = []
    for number, one in reversed(list(enumerate(own, start=1))):  # the seal first: it covers whatever was changed
        status = validate_pdf_signature(one, context, skip_diff=True)
        if not (status.intact and status.valid):
            return _altered(sha256, f"the signature {number} of {len(own)} does not hold")
        stamp = status.timestamp_validity
        if stamp is not None and not (stamp.intact and stamp.valid):
            return _altered(sha256, f"the time stamp of signature {number} does not hold")
        seen.insert(0, _seen(one, status, is_seal=one is own[-1], demo_trusted=demo_trusted))
    check_container(pdf, [int(one) for one in signatures[-1].byte_range], known)
    if not all(one.trusted for one in seen):
        return Examination(
            finding=Finding.UNTRUSTED,
            sha256=sha256,
            problem="it is signed by somebody whom no trusted authority vouches for",
            signatures=tuple(seen),
        )
    return Examination(finding=Finding.INTACT, sha256=sha256, signatures=tuple(seen), **_said_of_itself(pdf))


def _check_time_stamps(signatures: list[Any], context: ValidationContext) -> datetime | None:
    """When the document was stamped, if a trusted service says so. Raises ContainerError for one that does not hold."""
    found = None
    for one in signatures:
        if one.sig_object["/Type"] == "/DocTimeStamp":
            status = validate_pdf_timestamp(one, context, skip_diff=True)
            if not (status.intact and status.valid):
                raise ContainerError("its time stamp does not hold")
            found = status.timestamp if status.trusted else found
    return found


def _seen(signature: Any, status: Any, *, is_seal: bool, demo_trusted: bool) -> SeenSignature:
    certificate = load_der_x509_certificate(status.signing_cert.dump())
    demo = is_demo(certificate)
    stamp = status.timestamp_validity
    is_stamped = stamp is not None and bool(stamp.trusted)
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return SeenSignature(
        name=str(names[0].value) if names else certificate.subject.rfc4514_string(),
        signed_at=stamp.timestamp if is_stamped else signature.self_reported_timestamp,
        time_stamped=is_stamped,
        trusted=bool(status.trusted) and (demo_trusted or not demo),
        seal=is_seal,
        demo=demo,
    )


def _context(reader: PdfFileReader, roots: Sequence[x509.Certificate], at: datetime | None = None) -> ValidationContext:
    given: dict[str, Any] = {"trust_roots": list(roots), "allow_fetching": False, "moment": at}
    try:
        return DocumentSecurityStore.read_dss(reader).as_validation_context(given)
    except NoDSSFoundError:
        return ValidationContext(**given)


def _stored(reader: PdfFileReader) -> list[x509.Certificate]:
    try:
        return list(DocumentSecurityStore.read_dss(reader).load_certs())
    except NoDSSFoundError:
        return []


def _said_of_itself(pdf: bytes) -> dict[str, Any]:
    """Which case and version it is, from the record that travels inside it."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        if FILE_NAME not in document.attachments:
            return {}
        record = json.loads(document.attachments[FILE_NAME].get_file().read_bytes())
    return {"reference": str(record["case"]), "version": int(record["report"]["version"])}


def _altered(sha256: str, problem: str) -> Examination:
    return Examination(finding=Finding.ALTERED, sha256=sha256, problem=problem)
