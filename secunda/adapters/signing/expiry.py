"""How long the certificates are good for that reports are signed, time-stamped and checked with."""

import asyncio
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from asn1crypto import x509
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper

from secunda.adapters.signing.demo_authority import demo_root
from secunda.adapters.signing.held import HeldCertificate, Purpose
from secunda.adapters.signing.key_stores import token_session
from secunda.adapters.signing.signatory import ORGANISATION, SigningError
from secunda.adapters.signing.trust import configured_roots
from secunda.errors import BadInputError
from secunda.settings import Settings

ANSWER_SECONDS = 10


def certificates(using: Settings) -> list[HeldCertificate]:
    """All of them, by purpose and name. Asks the time-stamp service, which may take ten seconds; raises nothing."""
    found = [*_signing(using), *_time_stamping(using), *_authorities(using)]
    return sorted(found, key=lambda one: (list(Purpose).index(one.purpose), one.name))


def _signing(using: Settings) -> Iterator[HeldCertificate]:
    if using.pkcs11_module is not None:
        yield from _on_token(using)
    elif using.signing_folder is not None:
        for path in sorted(using.signing_folder.glob("*.p12")):
            state = path.stat()
            yield _in_file(path, using.signing_passphrase.get_secret_value(), (state.st_mtime_ns, state.st_size))
        if not (using.signing_folder / f"{ORGANISATION}.p12").is_file():
            yield HeldCertificate(Purpose.SEAL, "", None, "missing")


@lru_cache(maxsize=4096)
def _in_file(path: Path, passphrase: str, _state: tuple[int, int]) -> HeldCertificate:
    """Opening a file takes a tenth of a second, as it is meant to: remembered until the file changes."""
    purpose, name = _whose(path.stem)
    try:
        held = load_pkcs12(path.read_bytes(), passphrase.encode() or None).cert
    except (OSError, ValueError):
        return HeldCertificate(purpose, name, None, "does not open")
    if held is None:
        return HeldCertificate(purpose, name, None, "no certificate")
    return HeldCertificate(purpose, name, held.certificate.not_valid_after_utc)


def _on_token(using: Settings) -> Iterator[HeldCertificate]:
    from pkcs11 import Attribute, ObjectClass

    try:
        with token_session(using) as session:
            for one in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
                purpose, name = _whose(one[Attribute.LABEL])
                held = x509.Certificate.load(one[Attribute.VALUE])
                yield HeldCertificate(purpose, name, held.not_valid_after)
    except SigningError:
        yield HeldCertificate(Purpose.SEAL, "", None, "does not open")


def _whose(key: str) -> tuple[Purpose, str]:
    return (Purpose.SEAL, "") if key == ORGANISATION else (Purpose.EXPERT, key)


def _time_stamping(using: Settings) -> Iterator[HeldCertificate]:
    if using.timestamp_url is None:
        return
    stamper = HTTPTimeStamper(str(using.timestamp_url), timeout=ANSWER_SECONDS)
    try:
        answer = asyncio.run(stamper.async_dummy_response("sha256"))
    except (TimestampRequestError, OSError, TimeoutError):
        yield HeldCertificate(Purpose.TIMESTAMP, "", None, "does not answer")
        return
    for one in answer["content"]["certificates"] or ():
        held = one.chosen
        if isinstance(held, x509.Certificate) and not held.ca:
            yield HeldCertificate(Purpose.TIMESTAMP, "", held.not_valid_after)


def _authorities(using: Settings) -> Iterator[HeldCertificate]:
    try:
        for root in configured_roots(using):
            name = str(root.subject.native.get("common_name", ""))[:60]
            yield HeldCertificate(Purpose.AUTHORITY, name, root.not_valid_after)
    except BadInputError:
        yield HeldCertificate(Purpose.AUTHORITY, "", None, "does not open")
    demo = demo_root(using.demo_authority_folder) if using.environment != "production" else None
    if demo is not None:
        yield HeldCertificate(Purpose.AUTHORITY, "DEMO", demo.not_valid_after_utc)
