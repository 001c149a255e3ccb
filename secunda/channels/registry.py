"""Which transport serves which channel. To add one: a class, a line here, a word in the settings, its templates."""

from functools import lru_cache
from pkgutil import resolve_name
from typing import cast

from secunda.channels.base import Channel
from secunda.settings import Settings

# channel → value of the setting `<channel>_channel` → class. Named, not imported: an SDK takes up to half a second.
CHANNELS: dict[str, dict[str, str]] = {
    "email": {
        "file": "secunda.channels.file:FileEmail",
        "sendgrid": "secunda.channels.email_sendgrid:SendGridEmail",
    },
    "sms": {
        "file": "secunda.channels.file:FileSms",
        "twilio": "secunda.channels.sms_twilio:TwilioSms",
    },
}


@lru_cache(maxsize=2)
def open_channels(using: Settings) -> dict[str, Channel]:
    """The channels of an installation, by name (`email`, `sms`)."""
    return {
        name: cast(Channel, resolve_name(transports[getattr(using, f"{name}_channel")])(using))
        for name, transports in CHANNELS.items()
    }
