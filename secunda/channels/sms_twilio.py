"""SMS by Twilio's own SDK: POST /2010-04-01/Accounts/{sid}/Messages.json (github.com/twilio/twilio-oai)."""

import json
import logging
import re
from typing import Any
from urllib.parse import urlsplit

import requests
from twilio.base.exceptions import TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from secunda.channels.base import SEND_TIMEOUT, OutgoingMessage, Receipt
from secunda.channels.refusals import http_refusal, no_answer, no_connection, twilio_refusal
from secunda.errors import BadInputError
from secunda.settings import Settings

MESSAGING_SERVICE = "MG"  # how the id of a messaging service begins; anything else is a sender number

# The SDK logs every request and response at INFO.
logging.getLogger("twilio.http_client").setLevel(logging.WARNING)


class _HttpClient(TwilioHttpClient):  # type: ignore[misc]
    """Twilio's HTTP client with another scheme and host, for tests and proxies; the SDK has no setting for it."""

    def __init__(self, base_url: str | None) -> None:
        super().__init__(timeout=SEND_TIMEOUT)
        self._base = urlsplit(base_url) if base_url else None

    def request(self, method: str, url: str, *args: Any, **options: Any) -> Response:
        if self._base is not None:
            url = urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc).geturl()
        response = super().request(method, url, *args, **options)
        if 300 <= response.status_code < 400:  # the SDK would take a redirect for a success
            raise http_refusal(response.status_code)
        return response


class TwilioSms:
    """Twilio has no field for our id and no idempotency key: only the log can tell a second copy.

    Raises BadInputError without account, token and sender.
    """

    idempotent = False

    def __init__(self, using: Settings) -> None:
        if not (using.twilio_account_sid and using.twilio_auth_token.get_secret_value() and using.sms_from):
            names = "SECUNDA_TWILIO_ACCOUNT_SID, SECUNDA_TWILIO_AUTH_TOKEN and SECUNDA_SMS_FROM"
            raise BadInputError("SMS by Twilio needs an account, its token and a sender.", f"Set {names}.")
        http = _HttpClient(str(using.twilio_url) if using.twilio_url else None)
        token = using.twilio_auth_token.get_secret_value()
        self._sdk = Client(using.twilio_account_sid, token, http_client=http)
        is_service = using.sms_from.startswith(MESSAGING_SERVICE)
        self._sender = {"messaging_service_sid" if is_service else "from_": using.sms_from}

    def send(self, message: OutgoingMessage) -> Receipt:
        try:
            sent = self._sdk.messages.create(to=e164(message.address), body=message.text, **self._sender)
        except (TwilioRestException, TwilioServiceException) as refused:
            raise twilio_refusal(refused.status, refused.code) from None
        except requests.ConnectTimeout:
            raise no_connection() from None
        except json.JSONDecodeError:  # a success whose body cannot be read: taken, but unnamed
            return Receipt("")
        except requests.RequestException:
            raise no_answer() from None
        return Receipt(sent.sid or "")


def e164(number: str) -> str:
    """A number as ITU-T E.164 writes it, as far as punctuation goes: `00 34 600-00.00 00` → `+34600000000`."""
    digits = re.sub(r"[\s().\-/]", "", number)
    return re.sub(r"^00", "+", digits)
