"""All tables together: importing this registers every one of them in `metadata`."""

from models.adjudication import AdjudicationRecord
from models.assignment import Assignment
from models.base import metadata
from models.candidate import Candidate
from models.case import Case
from models.case_record import CaseRecord
from models.chase_record import ChaseRecord
from models.clock_stop import ClockStop
from models.consent import Consent
from models.document import Document
from models.event import Event
from models.expert import Expert
from models.message import Message
from models.opinion import Opinion
from models.pathway_version import PathwayVersion
from models.patient import Patient
from models.question import Question
from models.report import Report
from models.requirement import Requirement

__all__ = [
    "AdjudicationRecord",
    "Assignment",
    "Candidate",
    "Case",
    "CaseRecord",
    "ChaseRecord",
    "ClockStop",
    "Consent",
    "Document",
    "Event",
    "Expert",
    "Message",
    "Opinion",
    "PathwayVersion",
    "Patient",
    "Question",
    "Report",
    "Requirement",
    "metadata",
]
