"""Where the keys are that reports are signed with: PKCS#12 files, a PKCS#11 token, or the demonstration's authority."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from asn1crypto import x509
from pyhanko.keys.internal import (
    translate_pyca_cryptography_cert_to_asn1,
    translate_pyca_cryptography_key_to_asn1,
)
from pyhanko.sign.signers import Signer, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from secunda.adapters.signing.demo_authority import DemoAuthority, demo_authority
from secunda.adapters.signing.signatory import Signatory, SigningError
from secunda.settings import Settings


class KeyStore(Protocol):
    """`signer_of` is None where the store has no key of that name."""

    def signer_of(self, signatory: Signatory) -> Signer | None: ...


@contextmanager
def key_store(using: Settings, at: datetime) -> Iterator[KeyStore]:
    """The store that the settings name; `at` is wall time. Raises SigningError where there is none."""
    if using.pkcs11_module is not None:
        with token_session(using) as session:
            yield TokenKeys(session)
    elif using.signing_folder is not None:
        yield FileKeys(using.signing_folder, using.signing_passphrase.get_secret_value())
    elif using.environment != "production":
        yield DemoKeys(demo_authority(using.demo_authority_folder, at), at)
    else:
        raise SigningError(
            "No certificate is set to sign reports with.", "Set SECUNDA_SIGNING_FOLDER or SECUNDA_PKCS11_MODULE."
        )


class FileKeys:
    """`<folder>/<key>.p12`, each with its chain, all with one passphrase."""

    def __init__(self, folder: Path, passphrase: str) -> None:
        self.folder = folder
        self.passphrase = passphrase.encode() or None

    def signer_of(self, signatory: Signatory) -> Signer | None:
        """Raises SigningError for a file that cannot be read or opened."""
        path = self.folder / f"{signatory.key}.p12"
        if path.resolve().parent != self.folder.resolve():
            raise SigningError("An expert's code is no name of a file.", "Give the expert another code.")
        try:
            signer: Signer = SimpleSigner.load_pkcs12_data(path.read_bytes(), (), self.passphrase)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise SigningError(
                f"The certificate {path.name} cannot be opened ({type(error).__name__}).",
                "Check the file and SECUNDA_SIGNING_PASSPHRASE.",
            ) from None
        return signer


class TokenKeys:
    """A token's keys and certificates, both labelled with the key's name."""

    def __init__(self, session: Any) -> None:
        self.session = session

    def signer_of(self, signatory: Signatory) -> Signer | None:
        from pkcs11 import Attribute, ObjectClass
        from pyhanko.sign.pkcs11 import PKCS11Signer

        wanted = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.LABEL: signatory.key}
        held = [x509.Certificate.load(one[Attribute.VALUE]) for one in self.session.get_objects(wanted)]
        if not held:
            return None
        return PKCS11Signer(
            self.session,
            cert_label=signatory.key,
            key_label=signatory.key,
            other_certs_to_pull=None,
            use_raw_mechanism=held[0].public_key.algorithm == "ec",  # few tokens hash for ECDSA, every one signs a hash
        )


class DemoKeys:
    """A certificate of the demo authority for whoever asks."""

    def __init__(self, authority: DemoAuthority, at: datetime) -> None:
        self.authority = authority
        self.at = at

    def signer_of(self, signatory: Signatory) -> Signer | None:
        certificate, key = self.authority.issue(signatory.name, self.at)
        return SimpleSigner(
            signing_cert=translate_pyca_cryptography_cert_to_asn1(certificate),
            signing_key=translate_pyca_cryptography_key_to_asn1(key),
            cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
        )


@contextmanager
def token_session(using: Settings) -> Iterator[Any]:
    """The token of the settings, opened. Raises SigningError where it does not open."""
    from pkcs11.exceptions import PKCS11Error
    from pyhanko.config.pkcs11 import TokenCriteria
    from pyhanko.sign.pkcs11 import open_pkcs11_session

    wanted = TokenCriteria(label=using.pkcs11_token) if using.pkcs11_token else None
    pin = using.pkcs11_pin.get_secret_value() or None
    try:
        session = open_pkcs11_session(str(using.pkcs11_module), token_criteria=wanted, user_pin=pin)
    except (PKCS11Error, RuntimeError, OSError) as error:
        raise SigningError(
            f"The signing token does not open ({type(error).__name__}).",
            "Check SECUNDA_PKCS11_MODULE, SECUNDA_PKCS11_TOKEN and SECUNDA_PKCS11_PIN.",
        ) from None
    with session:
        yield session
