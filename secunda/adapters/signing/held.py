"""What is known of a certificate that this installation holds. Without the libraries that sign: pages import it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Purpose(StrEnum):
    SEAL = "seal"  # the organisation's
    EXPERT = "expert"
    TIMESTAMP = "timestamp"  # of the time-stamp service
    AUTHORITY = "authority"  # that the others are checked against


@dataclass(frozen=True)
class HeldCertificate:
    """`name`: an expert's code, an authority's common name, or empty. Without `valid_until` the certificate could not
    be read, and `fault` says so in our words."""

    purpose: Purpose
    name: str
    valid_until: datetime | None
    fault: str = ""
