"""What a payer asks, in one shape for every door."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from models.door_status import ReviewSource
from pathways.vocabulary import Coding
from secunda.adapters import code_systems
from secunda.launch_request import Request


@dataclass(frozen=True)
class Code:
    """A code as the payer wrote it: `system` is a URL or OID."""

    system: str
    code: str
    display: str = ""

    @property
    def coding(self) -> Coding | None:
        """The code as pathways compare it; None for an empty or absurdly long one."""
        return code_systems.coding(self.system, self.code, self.display)

    def as_row(self) -> dict[str, str]:
        return {"system": self.system, "code": self.code, "display": self.display}


@dataclass(frozen=True)
class ReviewRequest:
    """A review before a procedure. `bundle` are the bytes of the FHIR R4 bundle that the case is launched with.

    `launch` is what is asked of the case besides; its payer is `payer` whatever it says. `mandate` is the rule that
    asks for the review, as JSON. `claim_identifier` (`system|value`), `request_bundle` and `items` are a PAS claim's.
    """

    payer: str
    payer_reference: str
    source: ReviewSource
    bundle: bytes = field(repr=False)
    procedure: Code = field(repr=False)
    planned_on: date | None = None
    diagnoses: tuple[Code, ...] = field(default=(), repr=False)
    launch: Request = field(default_factory=Request, repr=False)
    client_id: UUID | None = None
    mandate: dict[str, Any] = field(default_factory=dict)
    claim_identifier: str = ""
    request_bundle: dict[str, Any] | None = field(default=None, repr=False)
    items: tuple[dict[str, Any], ...] = field(default=(), repr=False)
