"""What every channel takes, returns and raises."""

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from secunda.errors import SecundaError

SEND_TIMEOUT = 10.0  # wall seconds; well inside the lease of a claimed message


@dataclass(frozen=True)
class OutgoingMessage:
    """A message ready to leave. `repr` shows no address and no text, so that neither can end up in a log.

    `id` stays the same over all attempts; `html` and `subject` are empty on channels that have none.
    """

    id: UUID
    address: str = field(repr=False)
    text: str = field(repr=False)
    subject: str = field(default="", repr=False)
    html: str = field(default="", repr=False)


@dataclass(frozen=True)
class Receipt:
    """That the next system took the message, and how it names it; empty when it gave no name."""

    provider_reference: str


class DeliveryError(SecundaError):
    """The message was not taken. Its text names the reason and never the recipient.

    `permanent`: trying the same channel again cannot help. `maybe_sent`: the answer was lost or broken, so that the
    message may have been taken all the same; a later attempt can then be a second copy, and the log says so.
    """

    code = "delivery_failed"

    def __init__(self, reason_code: str, *, permanent: bool, maybe_sent: bool = False) -> None:
        super().__init__(f"The message was not taken: {reason_code}.", "See `secunda message list`.")
        self.reason_code = reason_code
        self.permanent = permanent
        self.maybe_sent = maybe_sent


class Channel(Protocol):
    """One way to send; instances may be shared between threads."""

    #: Whether sending a message twice still reaches the recipient once.
    idempotent: bool

    def send(self, message: OutgoingMessage) -> Receipt:
        """Hand the message over; raises DeliveryError."""
        ...
