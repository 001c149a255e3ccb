"""The outbox: messages are rows, written in the transaction that decided them, and sent afterwards.

A crash loses none. One that falls between claiming and marking leaves a message that may have been sent: it becomes
`unknown`, which the log says, and is not sent again by itself (unless its channel makes two sendings one).
"""

from secunda.outbox.claiming import claim, count_due
from secunda.outbox.delivery import Courier, deliver, deliver_due
from secunda.outbox.queue import cancel_moot, enqueue, other_channel
from secunda.outbox.resending import resend

__all__ = [
    "Courier",
    "cancel_moot",
    "claim",
    "count_due",
    "deliver",
    "deliver_due",
    "enqueue",
    "other_channel",
    "resend",
]
