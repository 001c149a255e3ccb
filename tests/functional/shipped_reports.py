"""The reports of the shipped pathways, from the example opinions."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from pathways.adjudication import adjudicate, settle
from pathways.facts import CaseFacts
from pathways.loader import load
from pathways.opinion import OpinionContent
from pathways.readings import BoardDecision, Need, reading
from pathways.source import read
from pathways.triage import triage
from secunda.reporting.build import build
from secunda.reporting.content import ReportContent
from secunda.reporting.inputs import CaseInput, DocumentInput, QuestionInput, ReportInput, SeatInput, TriageInput
from secunda.reporting.people import PatientIdentity, Requester

EXAMPLES = Path(__file__).parents[2] / "examples" / "opinions"
SPECIALTIES = tuple(sorted(path.stem for path in EXAMPLES.glob("*.yaml")))
START = datetime(2026, 4, 13, 8, tzinfo=UTC)


@cache
def example(specialty: str) -> Any:
    return read(EXAMPLES / f"{specialty}.yaml")


def shipped_report(specialty: str, language: str) -> ReportContent:
    """The report of the shipped pathway, on a panel whose every seat signs the example opinion."""
    given, loaded = example(specialty), load(specialty)
    opinion = OpinionContent.model_validate(given["opinions"][language])
    seats = tuple(_seat(role, number, opinion) for number, role in enumerate(given["seats"]))
    result = adjudicate(loaded.pathway.panel, [reading(seat.role, seat.seat, seat.opinion) for seat in seats])
    if result.needs is Need.BOARD:
        said = opinion.model_dump(include={"stance", "diagnosis_concordance", "treatment_concordance"})
        result = settle(result, BoardDecision(**said))
    facts = CaseFacts.model_validate(given["facts"])
    decided = triage(loaded.pathway, facts)
    case = CaseInput(
        reference="SO-EXAM-PLE1",
        language=language,
        urgency=decided.urgency,
        triage=TriageInput(urgency=decided.urgency, held=decided.held),
        flags=facts.flags,
        launched_at=START,
        file_complete_at=START + timedelta(days=3),
        report_due_at=START + timedelta(days=10),
    )
    report = ReportInput(
        case=case,
        reported_at=START + timedelta(days=8, hours=7),
        pathway_hash=loaded.hash,
        patient=PatientIdentity(given_name="Núria", family_name="Exemple i Prova", sex="unknown"),
        requester=Requester(name="Hospital d'Exemple"),
        questions=tuple(
            QuestionInput(number=number, asked_by="requester", text=text)
            for number, text in enumerate(given["questions"][language], start=1)
        ),
        documents=tuple(DocumentInput(**document, sha256="5a" * 32) for document in given["documents"]),
        seats=seats,
        triaged_at=START + timedelta(days=3),
        adjudicated_at=START + timedelta(days=8),
    )
    return build(report, loaded.pathway, facts, result)


def _seat(role: str, number: int, opinion: OpinionContent) -> SeatInput:
    return SeatInput(
        role=role,
        expert=f"Dr Expert Number {number + 1}",
        institution="Institute of Examples",
        no_conflict_attested=True,
        accepted_at=START + timedelta(days=4, hours=number),
        signed_at=START + timedelta(days=6, hours=5 * number),
        content_sha256="7b" * 32,
        opinion=opinion,
    )
