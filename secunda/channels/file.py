"""The default channel: messages as files in a folder, for demos, tests and installations that send by other means.

The file's name is the message's id, and it is put in place in one step: sending twice is one file.
"""

import os
from contextlib import suppress
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from secunda.channels.base import DeliveryError, OutgoingMessage, Receipt
from secunda.settings import Settings


def _write(folder: Path, name: str, content: bytes) -> Receipt:
    """Write atomically, readable by nobody else; raises DeliveryError (transient) when the disk does not let us."""
    unfinished = folder / f".{name}.{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(folder / name)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise DeliveryError("outbox_not_writable", permanent=False) from None
    return Receipt(f"file:{name}")


def _email(message: OutgoingMessage, sender: str) -> bytes:
    """RFC 5322 message, text and HTML; RFC 3834 marks it as sent by a machine. Raises ValueError for a bad address."""
    email = EmailMessage(policy=SMTP)
    email["From"], email["To"], email["Subject"] = sender, message.address, message.subject
    email["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2] or 'secunda'}>"
    email["Auto-Submitted"] = "auto-generated"
    if len(email["To"].addresses) != 1 or email["To"].defects:
        raise ValueError
    email.set_content(message.text)
    if message.html:
        email.add_alternative(message.html, subtype="html")
        email.set_boundary(f"secunda-{message.id.hex}")  # not random, so that sending twice writes equal bytes
    return email.as_bytes()


class FileEmail:
    """Writes `<id>.eml`."""

    idempotent = True

    def __init__(self, using: Settings) -> None:
        self._folder, self._sender = using.outbox_folder, using.email_from

    def send(self, message: OutgoingMessage) -> Receipt:
        try:
            content = _email(message, self._sender)
        except (ValueError, MessageError):
            raise DeliveryError("invalid_address", permanent=True) from None
        return _write(self._folder, f"{message.id}.eml", content)


class FileSms:
    """Writes `<id>.txt`."""

    idempotent = True

    def __init__(self, using: Settings) -> None:
        self._folder = using.outbox_folder

    def send(self, message: OutgoingMessage) -> Receipt:
        return _write(self._folder, f"{message.id}.txt", f"To: {message.address}\n\n{message.text}\n".encode())
