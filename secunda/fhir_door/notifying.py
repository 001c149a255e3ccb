"""What a rest-hook receives: that a review moved, and the id to ask for. Nothing of a patient leaves this way.

Source: profile backport-subscription-notification-r4 (Subscriptions R5 Backport 1.1).
"""

from datetime import datetime

from secunda.fhir_door.names import BACKPORT, PAS_TOPIC, Json, instant


def notification(subscription_id: str, case_reference: str, number: int, at: datetime, base: str) -> Json:
    """The notification bundle. `number` counts those of this subscription; 0 without a review is the handshake."""
    status: Json = {
        "resourceType": "Parameters",
        "meta": {"profile": [f"{BACKPORT}backport-subscription-status-r4"]},
        "parameter": [
            {"name": "subscription", "valueReference": {"reference": f"{base}/Subscription/{subscription_id}"}},
            {"name": "topic", "valueCanonical": PAS_TOPIC},
            {"name": "status", "valueCode": "active"},
            {"name": "type", "valueCode": "event-notification" if case_reference else "handshake"},
            {"name": "events-since-subscription-start", "valueString": str(number)},
            *([{"name": "notification-event", "part": _event(case_reference, number, at, base)}] if number else []),
        ],
    }
    return {
        "resourceType": "Bundle",
        "meta": {"profile": [f"{BACKPORT}backport-subscription-notification-r4"]},
        "type": "history",
        "timestamp": instant(at),
        "entry": [
            {
                "resource": status,
                "request": {"method": "GET", "url": f"Subscription/{subscription_id}/$status"},
                "response": {"status": "200"},
            }
        ],
    }


def _event(case_reference: str, number: int, at: datetime, base: str) -> list[Json]:
    return [
        {"name": "event-number", "valueString": str(number)},
        {"name": "timestamp", "valueInstant": instant(at)},
        {"name": "focus", "valueReference": {"reference": f"{base}/ClaimResponse/{case_reference}"}},
    ]
