"""How a message leaves: one file a transport, one line a transport in `registry.CHANNELS`."""

from secunda.channels.base import Channel, DeliveryError, OutgoingMessage, Receipt
from secunda.channels.registry import CHANNELS, open_channels

__all__ = ["CHANNELS", "Channel", "DeliveryError", "OutgoingMessage", "Receipt", "open_channels"]
