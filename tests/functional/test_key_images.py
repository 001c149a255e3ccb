"""The pictures of a report: from the stored study to the printed page."""

import io
from pathlib import Path

import pikepdf
from pydicom.data import get_testdata_file

from models import Document
from pathways.opinion import Finding
from secunda.adapters import storage
from secunda.key_images import key_images
from secunda.reporting.render import render
from tests.functional.pdf_structure import elements, problems
from tests.unit.reporting.samples import minimal

FINDINGS = (
    Finding(text="Fractura del arco posterior.", document=7, page=1),
    Finding(text="Lo mismo, dicho otra vez.", document=7, page=1),
    Finding(text="No hay tal imagen.", document=7, page=9),
    Finding(text="Anemia leve.", document=8, page=1),
)


def a_study(home: Path) -> list[Document]:
    stored = storage.receive(Path(str(get_testdata_file("CT_small.dcm"))))
    return [
        Document(case_id=1, number=7, sha256=stored.sha256, frames=1, modality="CT", media_type="application/dicom"),
        Document(case_id=1, number=8, sha256="5a" * 32, pages=1, media_type="application/pdf"),
    ]


def test_a_finding_in_an_image_brings_its_picture_once(home: Path) -> None:
    (image,) = key_images(FINDINGS, a_study(home))
    assert (image.document, image.frame, image.shows) == (7, 1, "Fractura del arco posterior.")


def test_a_study_about_somebody_else_is_not_shown(home: Path) -> None:
    study, report = a_study(home)
    study.names_somebody_else = True
    assert key_images(FINDINGS, [study, report]) == ()


def test_a_picture_is_printed_with_its_words_and_its_scale(home: Path) -> None:
    report = render(minimal().model_copy(update={"key_images": key_images(FINDINGS, a_study(home))}), "es")
    assert problems(report.pdf) == []
    with pikepdf.open(io.BytesIO(report.pdf)) as pdf:
        said = [str(element.Alt) for element, _ in elements(pdf) if element.S == "/Figure"]
        pictures = [image for page in pdf.pages for image in page.get_images().values()]
    assert "Imagen 1 de CT del documento 7. Muestra: Fractura del arco posterior." in said
    assert {str(image.Filter) for image in pictures} == {"/DCTDecode"}
