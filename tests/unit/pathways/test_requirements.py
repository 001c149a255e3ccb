"""Which documents a case needs, and which of those received meet a requirement."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.facts import CaseFacts
from pathways.requirements import Mismatch, ReceivedDocument, match, mismatch, missing, requirements
from pathways.schema import DocumentRequirement
from pathways.spans import Span
from pathways.vocabulary import Text
from tests.unit.pathways.tiny import pathway

TODAY = date(2026, 3, 2)
TEXT = Text(en="x", es="x")
LABORATORY = DocumentRequirement(key="laboratory", title=TEXT, loinc=("11502-2",), maximum_age=Span.parse("90 days"))
FILM = DocumentRequirement(key="film", title=TEXT, loinc=("18745-0",), format="cine_dicom")
CT = DocumentRequirement(key="ct", title=TEXT, loinc=("24627-2",), format="dicom")


def dicom(modality: str, frames: int = 1, loinc: str = "") -> ReceivedDocument:
    return ReceivedDocument(id="d", loinc=loinc, media_type="application/dicom", modality=modality, frames=frames)


def test_a_conditional_document_is_asked_for_when_its_condition_holds(tmp_path: Path) -> None:
    asked = [one.key for one in requirements(pathway(tmp_path), CaseFacts())]
    assert asked == ["consent", "laboratory"]
    with_film = requirements(pathway(tmp_path), CaseFacts(documents=("18745-0",)))
    assert [one.key for one in with_film] == ["consent", "laboratory", "catheterisation"]


def test_a_film_is_missing_until_its_moving_images_are_there(tmp_path: Path) -> None:
    report_only = CaseFacts(documents=("18745-0", "59284-0", "11502-2"))
    assert missing(pathway(tmp_path), report_only) == ("catheterisation",)
    assert missing(pathway(tmp_path), report_only.model_copy(update={"cine_imaging": True})) == ()


def test_the_newest_fitting_document_meets_the_requirement() -> None:
    old, new = (ReceivedDocument(id=str(n), loinc="11502-2", documented_on=TODAY - timedelta(n)) for n in (80, 3))
    assert match(LABORATORY, [old, new], TODAY).document == new


def test_what_does_not_fit_is_told_with_its_reason() -> None:
    received = [
        ReceivedDocument(id="old", loinc="11502-2", documented_on=TODAY - timedelta(91)),
        ReceivedDocument(id="undated", loinc="11502-2"),
        ReceivedDocument(id="other", loinc="11488-4", documented_on=TODAY),
    ]
    found = match(LABORATORY, received, TODAY)
    assert not found.is_met
    assert [(one.id, one.reason) for one in found.rejected] == [
        ("old", Mismatch.TOO_OLD),
        ("undated", Mismatch.UNDATED),
    ]


@pytest.mark.parametrize(
    ("requirement", "document", "reason"),
    [
        (FILM, dicom("XA", frames=60), None),
        (FILM, dicom("XA", frames=1), Mismatch.WRONG_FORMAT),
        (FILM, dicom("CT", frames=60), Mismatch.OTHER_TYPE),
        (FILM, dicom("XA", frames=60, loinc="24627-2"), Mismatch.OTHER_TYPE),
        (FILM, ReceivedDocument(id="r", loinc="18745-0", media_type="application/pdf"), Mismatch.WRONG_FORMAT),
        (CT, dicom("CT"), None),
        (CT, dicom("MR"), Mismatch.OTHER_TYPE),
        (CT, dicom("CT", loinc="24627-2"), None),
        (LABORATORY, dicom("CT"), Mismatch.OTHER_TYPE),
    ],
)
def test_images_are_matched_by_code_or_modality_and_by_format(
    requirement: DocumentRequirement, document: ReceivedDocument, reason: Mismatch | None
) -> None:
    assert mismatch(requirement, document, TODAY) is reason


@given(st.integers(-30, 400))
def test_a_document_is_too_old_from_the_day_after_its_maximum_age(days: int) -> None:
    document = ReceivedDocument(id="d", loinc="11502-2", documented_on=TODAY - timedelta(days))
    assert (mismatch(LABORATORY, document, TODAY) is Mismatch.TOO_OLD) == (days > 90)
