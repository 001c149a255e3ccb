"""Who calls, as far as this door must know."""

from dataclasses import dataclass
from uuid import UUID

from secunda.settings import settings

PATH = "/fhir/R4"


@dataclass(frozen=True)
class Sender:
    """`actor` is how events name the client."""

    payer: str
    client_id: UUID
    actor: str


def base_url() -> str:
    """The URL of this FHIR server, without a slash at its end."""
    return settings().public_url.rstrip("/") + PATH
