"""Where a code goes, told so that its owner knows it again and nobody else learns it."""

from secunda.messages.events import SMS_FIRST
from secunda.recipients import Recipient


def masked(to: Recipient) -> str:
    """`…01` or `n…@example.org`; empty where there is no address."""
    channel = to.first_channel(SMS_FIRST)
    if channel is None:
        return ""
    address = to.addresses[channel]
    if channel == "sms":
        return f"…{address[-2:]}"
    name, _, domain = address.partition("@")
    return f"{name[:1]}…@{domain}"
