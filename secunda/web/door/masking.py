"""Where a code goes, told so that its owner knows it again and nobody else learns it."""

from dataclasses import dataclass

from secunda.links import LinkTarget
from secunda.recipients import Recipient
from secunda.visits.opening import code_channel


@dataclass(frozen=True)
class Way:
    """`address` as `…01` or `n…@example.org`; empty where there is none."""

    channel: str
    address: str


def way_of_code(to: Recipient, target: LinkTarget) -> Way:
    """The way of the code for this link."""
    channel = code_channel(to, target)
    if channel is None:
        return Way("", "")
    address = to.addresses[channel]
    if channel == "sms":
        return Way(channel, f"…{address[-2:]}")
    name, _, domain = address.partition("@")
    return Way(channel, f"{name[:1]}…@{domain}")
