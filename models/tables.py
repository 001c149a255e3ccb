"""All tables together: importing this registers every one of them in `metadata`."""

from models.adjudication import AdjudicationRecord
from models.amendment import Amendment
from models.api_client import ApiClient
from models.api_credential import ApiCredential
from models.assignment import Assignment
from models.base import metadata
from models.candidate import Candidate
from models.case import Case
from models.case_record import CaseRecord
from models.chase_record import ChaseRecord
from models.client_assertion import ClientAssertion
from models.clock_stop import ClockStop
from models.consent import Consent
from models.document import Document
from models.event import Event
from models.expert import Expert
from models.idempotency_record import IdempotencyRecord
from models.incident import Incident
from models.link_visit import LinkVisit
from models.message import Message
from models.opinion import Opinion
from models.pathway_version import PathwayVersion
from models.patient import Patient
from models.payer_version import PayerVersion
from models.question import Question
from models.rate_window import RateWindow
from models.recovery_code import RecoveryCode
from models.report import Report
from models.requirement import Requirement
from models.review import Review
from models.rights_request import RightsRequest
from models.saved_view import SavedView
from models.upload import Upload
from models.user import User
from models.user_session import UserSession
from models.webhook_delivery import WebhookDelivery
from models.webhook_endpoint import WebhookEndpoint

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
