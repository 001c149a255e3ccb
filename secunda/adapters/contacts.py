"""Telephone numbers and e-mail addresses as sources write them, kept only where they can be used."""

import re
from typing import Literal

from pathways.facts import ContactPoint

LONGEST = {"phone": 30, "sms": 30, "email": 254, "other": 500}
_KINDS: dict[str, Literal["phone", "email", "sms"]] = {"phone": "phone", "email": "email", "sms": "sms"}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def contact(system: str, value: str) -> ContactPoint:
    """The contact point; what is too long, or no address of its kind, is `other`, which nothing is sent to."""
    value = value.strip()
    kind = _KINDS.get(system)
    if kind in ("phone", "sms") and len(value) > LONGEST["phone"]:
        value = re.sub(r"[^\d+]", "", value) or value
    if kind is None or len(value) > LONGEST[kind] or (kind == "email" and not _EMAIL.fullmatch(value)):
        return ContactPoint(system="other", value=value[: LONGEST["other"]])
    return ContactPoint(system=kind, value=value)
