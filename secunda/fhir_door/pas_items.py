"""The items of a prior-authorisation Claim, in both shapes of Da Vinci PAS, and what an update does to them.

PAS 1.1 marks a cancelled item with the modifier extension `itemCancelled` and a changed one with `infoChanged`; 2.x
calls the first `infoCancelled`. Both also use the X12 certification type (1322): 3 is a cancellation.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from secunda.adapters.fhir.entries import Entries, Entry
from secunda.adapters.fhir.modifiers import CANCELLED
from secunda.adapters.fhir.values import child, children, chosen_date, codes_of, text
from secunda.fhir_door.names import PAS, Json

CANCEL = "3"  # X12 1322
NOT_APPLICABLE = "not-applicable"  # PAS: the item is no particular service


class ItemState(StrEnum):
    """What the payer is told about an item; never that it is denied."""

    PENDED = "pended"
    CERTIFIED = "certified"
    CANCELLED = "cancelled"


class ItemChange(StrEnum):
    NONE = ""
    ADDED = "added"
    CHANGED = "changed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class ClaimItem:
    """One service asked for. `service` is the CodeableConcept that names it; `place` its index in Claim.item."""

    place: int
    sequence: int
    service: Json
    serviced_on: date | None = None
    trace: Json | None = None  # the Identifier by which the requester traces the item
    change: ItemChange = ItemChange.NONE

    @property
    def key(self) -> tuple[int, str]:
        """What tells items apart: the sequence, and the trace number where a sender repeats sequences."""
        return self.sequence, text(self.trace or {}, "value")

    def codings(self) -> list[tuple[str, str, str]]:
        """System, code and display of each coding that names a service."""
        found = [
            (text(one, "system"), text(one, "code"), text(one, "display")) for one in children(self.service, "coding")
        ]
        return [one for one in found if one[1] and one[1] != NOT_APPLICABLE]

    def as_row(self, state: ItemState = ItemState.PENDED) -> Json:
        """As `Review.items` keeps it."""
        return {
            "sequence": self.sequence,
            "trace": self.trace,
            "service": self.service,
            "serviced_on": self.serviced_on.isoformat() if self.serviced_on else None,
            "state": ItemState.CANCELLED if self.change is ItemChange.CANCELLED else state,
        }


def read_items(claim: Entry, entries: Entries) -> tuple[ClaimItem, ...]:
    """The items of a claim. An item that names no service itself has that of the order that it points to."""
    return tuple(
        ClaimItem(
            place=place,
            sequence=_sequence(item, place),
            service=_service(item, claim, entries),
            serviced_on=chosen_date(item, "serviced"),
            trace=_extension(item, "extension-itemTraceNumber").get("valueIdentifier"),
            change=_change(item),
        )
        for place, item in enumerate(children(claim.resource, "item"))
    )


def _sequence(item: Json, place: int) -> int:
    written = item.get("sequence")
    return written if isinstance(written, int) and not isinstance(written, bool) else place + 1


def _service(item: Json, claim: Entry, entries: Entries) -> Json:
    """The order's code says more than "consultation" where there is one that names a procedure."""
    own = child(item, "productOrService")
    asked = _extension(item, "extension-requestedService").get("valueReference")
    order = entries.find(asked, claim)
    if order is None or order.type != "ServiceRequest":
        return own
    ordered = child(order.resource, "code")
    return ordered if ordered and not codes_of(own) - {NOT_APPLICABLE} else own


def _change(item: Json) -> ItemChange:
    if _says_cancelled(item) or is_cancelled(item):
        return ItemChange.CANCELLED
    written = _extension(item, "extension-infoChanged")
    word = text(written, "valueCode") or next(iter(codes_of(child(written, "valueCodeableConcept"))), "")
    return ItemChange(word) if word in set(ItemChange) else ItemChange.NONE


def is_cancelled(element: Json) -> bool:
    """Whether a claim or an item carries the certification type of a cancellation."""
    return CANCEL in codes_of(child(_extension(element, "extension-certificationType"), "valueCodeableConcept"))


def _says_cancelled(item: Json) -> bool:
    found = [*children(item, "modifierExtension"), *children(item, "extension")]
    return any(one.get("valueBoolean") is True for one in found if text(one, "url") in CANCELLED)


def _extension(element: Json, name: str) -> Json:
    return next((one for one in children(element, "extension") if text(one, "url") == PAS + name), {})


def after_update(kept: Iterable[Json], sent: Iterable[ClaimItem]) -> list[Json]:
    """The rows of an authorisation after an update: PAS sends every item, also those that stay as they were.

    An item that is not sent any more stays as it was; only a cancellation takes one away.
    """
    rows: dict[tuple[int, str], Json] = {key_of(row): row for row in kept}
    for item in sent:
        before: dict[str, Any] = rows.get(item.key, {})
        rows[item.key] = item.as_row(ItemState(before.get("state", ItemState.PENDED)))
    return list(rows.values())


def all_cancelled(rows: Iterable[Json]) -> bool:
    states = [row["state"] for row in rows]
    return bool(states) and set(states) == {ItemState.CANCELLED}


def key_of(row: Json) -> tuple[int, str]:
    """`ClaimItem.key` of a row of `Review.items`."""
    return int(row["sequence"]), text(row.get("trace") or {}, "value")
