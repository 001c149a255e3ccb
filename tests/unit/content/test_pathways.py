"""The clinical content holds together: classes, documents, red flags, deadlines, panels."""

from itertools import chain

import pytest

from pathways.adjudication import adjudicate
from pathways.facts import CaseFacts
from pathways.loader import load_all
from pathways.opinion import Stance
from pathways.panel import panel
from pathways.readings import Need, Reading
from pathways.requirements import missing
from pathways.schema import Obligation, Pathway
from pathways.triage import triage
from pathways.vocabulary import CodeSystem, Concordance, Specialty, Urgency

PATHWAYS = {specialty: loaded.pathway for specialty, loaded in load_all().items()}
every_pathway = pytest.mark.parametrize("pathway", PATHWAYS.values(), ids=PATHWAYS)

COMMON = ["59284-0", "64292-6", "57133-1", "34117-2", "10160-0", "48765-2", "18842-5", "11502-2", "64290-0"]
#: The document types that each specialty must be able to ask for.
LOINC = {
    Specialty.ONCOLOGY: "11488-4 11526-1 11529-5 60568-3 33721-2 51969-4 55228-1 18748-4 24627-2 44139-4 30794-2 "
    "11504-8 11486-8 68602-2 18751-8",
    Specialty.CARDIOLOGY: "11488-4 11524-6 59281-6 18745-0 18752-6 18754-2 58744-4 24748-6 18750-0 46214-3",
    Specialty.ORTHOPEDICS: "24972-2 24762-7 28565-0 24968-0 24802-1 34814-4 11508-9 28570-0 18749-2 34868-0",
    Specialty.RARE_DISEASE: "51969-4 55228-1 68656-8 72170-4",
    Specialty.NEUROLOGY: "34797-1 24590-2 11523-8 18749-2 11502-2 34791-4 44138-6",
    Specialty.RADIOLOGY: "18748-4 55113-5",
    Specialty.CHRONIC_DISEASE: "60591-5 11502-2",
}
MANDATED = {
    Specialty.CARDIOLOGY: {"33510-33536", "92920-92944", "33361-33366", "93656", "33249"},
    Specialty.ORTHOPEDICS: {"22612", "22630", "22633", "63047", "27447", "27130", "29881", "29827"},
}
REPORT_DUE = {
    Specialty.RADIOLOGY: ("24 h", "3 working days", "5 working days"),
    Specialty.RARE_DISEASE: ("72 h", "5 working days", "20 working days"),
}
ELSE_DUE = ("72 h", "5 working days", "10 working days")
CLASSES = (Urgency.P1, Urgency.P2, Urgency.P3)


@every_pathway
def test_every_class_has_an_example(pathway: Pathway) -> None:
    assert {example.expect.urgency for example in pathway.examples} == set(Urgency)
    assert len(pathway.examples) >= 6


@every_pathway
def test_only_consent_cannot_be_waived(pathway: Pathway) -> None:
    mandatory = [one.key for one in pathway.documents if one.obligation is Obligation.MANDATORY]
    assert mandatory == ["consent"]


@every_pathway
def test_a_file_can_be_completed_with_few_papers(pathway: Pathway) -> None:
    """The examples cover ordinary cases; none of them owes more than a coordinator can get."""
    owed = [missing(pathway, CaseFacts.model_validate({**one.facts, "documents": []})) for one in pathway.examples]
    assert max(map(len, owed)) <= 6


@every_pathway
def test_every_red_flag_is_an_emergency(pathway: Pathway) -> None:
    red = [flag.key for flag in pathway.flags if flag.red_flag]
    assert "acutely_unwell" in red and len(red) >= 2
    assert [key for key in red if triage(pathway, CaseFacts(flags=(key,))).urgency is not Urgency.P0] == []


@every_pathway
def test_no_other_flag_is_an_emergency(pathway: Pathway) -> None:
    others = [flag.key for flag in pathway.flags if not flag.red_flag]
    assert [key for key in others if triage(pathway, CaseFacts(flags=(key,))).urgency is Urgency.P0] == []


@every_pathway
@pytest.mark.parametrize("days", [0, 7])
def test_treatment_within_a_week_is_p1(pathway: Pathway, days: int) -> None:
    assert triage(pathway, CaseFacts(days_to_treatment=days)).urgency is Urgency.P1
    assert triage(pathway, CaseFacts(days_to_treatment=8)).urgency is not Urgency.P1


@every_pathway
def test_the_documents_of_the_specialty_are_asked_for(pathway: Pathway) -> None:
    asked = set(chain.from_iterable(one.loinc for one in pathway.documents))
    assert {*COMMON, *LOINC[pathway.pathway].split()} - asked == set()


@every_pathway
def test_the_mandated_procedures_are_those_of_the_payers(pathway: Pathway) -> None:
    assert {one.code for one in pathway.mandated_procedures} == MANDATED.get(pathway.pathway, set())
    assert {one.system for one in pathway.mandated_procedures} <= {CodeSystem.CPT}


@every_pathway
def test_reports_are_due_when_the_programme_promises(pathway: Pathway) -> None:
    promised = REPORT_DUE.get(pathway.pathway, ELSE_DUE)
    assert tuple(str(pathway.deadlines.report[one]) for one in CLASSES) == promised
    assert [str(pathway.deadlines.acceptance[one]) for one in CLASSES] == ["4 h", "12 h", "24 h"]


