"""Which authorities are trusted, and what is known of revoked certificates."""

from collections.abc import Iterable
from datetime import datetime

from asn1crypto import crl, x509
from asn1crypto.pem import unarmor
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.keys.internal import translate_pyca_cryptography_cert_to_asn1
from pyhanko_certvalidator import ValidationContext

from secunda.adapters.signing.demo_authority import demo_authority, demo_root
from secunda.errors import BadInputError
from secunda.settings import Settings


def trusted_roots(using: Settings) -> list[x509.Certificate]:
    """The certificates of `SECUNDA_TRUSTED_CERTIFICATES`, and outside production the demo authority's.

    Raises BadInputError when the file cannot be read.
    """
    roots = configured_roots(using)
    demo = demo_root(using.demo_authority_folder) if using.environment != "production" else None
    return [*roots, *([translate_pyca_cryptography_cert_to_asn1(demo)] if demo is not None else [])]


def configured_roots(using: Settings) -> list[x509.Certificate]:
    """Those of `SECUNDA_TRUSTED_CERTIFICATES` alone. Raises BadInputError when the file cannot be read."""
    return list(_read(using)) if using.trusted_certificates is not None else []


def signing_context(using: Settings, at: datetime) -> ValidationContext | None:
    """What a signature's validity is shown by when it is made, to be embedded; None where nobody is trusted."""
    roots = trusted_roots(using)
    return _context(roots, using, _demo_lists(using, at)) if roots else None


def checking_context(roots: Iterable[x509.Certificate], at: datetime | None = None) -> ValidationContext:
    """What a signature is checked against later: these authorities, and nothing fetched from anywhere."""
    return ValidationContext(trust_roots=list(roots), allow_fetching=False, moment=at)


def _context(roots: list[x509.Certificate], using: Settings, lists: list[crl.CertificateList]) -> ValidationContext:
    return ValidationContext(trust_roots=roots, crls=lists, allow_fetching=using.fetch_revocation)


def _demo_lists(using: Settings, at: datetime) -> list[crl.CertificateList]:
    """The demo authority's list, where it signs."""
    if using.environment == "production" or demo_root(using.demo_authority_folder) is None:
        return []
    made = demo_authority(using.demo_authority_folder, at).revocation_list(at)
    return [crl.CertificateList.load(made.public_bytes(Encoding.DER))]


def _read(using: Settings) -> Iterable[x509.Certificate]:
    path = using.trusted_certificates
    try:
        content = path.read_bytes() if path else b""
        for kind, _, der in unarmor(content, multiple=True):
            if kind == "CERTIFICATE":
                yield x509.Certificate.load(der)
    except (OSError, ValueError):
        raise BadInputError(
            "The trusted certificates cannot be read.", "Give a PEM file.", place="SECUNDA_TRUSTED_CERTIFICATES"
        ) from None
