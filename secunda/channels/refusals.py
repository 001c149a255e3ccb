"""What a vendor's refusal means: the table of HTTP statuses and vendor codes, each permanent or worth another attempt.

HTTP statuses: RFC 9110 section 15, RFC 6585 (429), RFC 8470 (425), RFC 7725 (451). SendGrid documents 400, 401, 403,
406, 413, 429, 451 and 500 (twilio.com/docs/sendgrid/api-reference, "Errors" and "Responses").
Twilio says of a 429 that the request was not processed and can be repeated, and of a 500 to a POST that an SMS may
have been sent (twilio.com/docs/api/errors/20429 and /20500).
"""

from dataclasses import dataclass

from secunda.channels.base import DeliveryError


@dataclass(frozen=True)
class Refusal:
    """`reason` is a stable code for people who read the log."""

    reason: str
    permanent: bool = True
    maybe_sent: bool = False


HTTP_REFUSALS: dict[int, Refusal] = {
    400: Refusal("rejected"),
    401: Refusal("not_authenticated"),
    402: Refusal("account_not_paid"),
    403: Refusal("forbidden"),  # SendGrid: sender not verified, or blocked for repeated bad requests
    404: Refusal("no_such_resource"),
    405: Refusal("rejected"),
    406: Refusal("rejected"),
    408: Refusal("no_answer", permanent=False, maybe_sent=True),
    409: Refusal("conflict", permanent=False),
    413: Refusal("too_large"),
    415: Refusal("rejected"),
    422: Refusal("rejected"),
    425: Refusal("rate_limited", permanent=False),
    429: Refusal("rate_limited", permanent=False),
    451: Refusal("blocked_for_legal_reasons"),  # SendGrid: data residency
    502: Refusal("provider_unreachable", permanent=False, maybe_sent=True),
    503: Refusal("provider_unavailable", permanent=False),
    504: Refusal("no_answer", permanent=False, maybe_sent=True),
}

NO_ANSWER = Refusal("no_answer", permanent=False, maybe_sent=True)
NO_CONNECTION = Refusal("no_connection", permanent=False)

# Twilio advises against logic on its codes, which it refines over time; the HTTP status decides. Listed here are the
# codes whose reason helps a coordinator, and those that contradict their status (twilio.com/docs/api/errors/<code>).
TWILIO_REFUSALS: dict[int, Refusal] = {
    10001: Refusal("account_inactive"),
    20003: Refusal("not_authenticated"),
    20429: Refusal("rate_limited", permanent=False),
    20500: Refusal("provider_error", permanent=False, maybe_sent=True),
    21211: Refusal("invalid_number"),
    21265: Refusal("invalid_number"),  # a short code
    21408: Refusal("country_not_enabled"),
    21606: Refusal("sender_not_accepted"),
    21608: Refusal("number_not_verified"),  # trial accounts
    21610: Refusal("unsubscribed"),
    21611: Refusal("rate_limited", permanent=False),  # status 400, but the sender's queue drains within hours
    21612: Refusal("not_routable"),
    21614: Refusal("not_a_mobile_number"),
    21617: Refusal("too_long"),
    21635: Refusal("not_a_mobile_number"),  # a landline
    30001: Refusal("rate_limited", permanent=False),
    63038: Refusal("daily_limit_reached"),  # status 429, but only tomorrow helps: another channel is better
}


def _error(refusal: Refusal) -> DeliveryError:
    return DeliveryError(refusal.reason, permanent=refusal.permanent, maybe_sent=refusal.maybe_sent)


def http_refusal(status: int) -> DeliveryError:
    """The error that an HTTP status stands for; one the table lacks is a server error or a permanent refusal."""
    if status >= 500:
        return _error(HTTP_REFUSALS.get(status, Refusal("provider_error", permanent=False, maybe_sent=True)))
    return _error(HTTP_REFUSALS.get(status, Refusal(f"http_{status}")))


def twilio_refusal(status: int, code: int | None) -> DeliveryError:
    """The same for Twilio, whose own code is more precise where the table has it."""
    refusal = TWILIO_REFUSALS.get(code) if code is not None else None
    return _error(refusal) if refusal else http_refusal(status)


def no_answer() -> DeliveryError:
    """The connection broke or timed out after the request was on its way."""
    return _error(NO_ANSWER)


def no_connection() -> DeliveryError:
    """The provider was not reached at all: certainly not sent."""
    return _error(NO_CONNECTION)
