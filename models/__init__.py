"""The nouns of Secunda as SQLModel tables, one a file. The first use of any of them registers them all.

Until then nothing is imported, so that whoever needs `models.status` alone (a list on the command line, a test of a
table of transitions) does not wait half a second for the database libraries.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.tables import (
        AdjudicationRecord,
        Amendment,
        ApiClient,
        ApiCredential,
        Assignment,
        Candidate,
        Case,
        CaseRecord,
        ChaseRecord,
        ClientAssertion,
        ClockStop,
        Consent,
        Document,
        Event,
        Expert,
        IdempotencyRecord,
        Incident,
        LinkVisit,
        Message,
        Opinion,
        PathwayVersion,
        Patient,
        PayerVersion,
        Question,
        RateWindow,
        RecoveryCode,
        Report,
        Requirement,
        Review,
        RightsRequest,
        SavedView,
        Upload,
        User,
        UserSession,
        WebhookDelivery,
        WebhookEndpoint,
        metadata,
    )

__all__ = [
    "AdjudicationRecord",
    "Amendment",
    "ApiClient",
    "ApiCredential",
    "Assignment",
    "Candidate",
    "Case",
    "CaseRecord",
    "ChaseRecord",
    "ClientAssertion",
    "ClockStop",
    "Consent",
    "Document",
    "Event",
    "Expert",
    "IdempotencyRecord",
    "Incident",
    "LinkVisit",
    "Message",
    "Opinion",
    "PathwayVersion",
    "Patient",
    "PayerVersion",
    "Question",
    "RateWindow",
    "RecoveryCode",
    "Report",
    "Requirement",
    "Review",
    "RightsRequest",
    "SavedView",
    "Upload",
    "User",
    "UserSession",
    "WebhookDelivery",
    "WebhookEndpoint",
    "metadata",
]


def __getattr__(name: str) -> Any:
    """Module attribute access (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("models.tables"), name)
