"""From the tables to what a payer is told about a review. Called in a transaction."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlmodel import Session, col, func, select

from models import Case, Event, Patient, Report, Requirement, Review
from models.status import CaseStatus, RequirementStatus
from pathways.errors import PathwayError
from pathways.requirements import match, requirements
from pathways.schema import DocumentRequirement, Obligation
from secunda.adjudicating import adjudication_of
from secunda.case_context import CaseContext
from secunda.fhir_door.answer import (
    ClockShown,
    ConcordanceShown,
    PatientShown,
    RefusedPaper,
    ReportShown,
    ReviewAnswer,
    Wanted,
)
from secunda.fhir_door.pas_items import ItemState
from secunda.reviews.delivered import delivered_report
from secunda.reviews.determining import determination_of
from secunda.views.words import STAGES


def answer_of(session: Session, review: Review, case: Case, now: datetime) -> ReviewAnswer:
    """The review as it stands at `now`."""
    context = CaseContext(session, case, now)
    report = delivered_report(session, case)
    return ReviewAnswer(
        reference=case.reference,
        payer=review.payer,
        payer_reference=review.payer_reference,
        version=review.version,
        created_at=review.created_at,
        updated_at=max(review.updated_at, _changed_at(session, case) or review.updated_at),
        certification=review.certification.value,
        reason=review.certification_reason,
        stage=STAGES[case.status].en,
        is_open=case.status is not CaseStatus.CLOSED,
        procedure=(review.procedure_system, review.procedure_code),
        planned_on=review.planned_on,
        diagnoses=tuple(review.diagnosis_codes),
        patient=_patient(session, case),
        items=tuple(_items(review)),
        clock=_clock(context, review),
        wanted=tuple(_wanted(context)),
        refused=tuple(RefusedPaper(one.number, one.loinc, one.refusal) for one in context.documents if one.refusal),
        concordance=_concordance(context) if report else None,
        report=_shown(report) if report else None,
        bundle=review.request_bundle,
        source=review.source.value,
        urgency=case.urgency or "",
        requester=case.requester,
    )


def _changed_at(session: Session, case: Case) -> datetime | None:
    """When anything last happened that is more than somebody's look at the case."""
    query = select(func.max(col(Event.at))).where(Event.case_id == case.id, Event.kind != "read")
    return session.exec(query).one()


def _shown(report: Report) -> ReportShown:
    return ReportShown(
        identity=str(report.id),
        **report.model_dump(include={"version", "language", "sha256", "size", "pages", "rendered_at"}),
    )


def _patient(session: Session, case: Case) -> PatientShown:
    patient = session.get_one(Patient, case.patient_id)
    return PatientShown(
        identifiers=tuple((one.get("system", ""), one["value"]) for one in patient.identifiers),
        name=f"{patient.given_name} {patient.family_name}".strip(),
    )


def _items(review: Review) -> list[dict[str, object]]:
    """A review that did not come as a claim is one item: its procedure. Items follow the certification as a whole."""
    rows = review.items or [
        {"sequence": 1, "trace": None, "service": _service(review), "serviced_on": None, "state": ItemState.PENDED}
    ]
    whole = {"certified": ItemState.CERTIFIED, "cancelled": ItemState.CANCELLED}.get(review.certification.value)
    return [row | {"state": _state(ItemState(row["state"]), whole)} for row in rows]


def _state(own: ItemState, whole: ItemState | None) -> ItemState:
    return own if own is ItemState.CANCELLED or whole is None else whole


def _service(review: Review) -> dict[str, object]:
    return {"coding": [{"system": review.procedure_system, "code": review.procedure_code}]}


def _wanted(context: CaseContext) -> list[Wanted]:
    """What is still asked for, in the pathway's order: by the checklist, and before there is one by the pathway."""
    query = select(Requirement).where(Requirement.case_id == context.case.id)
    rows = {row.key: row for row in context.session.exec(query)}
    is_open = _is_pending(rows) if rows else _would_be_asked(context)
    return [
        Wanted(
            key=asked.key,
            title=asked.title.en,
            loinc=asked.loinc,
            owed=asked.obligation != Obligation.RECOMMENDED,
            held_by=asked.held_by.value,
        )
        for asked in context.pathway.documents
        if asked.loinc and is_open(asked)
    ]


def _is_pending(rows: Mapping[str, Requirement]) -> Callable[[DocumentRequirement], bool]:
    return lambda asked: asked.key in rows and rows[asked.key].status is RequirementStatus.PENDING


def _would_be_asked(context: CaseContext) -> Callable[[DocumentRequirement], bool]:
    """Whoever sends everything at once need not wait for the patient's consent to learn what that is."""
    known = {asked.key for asked in requirements(context.pathway, context.facts)}
    received, today = context.received(), context.now.date()
    return lambda asked: asked.key in known and match(asked, received, today).document is None


def _concordance(context: CaseContext) -> ConcordanceShown | None:
    try:
        settled = adjudication_of(context)
    except PathwayError:
        return None
    if settled.position is None:
        return None
    return ConcordanceShown(
        diagnosis=settled.position.diagnosis_concordance,
        treatment=settled.position.treatment_concordance,
        stance=settled.position.stance.value,
        dissent=bool(settled.dissent),
    )


def _clock(context: CaseContext, review: Review) -> ClockShown | None:
    """The clock that binds; none for an emergency, which is no matter of days."""
    found = determination_of(context, review)
    if found is None:
        return None
    return ClockShown(
        rule=f"{found.title.en} ({found.source})" if found.source else found.title.en,
        due_at=found.earliest_at,
        left=found.left,
        stopped=found.stopped_for,
        is_stopped=found.stopped_since is not None,
    )
