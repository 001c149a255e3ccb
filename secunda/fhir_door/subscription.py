"""Subscriptions to pended results: FHIR R4 rest-hook, with the topic of Da Vinci PAS (R5 Backport 1.1).

What is notified is never more than the id of the ClaimResponse: its receiver then asks for it, signed in.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from models import WebhookEndpoint
from models.door_status import WebhookStatus
from secunda.adapters.fhir.parsing import parse
from secunda.adapters.fhir.values import Json, child, children, text, texts, to_datetime
from secunda.fhir_door.names import BACKPORT, MEDIA_TYPE, PAS_TOPIC, extension, instant, meta, without_empty
from secunda.fhir_door.outcome import DoorError, Issue

MOST_HEADERS = 10
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,80}: ?[\x20-\x7e\xa0-\xff]{0,2000}")
_FORBIDDEN = {"host", "content-length", "content-type", "transfer-encoding", "connection", "upgrade"}
_CRITERIA = re.compile(r"ClaimResponse(\?[\w&=|:/.%-]{0,400})?")
_PAYLOADS = (MEDIA_TYPE, "application/json")
_CONTENT = f"{BACKPORT}backport-payload-content"
REMEDY = (
    f"Send a rest-hook Subscription with criteria {PAS_TOPIC} (or ClaimResponse), an https endpoint, and payload "
    f"{MEDIA_TYPE}."
)


@dataclass(frozen=True)
class AskedSubscription:
    """`headers` are sent with every notification; values may be secrets."""

    url: str
    criteria: str
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    ends_at: datetime | None = None
    is_off: bool = False


def read_subscription(content: bytes, now: datetime) -> AskedSubscription:
    """Raises DoorError with every place that is wrong, BadInputError for malformed JSON."""
    value = parse(content)
    if not isinstance(value, dict) or value.get("resourceType") != "Subscription":
        raise DoorError(400, Issue("structure", "The body is no Subscription resource.", REMEDY, ("Subscription",)))
    channel = child(value, "channel")
    ends_at = to_datetime(value.get("end"))
    issues = [*_wrong(value, channel), *_wrong_headers(channel)]
    if value.get("end") is not None and (ends_at is None or ends_at <= now):
        issues.append(_issue("value", "end", "The end must be an instant in the future."))
    if issues:
        raise DoorError(422, *issues)
    named = [one.partition(":") for one in texts(channel, "header")]
    return AskedSubscription(
        url=text(channel, "endpoint"),
        criteria=text(value, "criteria"),
        headers={name.strip(): written.strip() for name, _, written in named},
        ends_at=ends_at,
        is_off=text(value, "status") == "off",
    )


def _wrong(value: Json, channel: Json) -> list[Issue]:
    found = []
    if text(value, "status") not in ("requested", "active", "off"):
        found.append(_issue("code-invalid", "status", "The status must be requested."))
    if not text(value, "reason"):
        found.append(_issue("required", "reason", "The reason is missing."))
    criteria = text(value, "criteria")
    if criteria != PAS_TOPIC and not _CRITERIA.fullmatch(criteria):
        found.append(_issue("not-supported", "criteria", "Nothing is notified by these criteria."))
    if text(channel, "type") != "rest-hook":
        found.append(_issue("not-supported", "channel.type", "The channel must be rest-hook."))
    if text(channel, "payload") not in ("", *_PAYLOADS):
        found.append(_issue("not-supported", "channel.payload", f"The payload must be {MEDIA_TYPE}."))
    if not _is_url(text(channel, "endpoint")):
        found.append(_issue("value", "channel.endpoint", "The endpoint must be an absolute http or https URL."))
    content = [text(one, "valueCode") for one in children(child(channel, "_payload"), "extension") if _is_content(one)]
    if set(content) - {"id-only", "empty"}:
        where = "channel.payload.extension.value"
        found.append(_issue("not-supported", where, "Only id-only notifications are sent: they hold no patient data."))
    return found


def _wrong_headers(channel: Json) -> list[Issue]:
    written = channel.get("header") or []
    if not isinstance(written, list) or len(written) > MOST_HEADERS:
        return [_issue("structure", "channel.header", f"There may be up to {MOST_HEADERS} headers, each a string.")]
    return [
        _issue("value", f"channel.header[{number}]", "A header is written `Name: value`, and is not one of transport.")
        for number, one in enumerate(written)
        if not isinstance(one, str) or not _HEADER.fullmatch(one) or one.partition(":")[0].lower() in _FORBIDDEN
    ]


def _is_content(one: Json) -> bool:
    return text(one, "url") == _CONTENT


def _is_url(written: str) -> bool:
    try:
        parts = urlsplit(written)
        return (
            parts.scheme in ("https", "http") and bool(parts.hostname) and len(written) <= 2000 and not parts.username
        )
    except ValueError:
        return False


def _issue(code: str, element: str, said: str) -> Issue:
    return Issue(code, said, REMEDY, (f"Subscription.{element}",))


def subscription(endpoint: WebhookEndpoint) -> Json:
    """The Subscription as it is kept. The values of its headers are secrets, and not shown again."""
    status = "active" if endpoint.status is WebhookStatus.ENABLED else "off"
    failed = endpoint.status is WebhookStatus.DISABLED and endpoint.status_reason
    return without_empty(
        {
            "resourceType": "Subscription",
            "id": str(endpoint.id),
            "meta": meta(
                endpoint.version, endpoint.disabled_at or endpoint.created_at, f"{BACKPORT}backport-subscription"
            ),
            "status": "error" if failed else status,
            "end": instant(endpoint.expires_at) if endpoint.expires_at else "",
            "reason": endpoint.description or "Results of pended reviews",
            "criteria": endpoint.criteria,
            "error": endpoint.status_reason if failed else "",
            "channel": {
                "type": "rest-hook",
                "endpoint": endpoint.url,
                "payload": endpoint.payload or MEDIA_TYPE,
                "_payload": {"extension": [extension(_CONTENT, valueCode="id-only")]},
            }
            | ({"header": [f"{name}: (kept secret)" for name in endpoint.headers]} if endpoint.headers else {}),
        }
    )
