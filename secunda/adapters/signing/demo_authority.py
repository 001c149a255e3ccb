"""Certificates for the demonstration: an authority made on first use, which says in every name that it is no real one.

Those who sign get a certificate for the one report; its key is never written anywhere. Source: RFC 5280.
"""

import datetime as time
import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from secunda.errors import SecundaError

MARK = "DEMO, not for real patients"
_YEARS = time.timedelta(days=3652)
_CERTIFICATE, _KEY = "authority.pem", "authority.key"


@dataclass(frozen=True)
class DemoAuthority:
    """The authority's certificate and key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def issue(self, name: str, at: time.datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        """A certificate to sign with in that name, from the wall time `at` on, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        usage = _usage(digital_signature=True, content_commitment=True)
        builder = _builder(_name(name), self.certificate.subject, key.public_key(), at).add_extension(usage, True)
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        return builder.add_extension(identifier, False).sign(self.key, hashes.SHA256()), key

    def revocation_list(self, at: time.datetime) -> x509.CertificateRevocationList:
        """The list of what was withdrawn, which is nothing, for long-term validation."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject)
        builder = builder.last_update(at - time.timedelta(minutes=5)).next_update(at + _YEARS)
        return builder.sign(self.key, hashes.SHA256())


def demo_authority(folder: Path, at: time.datetime) -> DemoAuthority:
    """The authority of this installation, made when it is first asked for; two processes that ask at once get one."""
    if not (folder / _CERTIFICATE).exists():
        _make(folder, at)
    certificate = x509.load_pem_x509_certificate((folder / _CERTIFICATE).read_bytes())
    key = serialization.load_pem_private_key((folder / _KEY).read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SecundaError("The demo authority's key is of another kind.", f"Remove the folder {folder.name}.")
    return DemoAuthority(certificate, key)


def is_demo(certificate: x509.Certificate) -> bool:
    """Whether it was issued by a demo authority, whichever installation's: nobody who signs for real has that name."""
    return any(MARK in str(part.value) for part in (*certificate.issuer, *certificate.subject))


def demo_root(folder: Path) -> x509.Certificate | None:
    """The authority's certificate, where there is one."""
    with suppress(FileNotFoundError):
        return x509.load_pem_x509_certificate((folder / _CERTIFICATE).read_bytes())
    return None


def _make(folder: Path, at: time.datetime) -> None:
    """Written whole beside its place and moved there in one step."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Secunda demo authority")
    builder = _builder(name, name, key.public_key(), at, ca=True)
    usage = _usage(key_cert_sign=True, crl_sign=True)
    certificate = builder.add_extension(usage, True).sign(key, hashes.SHA256())
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = Path(tempfile.mkdtemp(dir=folder.parent))  # 0700
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    written = {
        _KEY: key.private_bytes(encoding, form, serialization.NoEncryption()),
        _CERTIFICATE: certificate.public_bytes(encoding),
    }
    for file, content in written.items():
        with os.fdopen(os.open(made / file, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as out:
            out.write(content)
    try:
        made.rename(folder)
    except OSError:  # another process was quicker
        shutil.rmtree(made)


def _name(common: str) -> x509.Name:
    parts = {NameOID.COMMON_NAME: f"{common[:50]} (DEMO)", NameOID.ORGANIZATION_NAME: MARK}
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts.items()])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, at: time.datetime, *, ca: bool = False
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(at - time.timedelta(days=1)).not_valid_after(at + _YEARS)
    builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=0 if ca else None), True)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), False)


def _usage(**used: bool) -> x509.KeyUsage:
    every = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"]
    every += ["key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{name: used.get(name, False) for name in every})
