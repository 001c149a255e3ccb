"""Small, valid definitions for the tests of the rules; each maker fills what a test does not care about."""

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from pathways.calendars import WorkingCalendar
from pathways.experts import ExpertProfile, Licence, MatchRequest
from pathways.opinion import Confidence, Stance
from pathways.readings import Reading
from pathways.schema import Panel, Pathway
from pathways.vocabulary import Concordance, Language

SEVILLE = WorkingCalendar(country="ES", subdivision="AN", timezone="Europe/Madrid")
CALENDARS = (
    SEVILLE,
    WorkingCalendar(country="ES", subdivision="CT", timezone="Europe/Madrid", municipal_days={date(2026, 9, 24)}),
    WorkingCalendar(country="ES", subdivision="CN", timezone="Atlantic/Canary"),
    WorkingCalendar(country="DE", subdivision="BY", timezone="Europe/Berlin"),
    WorkingCalendar(country="US", subdivision="CA", timezone="America/Los_Angeles"),
)
calendars = st.sampled_from(CALENDARS)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2031, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def text(en: str) -> dict[str, str]:
    return {"en": en, "es": en}


def a_panel(rule: str, **values: Any) -> Panel:
    roles = [{"key": key, "title": text(key), "subspecialties": [key]} for key in ("surgeon", "physiatrist", "imager")]
    return Panel.model_validate({"roles": roles, "adjudication": rule, "chair": "surgeon", **values})


def a_pathway(**values: Any) -> Pathway:
    """A pathway with one section of each kind."""
    by_class = {"P1": "72 h", "P2": "5 working days", "P3": "10 working days"}
    sections = [
        {"key": "reasoning", "title": text("Reasoning")},
        {"key": "care", "title": text("Care"), "kind": "table", "columns": [text("Type"), text("Weeks")]},
        {"key": "criteria", "title": text("Criteria"), "kind": "checklist", "items": [text("a"), text("b")]},
        {"key": "appropriate", "title": text("Rated"), "kind": "ratings", "items": [text("x"), text("y"), text("z")]},
        {"key": "index", "title": text("Index"), "kind": "score", "bands": [{"up_to": 100, "title": text("all")}]},
        {"key": "children", "title": text("Children"), "when": "age < 18"},
    ]
    return Pathway.model_validate(
        {
            "pathway": "orthopedics",
            "version": "1.0.0",
            "title": text("Sample"),
            "eligibility": {"codes": [{"system": "ICD-10", "code": "M00-M99"}]},
            "documents": [{"key": "consent", "title": text("Consent"), "loinc": ["59284-0"]}],
            "triage": {},
            "panel": a_panel("concur").model_dump(mode="json"),
            "deadlines": {
                "consent": "7 days",
                "documents": "14 days",
                "acceptance": {"P1": "4 h", "P2": "12 h", "P3": "24 h"},
                "opinion": by_class,
                "adjudication": by_class,
                "report": by_class,
            },
            "chase": {wait: [] for wait in ("consent", "documents", "acceptance", "opinion", "adjudication")},
            "report": {
                "sections": sections,
                "guidelines": [
                    {"key": "NASS", "name": "NASS", "levels": ["A", "B"]},
                    {"key": "NICE", "name": "NICE", "levels": ["strong", "weak"]},
                ],
            },
            "examples": [{"name": "one", "facts": {}, "expect": {"urgency": "P3"}}],
            **values,
        }
    )


def an_expert(code: str = "E1", **values: Any) -> ExpertProfile:
    return ExpertProfile(
        **{
            "code": code,
            "name": "Elena Robles Campos",
            "subspecialties": ("spine_surgery",),
            "languages": ("es",),
            "institution": "Clínica del Mar",
            "licences": (Licence(country="ES", valid_until=date(2030, 1, 1)),),
            "practising_since": date(2005, 1, 1),
            **values,
        }
    )


def a_request(**values: Any) -> MatchRequest:
    return MatchRequest(
        **{
            "case_reference": "SO-TEST-0001",
            "role": "surgeon",
            "subspecialties": ("spine_surgery", "orthopedic_surgery"),
            "language": Language.ES,
            "country": "ES",
            "works_from": date(2026, 11, 23),
            "works_until": date(2026, 12, 4),
            **values,
        }
    )


def a_reading(role: str, stance: str = "supported", **values: Any) -> Reading:
    return Reading.model_validate(
        {
            "role": role,
            "stance": stance,
            "diagnosis_concordance": "confirmed",
            "treatment_concordance": "confirmed",
            **values,
        }
    )


readings = st.builds(
    Reading,
    role=st.just("surgeon"),
    seat=st.just(1),
    stance=st.sampled_from(Stance),
    diagnosis_concordance=st.sampled_from(Concordance),
    treatment_concordance=st.sampled_from(Concordance),
    confidence=st.sampled_from(Confidence),
    ratings=st.just(()),
)
