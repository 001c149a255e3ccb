"""From a case's rows, its opinions and its adjudication to the content of its report. Pure: no clock, no database."""

from collections.abc import Iterable, Sequence

from pathways.facts import CaseFacts
from pathways.opinion import OpinionContent
from pathways.readings import Adjudication
from pathways.schema import Pathway
from secunda.reporting.classification import Classification, RaisedFlag
from secunda.reporting.content import GuidelineFamily, Milestone, PathwayPin, ReportContent, TimelineEvent
from secunda.reporting.fill import sections
from secunda.reporting.inputs import CaseInput, ReportInput, RequirementInput
from secunda.reporting.people import AnsweredQuestion, MissingDocument
from secunda.reporting.reviewed import reviewed
from secunda.reporting.speaking import decision, lead, members

#: What of the leading opinion is printed as it was written.
BODY = (
    "history",
    "findings",
    "diagnosis",
    "treatment",
    "alternatives",
    "recommendations",
    "clinical_impact",
    "confidence",
    "limits",
    "red_flags",
    "plain_summary",
)

#: How a requirement ends without its document, and whether that limits the opinion (`models.status`).
ENDED_WITHOUT = {"waived": False, "limited": True}


def build(given: ReportInput, pathway: Pathway, facts: CaseFacts, adjudication: Adjudication) -> ReportContent:
    """The content of the report; what it lacks is for `completeness.missing` to name.

    The body is the synthesis, else the opinion of `speaking.lead`; a section or an answer that it leaves out is taken
    from the seat that wrote it. Concordances and stance are the panel's position. Raises BadInputError without a seat.
    """
    first = lead(given.seats, pathway.panel.chair, adjudication)
    body = given.synthesis or first.opinion
    opinions = (body, *(seat.opinion for seat in given.seats if seat is not first or given.synthesis))
    position = adjudication.position
    return ReportContent(
        reference=given.case.reference,
        organisation=given.organisation,
        pathway=_pin(pathway, given.pathway_hash),
        urgency=given.case.urgency,
        classification=_classification(given.case, pathway),
        version=given.version,
        amendment=given.amendment,
        check_address=given.check_address,
        reported_at=given.reported_at,
        time_zone=given.time_zone,
        language=body.language,
        translator=body.translator,
        patient=given.patient,
        requester=given.requester,
        questions=_answered(given, opinions),
        documents=reviewed(given.documents),
        missing_documents=_missing_documents(given.requirements, pathway),
        diagnosis_concordance=position.diagnosis_concordance if position else None,
        treatment_concordance=position.treatment_concordance if position else None,
        stance=position.stance if position else None,
        guidelines=_cited(pathway, body),
        sections=sections(pathway, facts, body, given.seats),
        panel=members(given.seats, pathway.panel),
        decision=decision(given, first, pathway.panel, adjudication),
        timeline=_timeline(given),
        due_at=given.case.report_due_at,
        stops=given.stops,
        **{field: getattr(body, field) for field in BODY},
    )


def _pin(pathway: Pathway, digest: str) -> PathwayPin:
    return PathwayPin(
        specialty=pathway.pathway,
        title=pathway.title,
        version=pathway.version,
        hash=digest,
        draft=pathway.review.is_draft,
    )


def _classification(case: CaseInput, pathway: Pathway) -> Classification:
    ticked = (flag for flag in pathway.flags if flag.key in case.flags)
    return Classification(
        by_rules=case.triage.urgency,
        rules=case.triage.held,
        chosen_because=case.triage.override.reason if case.triage.override else "",
        flags=tuple(RaisedFlag(key=flag.key, title=flag.title) for flag in ticked),
    )


def _answered(given: ReportInput, opinions: Sequence[OpinionContent]) -> tuple[AnsweredQuestion, ...]:
    answers: dict[int, str] = {}
    for opinion in opinions:
        for answer in opinion.answers:
            answers[answer.question] = answers.get(answer.question) or answer.text
    return tuple(
        AnsweredQuestion(**question.model_dump(), answer=answers.get(question.number, ""))
        for question in sorted(given.questions, key=lambda question: question.number)
    )


def _missing_documents(requirements: Iterable[RequirementInput], pathway: Pathway) -> tuple[MissingDocument, ...]:
    ended = {each.key: each for each in requirements if each.status in ENDED_WITHOUT}
    return tuple(
        MissingDocument(
            title=asked.title, limited=ENDED_WITHOUT[ended[asked.key].status], reason=ended[asked.key].reason
        )
        for asked in pathway.documents
        if asked.key in ended
    )


def _cited(pathway: Pathway, body: OpinionContent) -> tuple[GuidelineFamily, ...]:
    keys = {citation.guideline for each in body.recommendations for citation in each.citations}
    return tuple(GuidelineFamily(key=one.key, name=one.name) for one in pathway.report.guidelines if one.key in keys)


def _timeline(given: ReportInput) -> tuple[TimelineEvent, ...]:
    moments = [
        (Milestone.REQUESTED, given.case.launched_at),
        (Milestone.FILE_COMPLETE, given.case.file_complete_at),
        (Milestone.TRIAGED, given.triaged_at),
        *((Milestone.ACCEPTED, seat.accepted_at) for seat in given.seats),
        *((Milestone.OPINION, seat.signed_at) for seat in given.seats),
        (Milestone.ADJUDICATED, given.adjudicated_at),
        (Milestone.REPORTED, given.reported_at),
    ]
    return tuple(TimelineEvent(milestone=milestone, at=at) for milestone, at in moments if at is not None)
