"""A pathway with a section of every kind, and the seats and rows of an invented case on it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pathways.adjudication import adjudicate
from pathways.facts import CaseFacts
from pathways.opinion import OpinionContent
from pathways.readings import Adjudication, reading
from pathways.schema import Pathway
from secunda.reporting.build import build
from secunda.reporting.content import ReportContent
from secunda.reporting.inputs import CaseInput, DocumentInput, QuestionInput, ReportInput, RequirementInput, SeatInput
from secunda.reporting.people import PatientIdentity, Requester
from tests.unit.pathways.tiny import COMMON

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def both(text: str) -> dict[str, str]:
    return {"en": text, "es": f"{text} (es)"}


def pathway() -> Pathway:
    from ruamel.yaml import YAML

    common = YAML(typ="safe").load(COMMON)
    return Pathway.model_validate(
        {
            "pathway": "cardiology",
            "version": "1.0.0",
            "title": both("Cardiology"),
            "eligibility": {"codes": [{"system": "ICD-10", "code": "I20-I25"}]},
            "documents": common["documents"],
            "flags": common["flags"],
            "triage": {},
            "panel": {
                "roles": [
                    {"key": "surgeon", "title": both("Surgeon"), "subspecialties": ["cardiac_surgery"]},
                    {"key": "cardiologist", "title": both("Cardiologist"), "subspecialties": ["cardiology"]},
                    {"key": "imaging", "title": both("Imaging"), "subspecialties": ["cardiac_imaging"]},
                ],
                "adjudication": "majority",
                "chair": "cardiologist",
            },
            "deadlines": common["deadlines"],
            "chase": common["chase"],
            "report": {
                "sections": [
                    {"key": "remarks", "title": both("Remarks")},
                    {
                        "key": "anatomy",
                        "title": both("Anatomy"),
                        "kind": "table",
                        "columns": [both("Vessel"), both("Stenosis")],
                        "written_by": ["imaging"],
                    },
                    {
                        "key": "criteria",
                        "title": both("Criteria"),
                        "kind": "checklist",
                        "items": [both("Pain"), both("Ischaemia")],
                        "required": False,
                    },
                    {"key": "ratings", "title": both("Ratings"), "kind": "ratings", "items": [both("Surgery")]},
                    {
                        "key": "score",
                        "title": both("Score"),
                        "kind": "score",
                        "bands": [{"up_to": 23, "title": both("Low")}, {"up_to": 33, "title": both("High")}],
                        "when": "age >= 18",
                    },
                    {"key": "children", "title": both("Children"), "when": "age < 18"},
                ],
                "guidelines": [{"key": "ESC", "name": "European Society of Cardiology"}],
            },
            "examples": [{"name": "any", "facts": {}, "expect": {"urgency": "P3"}}],
        }
    )


def opinion(**changed: Any) -> OpinionContent:
    """A whole opinion of the chair; `changed` replaces parts of it."""
    written: dict[str, Any] = {
        "language": "en",
        "history": "Chest pain.",
        "findings": [{"text": "Stenosis of 80 %.", "document": 1, "page": 2}],
        "diagnosis": "Three-vessel disease.",
        "diagnosis_concordance": "confirmed",
        "treatment": "Surgery.",
        "treatment_concordance": "confirmed",
        "stance": "supported",
        "answers": [{"question": 1, "text": "Yes."}, {"question": 2, "text": "Six weeks."}],
        "recommendations": [
            {
                "text": "Operate.",
                "reason": "Survival.",
                "citations": [{"guideline": "ESC", "reference": "2024, 4.4"}],
                "evidence_level": "I",
            }
        ],
        "sections": {
            "remarks": {"text": "None."},
            "ratings": {"ratings": [{"item": 0, "value": 8}]},
            "score": {"score": 26.5},
        },
        "confidence": "high",
        "limits": "No examination.",
        "plain_summary": "An operation helps.",
        "independence_declared": True,
    }
    return OpinionContent.model_validate(written | changed)


def seat(role: str, content: OpinionContent | None = None, **changed: Any) -> SeatInput:
    values: dict[str, Any] = {
        "role": role,
        "expert": f"Dr {role.title()}",
        "no_conflict_attested": True,
        "accepted_at": START + timedelta(days=5),
        "signed_at": START + timedelta(days=7),
        "content_sha256": "ab" * 32,
        "opinion": content or opinion(),
    }
    return SeatInput(**(values | changed))


def imaging(**changed: Any) -> SeatInput:
    sections = {"anatomy": {"rows": [["LAD", "80 %"]]}, "ratings": {"ratings": [{"item": 0, "value": 9}]}}
    return seat("imaging", opinion(answers=[], sections=sections, **changed))


def report_input(*seats: SeatInput, **changed: Any) -> ReportInput:
    values: dict[str, Any] = {
        "case": CaseInput(
            reference="SO-TEST-CASE",
            language="en",
            urgency="P2",
            triage={"urgency": "P2"},
            launched_at=START,
            file_complete_at=START + timedelta(days=4),
            report_due_at=START + timedelta(days=11),
        ),
        "reported_at": START + timedelta(days=8),
        "pathway_hash": "cd" * 32,
        "patient": PatientIdentity(given_name="Ana", family_name="Ruiz"),
        "requester": Requester(name="Clinic"),
        "questions": (
            QuestionInput(number=2, asked_by="patient", text="When?"),
            QuestionInput(number=1, asked_by="requester", text="Operate?"),
        ),
        "documents": (DocumentInput(number=1, title="Film", loinc="18745-0", pages=3, sha256="ef" * 32),),
        "requirements": (RequirementInput(key="laboratory", status="limited", reason="Laboratory closed."),),
        "seats": seats,
        "triaged_at": START + timedelta(days=4),
        "adjudicated_at": START + timedelta(days=8),
    }
    return ReportInput(**(values | changed))


def adjudicated(*seats: SeatInput) -> Adjudication:
    return adjudicate(pathway().panel, [reading(each.role, each.seat, each.opinion) for each in seats])


def content(*seats: SeatInput, facts: CaseFacts | None = None, **changed: Any) -> ReportContent:
    """The report of these seats; of a panel of two that agree, when none are named."""
    seats = seats or (imaging(), seat("cardiologist"))
    return build(report_input(*seats, **changed), pathway(), facts or CaseFacts(), adjudicated(*seats))
