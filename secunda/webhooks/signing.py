"""Signatures after Standard Webhooks 1.0 (HMAC-SHA256), by the specification's own library; secrets are kept sealed."""

import base64
import secrets
from datetime import datetime, timedelta

from standardwebhooks import Webhook

from models import WebhookEndpoint
from secunda.sealing import seal_text, unseal_text

PURPOSE = "webhook secret"
HEADER_PURPOSE = "fhir subscription header"  # those of a FHIR Subscription
PREFIX = "whsec_"
SECRET_BYTES = 32  # the specification asks for 24 to 64
OVERLAP = timedelta(hours=24)  # wall time during which, after a rotation, both secrets sign


def new_secret() -> str:
    """A random secret as the specification writes it; shown once."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def set_secret(endpoint: WebhookEndpoint) -> str:
    """Give an endpoint its first secret; returns it."""
    secret = new_secret()
    endpoint.secret = seal_text(secret, PURPOSE)
    return secret


def rotate(endpoint: WebhookEndpoint, wall: datetime, overlap: timedelta = OVERLAP) -> str:
    """A new secret; the one before signs as well until `wall` + `overlap`, so that the receiver can change over."""
    endpoint.previous_secret, endpoint.previous_secret_until = endpoint.secret, wall + overlap
    endpoint.version += 1
    return set_secret(endpoint)


def secrets_of(endpoint: WebhookEndpoint, wall: datetime) -> list[str]:
    """Those that sign at `wall`, the newest first. Raises SecundaError where the sealing key was changed."""
    until = endpoint.previous_secret_until
    previous = [endpoint.previous_secret] if until is not None and wall < until else []
    return [unseal_text(sealed, PURPOSE) for sealed in (endpoint.secret, *previous) if sealed]


def headers(endpoint: WebhookEndpoint, message_id: str, body: str, wall: datetime) -> dict[str, str]:
    """What a notice is sent with: id, time and a signature by each secret, or a FHIR Subscription's own headers."""
    own = {name: unseal_text(value, HEADER_PURPOSE) for name, value in endpoint.headers.items()}
    signed = " ".join(Webhook(secret).sign(message_id, wall, body) for secret in secrets_of(endpoint, wall))
    standard = {"webhook-id": message_id, "webhook-timestamp": str(int(wall.timestamp()))}
    typed = {"content-type": endpoint.payload} if endpoint.payload and body else {}
    return own | typed | standard | ({"webhook-signature": signed} if signed else {})
