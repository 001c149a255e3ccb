"""Signing a report: every expert, and over all of it the organisation. Source: PAdES (ETSI EN 319 142-1).

Level B-B with the certificates' validity embedded; B-LTA where a time-stamp service is set. Every signature is an
incremental update: what was signed before stays as it was, byte for byte.
"""

import asyncio
import io
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError as PyHankoSigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    PdfTimeStamper,
    SigDSSPlacementPreference,
    TimestampDSSContentSettings,
)
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError

from secunda.adapters.signing.key_stores import KeyStore, key_store
from secunda.adapters.signing.prepare import TIMESTAMP, field_name, prepare
from secunda.adapters.signing.signatory import EmbeddedFile, Signatory, SigningError
from secunda.adapters.signing.trust import signing_context
from secunda.settings import Settings

TIMESTAMP_SECONDS = 10
logging.getLogger("pyhanko").setLevel(logging.ERROR)  # it warns that nothing is fetched, which is a setting of ours
#: In the revision of the signature itself, so that the last signature covers the file to its last byte.
_VALIDITY = DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE)
_STAMPED_VALIDITY = TimestampDSSContentSettings(include_vri=False, update_before_ts=True)


@dataclass(frozen=True)
class SealedReport:
    """The signed PDF, and who signed it, in order."""

    pdf: bytes
    signed_by: tuple[Signatory, ...]


@dataclass(frozen=True)
class Times:
    """`signed_at`: what the signatures say, pathway time; `wall`: what certificates are held against."""

    signed_at: datetime
    wall: datetime


class _Writer(IncrementalPdfFileWriter):
    """Leaves what the file says of itself as it was printed: PDF/A and PDF/UA are strict about how that is written."""

    def _update_meta(self) -> None:
        return


class _TimedSigner(PdfSigner):
    """Signs at a time that it is given."""

    signed_at: datetime

    def init_signing_session(self, *arguments: Any, **options: Any) -> Any:
        session = super().init_signing_session(*arguments, **options)
        session.system_time = self.signed_at
        return session


def seal(
    pdf: bytes,
    files: Sequence[EmbeddedFile],
    signatories: Sequence[Signatory],
    times: Times,
    using: Settings,
    stamper: TimeStamper | None = None,
) -> SealedReport:
    """Embed `files`, then sign in the order of `signatories`; `stamper` stands in for the service of the settings.

    Raises SigningError naming whose certificate is missing, expired or does not open, or which service fails.
    """
    if stamper is None and using.timestamp_url is not None:
        stamper = HTTPTimeStamper(str(using.timestamp_url), timeout=TIMESTAMP_SECONDS)
    with key_store(using, times.wall) as store:
        signers = _signers(store, signatories, times.wall, using)
        pdf = prepare(pdf, files, [one for one, _ in signers], times.signed_at, stamped=stamper is not None)
        for number, (signatory, signer) in enumerate(signers, start=1):
            pdf = _Signing(number, signatory, signer, stamper, times, using).sign(pdf)
    if stamper is not None:
        pdf = _stamp(pdf, stamper, signing_context(using, times.wall))
    return SealedReport(pdf, tuple(one for one, _ in signers))


def _signers(
    store: KeyStore, signatories: Sequence[Signatory], wall: datetime, using: Settings
) -> list[tuple[Signatory, Signer]]:
    found = []
    for signatory in signatories:
        signer = store.signer_of(signatory)
        if signer is not None:
            _check_valid(signer, signatory, wall)
            found.append((signatory, signer))
        elif signatory.is_organisation or using.expert_signatures == "required":
            raise SigningError(
                f"There is no certificate for {signatory.key}.",
                "Add it where the others are, with that name"
                + ("." if signatory.is_organisation else ", or set SECUNDA_EXPERT_SIGNATURES=where_available."),
            )
    return found


def _check_valid(signer: Signer, signatory: Signatory, wall: datetime) -> None:
    certificate = signer.signing_cert
    if certificate is None:
        raise SigningError(f"The key of {signatory.key} has no certificate.", "Put its certificate beside it.")
    if not certificate.not_valid_before <= wall <= certificate.not_valid_after:
        since = certificate.not_valid_before.date().isoformat()
        until = certificate.not_valid_after.date().isoformat()
        raise SigningError(
            f"The certificate of {signatory.key} is valid from {since} to {until}, not now.", "Renew it."
        )


@dataclass(frozen=True)
class _Signing:
    """One signature."""

    number: int
    signatory: Signatory
    signer: Signer
    stamper: TimeStamper | None
    times: Times
    using: Settings

    def sign(self, pdf: bytes) -> bytes:
        context = signing_context(self.using, self.times.wall)
        timed = _TimedSigner(self._metadata(context), signer=self.signer, timestamper=self.stamper)
        timed.signed_at = self.times.signed_at
        target = io.BytesIO()
        with _told(self.signatory.key):
            asyncio.run(self._signed(timed, pdf, target))
        return target.getvalue()

    async def _signed(self, timed: PdfSigner, pdf: bytes, target: io.BytesIO) -> None:
        await timed.async_sign_pdf(_Writer(io.BytesIO(pdf)), existing_fields_only=True, output=target)

    def _metadata(self, context: ValidationContext | None) -> PdfSignatureMetadata:
        return PdfSignatureMetadata(
            field_name=field_name(self.number),
            md_algorithm="sha256",
            reason=self.signatory.reason,
            name=self.signatory.name,
            subfilter=SigSeedSubFilter.PADES,
            embed_validation_info=context is not None,
            validation_context=context,
            dss_settings=_VALIDITY,
        )


def _stamp(pdf: bytes, stamper: TimeStamper, context: ValidationContext | None) -> bytes:
    """The time stamp of the whole document, with what it is validated by in the same revision (PAdES level B-LTA)."""
    target = io.BytesIO()

    async def stamp() -> None:
        await PdfTimeStamper(stamper, field_name=TIMESTAMP).async_timestamp_pdf(
            _Writer(io.BytesIO(pdf)), "sha256", context, output=target, dss_settings=_STAMPED_VALIDITY
        )

    with _told("the time-stamp service"):
        asyncio.run(stamp())
    return target.getvalue()


@contextmanager
def _told(who: str) -> Iterator[None]:
    """What goes wrong, in words for whoever can mend it, and without anything that a key or a patient is known by."""
    try:
        yield
    except (TimestampRequestError, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise SigningError(
            f"The time-stamp service does not answer as it should ({type(error).__name__}).",
            "Check SECUNDA_TIMESTAMP_URL, and resume the case when it works.",
            permanent=False,
        ) from None
    except PathError as error:
        raise SigningError(
            f"The certificate of {who} leads to no trusted authority ({type(error).__name__}).",
            "Check SECUNDA_TRUSTED_CERTIFICATES and the chain inside the certificate's file.",
        ) from None
    except (PyHankoSigningError, ValueError, RuntimeError) as error:
        raise SigningError(
            f"The signature of {who} could not be made ({type(error).__name__}).", "Check its key and certificate."
        ) from None
