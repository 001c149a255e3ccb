"""What can be said to whom: the table of events, their texts, and how long an SMS is."""

from secunda.messages.events import EVENTS, MessageEvent, Timing
from secunda.messages.rendering import Rendered, Words, render

__all__ = ["EVENTS", "MessageEvent", "Rendered", "Timing", "Words", "render"]