@every_pathway
@pytest.mark.parametrize("urgency", CLASSES)
def test_one_expert_can_be_replaced_without_a_late_report(pathway: Pathway, urgency: Urgency) -> None:
    waits = pathway.deadlines
    twice = 2 * (waits.acceptance[urgency].roughly + waits.opinion[urgency].roughly)
    assert twice + waits.adjudication[urgency].roughly <= waits.report[urgency].roughly


@every_pathway
def test_sections_are_written_by_roles_of_the_panel(pathway: Pathway) -> None:
    roles = {role.key for role in pathway.panel.roles}
    assert {role for section in pathway.report.sections for role in section.written_by} - roles == set()


@every_pathway
def test_every_flag_changes_something(pathway: Pathway) -> None:
    """A flag that no condition asks for would be ticked in vain."""
    asked = " ".join(
        part.when
        for parts in (pathway.documents, pathway.triage.rules, pathway.panel.roles, pathway.report.sections)
        for part in parts
    )
    unused = [flag.key for flag in pathway.flags if f'"{flag.key}"' not in asked]
    assert [key for key in unused if key not in ("pregnancy", "surveillance")] == []


@every_pathway
def test_the_content_says_that_no_clinician_has_approved_it(pathway: Pathway) -> None:
    assert pathway.review.is_draft


def test_a_catheterisation_asks_for_its_cine_images() -> None:
    pathway = PATHWAYS[Specialty.CARDIOLOGY]
    assert "catheterisation_cine" not in missing(pathway, CaseFacts())
    received = CaseFacts(documents=("18745-0",), imaging=("XA",))
    assert "catheterisation_cine" in missing(pathway, received)
    assert "catheterisation_cine" not in missing(pathway, received.model_copy(update={"cine_imaging": True}))


@pytest.mark.parametrize(
    ("code", "pathologist"),
    [
        ("C49.9", "sarcoma_pathologist"),
        ("C83.3", "haematopathologist"),
        ("C71.9", "neuropathologist"),
        ("C73", "thyroid_pathologist"),
    ],
)
def test_sarcoma_lymphoma_brain_and_thyroid_are_read_again_blind(code: str, pathologist: str) -> None:
    seats = {seat.role: seat for seat in panel(PATHWAYS[Specialty.ONCOLOGY], CaseFacts(conditions=(code,)))}
    assert seats[pathologist].blind_first and "pathologist" not in seats


@pytest.mark.parametrize(
    "code", ["C50", "C34", "C16", "C25", "C18", "C61", "C56", "C32", "C71", "C43", "C80", "91861009"]
)
def test_every_cancer_has_somebody_for_its_site_and_one_pathologist(code: str) -> None:
    roles = {seat.role for seat in panel(PATHWAYS[Specialty.ONCOLOGY], CaseFacts(conditions=(code,)))}
    sites = {role for role in roles if role.endswith(("surgeon", "urologist", "gynaecologist", "haematologist"))}
    assert len(sites) + ("surgical_oncologist" in roles) == 1
    assert len([role for role in roles if role.endswith("pathologist")]) == 1


@pytest.mark.parametrize(
    ("score", "syntax"), [(0, "low"), (22.5, "low"), (23, "intermediate"), (32, "intermediate"), (33, "high")]
)
def test_syntax_bands_are_those_of_the_score(score: float, syntax: str) -> None:
    section = next(one for one in PATHWAYS[Specialty.CARDIOLOGY].report.sections if one.key == "syntax_score")
    band = next(one for one in section.bands if score < one.up_to)
    assert band.title.en.startswith(syntax)


@every_pathway
def test_nobody_chairs_but_somebody_who_is_always_there(pathway: Pathway) -> None:
    for example in pathway.examples:
        assert pathway.panel.chair in {seat.role for seat in panel(pathway, CaseFacts.model_validate(example.facts))}


def _stances(*roles: str, stance: Stance = Stance.SUPPORTED) -> list[Reading]:
    confirmed = Concordance.CONFIRMED
    return [
        Reading(role=role, stance=stance, diagnosis_concordance=confirmed, treatment_concordance=confirmed)
        for role in roles
    ]


@pytest.mark.parametrize(
    ("surgeon", "stance", "needs"),
    [
        ("spine_surgeon", Stance.SUPPORTED, Need.BOARD),
        ("spine_surgeon", Stance.NOT_SUPPORTED, Need.NONE),
        ("arthroplasty_surgeon", Stance.SUPPORTED, Need.NONE),
    ],
)
def test_the_board_meets_where_both_would_operate_on_the_spine(surgeon: str, stance: Stance, needs: Need) -> None:
    readings = _stances("rehabilitation_physician", surgeon, "musculoskeletal_radiologist", stance=stance)
    assert adjudicate(PATHWAYS[Specialty.ORTHOPEDICS].panel, readings).needs is needs


def test_the_board_meets_where_the_readers_of_a_joint_disagree() -> None:
    readings = [*_stances("rehabilitation_physician", stance=Stance.NOT_SUPPORTED), *_stances("arthroplasty_surgeon")]
    assert adjudicate(PATHWAYS[Specialty.ORTHOPEDICS].panel, readings).needs is Need.BOARD
