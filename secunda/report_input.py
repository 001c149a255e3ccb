"""Everything that one version of a case's report is built from, read in one transaction."""

from typing import TypeVar

from pydantic import BaseModel
from sqlmodel import col, func, select

from models import Amendment as AmendmentRow
from models import (
    Assignment,
    Event,
    Expert,
    Opinion,
    Patient,
    Question,
    Report,
)
from models.base import CaseRow
from pathways.opinion import OpinionContent
from secunda.adjudicating import adjudication_of, board_decision, final_opinions, records_of
from secunda.case_context import CaseContext
from secunda.checking import check_address, check_token
from secunda.key_images import key_images
from secunda.reporting.build import build
from secunda.reporting.content import Amendment, ClockStopped, ReportContent
from secunda.reporting.inputs import (
    CaseInput,
    ChainLink,
    DocumentInput,
    QuestionInput,
    ReportInput,
    RequirementInput,
    SeatInput,
)
from secunda.reporting.parts import changed_parts, part_digests
from secunda.reporting.people import PatientIdentity, Requester

TRIAGED, ADJUDICATED = "triaged", "adjudicated"
RESTS_ON = (ADJUDICATED, "amendment_requested")  # the newest of these dates the report


def report_content(context: CaseContext, version: int | None = None) -> ReportContent:
    """The content of the case's next report version; what it lacks is for `reporting.completeness` to name.

    `version`: of the newest one instead, as long as nothing that it rests on has changed.
    """
    return content_from(context, report_input(context, version))


def content_from(context: CaseContext, given: ReportInput) -> ReportContent:
    """The same from what was read; an amendment names the parts that differ from the version that it replaces."""
    content = build(given, context.pathway, context.facts, adjudication_of(context))
    images, left_out = key_images(content.findings, context.documents)
    content = content.model_copy(update={"key_images": images, "images_left_out": left_out})
    if given.amendment is None:
        return content
    changed = changed_parts(_version(context, given.version - 1).parts, part_digests(content))
    return content.model_copy(update={"amendment": given.amendment.model_copy(update={"changed": changed})})


def report_input(context: CaseContext, version: int | None = None) -> ReportInput:
    """`version`: without one, that which comes next."""
    decision, dated = board_decision(context), _dated(context)
    basis = next((event for event in reversed(dated) if event.kind in RESTS_ON), None)
    version = version or _next_version(context)
    return ReportInput(
        case=CaseInput.model_validate(context.case, from_attributes=True),
        time_zone=context.calendar.timezone,
        version=version,
        amendment=_amendment(context, version),
        check_address=check_address(check_token(context.case.id, version)),
        events=ChainLink(sequence=basis.sequence, sha256=basis.hash) if basis else None,
        reported_at=basis.at if basis else context.now,
        pathway_hash=context.case.pathway_hash,
        patient=_patient(context),
        requester=_requester(context),
        questions=_rows(context, Question, QuestionInput),
        documents=tuple(DocumentInput.model_validate(row) for row in context.documents if row.is_usable),
        requirements=tuple(RequirementInput.model_validate(row) for row in context.requirements),
        seats=tuple(seat_input(context, opinion) for opinion in final_opinions(context)),
        triaged_at=next((event.at for event in reversed(dated) if event.kind == TRIAGED), None),
        adjudicated_at=next((event.at for event in reversed(dated) if event.kind == ADJUDICATED), None),
        adjudication_round=_rounds(context),
        board_reason=decision.reason if decision else "",
        stops=_stops(context),
    )


Shape = TypeVar("Shape", bound=BaseModel)


def _rows(context: CaseContext, table: type[CaseRow], shape: type[Shape]) -> tuple[Shape, ...]:
    """All rows of the case in one table, as the report's inputs."""
    query = select(table).where(table.case_id == context.case.id)
    return tuple(shape.model_validate(row) for row in context.session.exec(query))


def _patient(context: CaseContext) -> PatientIdentity:
    patient = context.session.get_one(Patient, context.case.patient_id)
    return PatientIdentity(
        given_name=patient.given_name,
        family_name=patient.family_name,
        birth_date=patient.birth_date,
        sex=patient.sex,
        identifiers=tuple(dict.fromkeys(identifier["value"] for identifier in patient.identifiers))[:2],
    )


def _requester(context: CaseContext) -> Requester:
    case = context.case
    return Requester(
        name=case.requester,
        payer=case.payer,
        first_institution=case.first_institution,
        operating_site=case.operating_site,
        planned_procedure=case.planned_procedure,
        procedure_on=case.procedure_on,
    )


def seat_input(context: CaseContext, opinion: Opinion) -> SeatInput:
    """One seat, as the report is built from it."""
    assignment = context.session.get_one(Assignment, opinion.assignment_id)
    expert = context.session.get_one(Expert, assignment.expert_id)
    return SeatInput(
        role=assignment.role,
        seat=assignment.seat,
        code=expert.code,
        expert=expert.name,
        institution=expert.institution,
        no_conflict_attested=assignment.no_conflict_attested,
        blind_first=assignment.blind_first,
        accepted_at=assignment.accepted_at,
        signed_at=opinion.locked_at,
        content_sha256=opinion.content_sha256,
        opinion=OpinionContent.model_validate(opinion.content),
    )


def _next_version(context: CaseContext) -> int:
    query = select(func.max(Report.version)).where(Report.case_id == context.case.id)
    return (context.session.exec(query).one() or 0) + 1


def _rounds(context: CaseContext) -> int:
    return records_of(context) or 1


def _version(context: CaseContext, version: int) -> Report:
    return context.session.exec(
        select(Report).where(Report.case_id == context.case.id, Report.version == version)
    ).one()


def _amendment(context: CaseContext, version: int) -> Amendment | None:
    """Why this version replaces the one before, if somebody asked for that."""
    if version == 1:
        return None
    query = select(AmendmentRow).where(
        AmendmentRow.case_id == context.case.id, AmendmentRow.replaces_version == version - 1
    )
    row = context.session.exec(query).first()
    if row is None:
        return None
    replaced = _version(context, version - 1).sha256
    return Amendment(replaces_version=row.replaces_version, replaces_sha256=replaced, reason=row.reason)


def _dated(context: CaseContext) -> list[Event]:
    """The events that date the report, in order.

    The newest that it rests on gives it its own date, so that rendering it again gives the same bytes.
    """
    query = select(Event).where(Event.case_id == context.case.id, col(Event.kind).in_((TRIAGED, *RESTS_ON)))
    return list(context.session.exec(query.order_by(col(Event.sequence))))


def _stops(context: CaseContext) -> tuple[ClockStopped, ...]:
    return tuple(
        ClockStopped(started_at=stop.stopped_at, ended_at=stop.restarted_at, reason=stop.reason)
        for stop in context.clock_stops
        if stop.restarted_at is not None
    )
