"""E-mail by SendGrid's own SDK: POST /v3/mail/send (github.com/sendgrid/sendgrid-oai)."""

import logging
from http.client import HTTPException
from typing import Any
from urllib.error import URLError

from python_http_client.exceptions import HTTPError
from sendgrid import SendGridAPIClient

from secunda.channels.base import SEND_TIMEOUT, OutgoingMessage, Receipt
from secunda.channels.refusals import http_refusal, no_answer, no_connection
from secunda.errors import BadInputError
from secunda.settings import Settings

DEFAULT_URL = "https://api.sendgrid.com"
ACCEPTED = 202
MESSAGE_ID = "secunda_message_id"

# At DEBUG the SDK logs the whole request, address and key included.
logging.getLogger("python_http_client.client").setLevel(logging.INFO)


class SendGridEmail:
    """Our message id travels as a custom argument and comes back in SendGrid's events, so that a copy is recognised.

    Raises BadInputError without a key.
    """

    idempotent = False

    def __init__(self, using: Settings) -> None:
        key = using.sendgrid_api_key.get_secret_value().strip()
        if not key:
            raise BadInputError("E-mail by SendGrid needs a key.", "Set SECUNDA_SENDGRID_API_KEY.")
        self._sdk = SendGridAPIClient(key, host=str(using.sendgrid_url or DEFAULT_URL).rstrip("/"))
        self._sdk.client.timeout = SEND_TIMEOUT
        self._sender = using.email_from

    def send(self, message: OutgoingMessage) -> Receipt:
        try:
            response = self._sdk.send(_body(message, self._sender))
        except HTTPError as refused:
            raise http_refusal(refused.status_code) from None
        except URLError:  # raised for what happens before the request is out
            raise no_connection() from None
        except (OSError, HTTPException):
            raise no_answer() from None
        if response.status_code != ACCEPTED:  # a redirect that was followed answers 200 and sends nothing
            raise http_refusal(response.status_code)
        return Receipt(response.headers.get("X-Message-Id") or "")


def _body(message: OutgoingMessage, sender: str) -> dict[str, Any]:
    """The request body. No tracking: SendGrid would rewrite the link and learn who opened it."""
    return {
        "personalizations": [{"to": [{"email": message.address}], "custom_args": {MESSAGE_ID: str(message.id)}}],
        "from": {"email": sender},
        "subject": message.subject,
        "content": [
            {"type": "text/plain", "value": message.text},
            {"type": "text/html", "value": message.html},
        ],
        "headers": {"Auto-Submitted": "auto-generated"},  # RFC 3834: no out-of-office answers, please
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
        },
    }
