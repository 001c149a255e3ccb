"""The pictures of a report: from the stored study to the printed page."""

import io
from pathlib import Path

import pikepdf
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pypdf import PdfReader

from models import Document
from pathways.opinion import Finding
from secunda.adapters import storage
from secunda.key_images import MOST, key_images
from secunda.reporting.images import NotShown
from secunda.reporting.render import render
from tests.functional.pdf_structure import elements, problems
from tests.unit.reporting.samples import minimal

FINDINGS = (
    Finding(text="Fractura del arco posterior.", document=7, page=1),
    Finding(text="Lo mismo, dicho otra vez.", document=7, page=1),
    Finding(text="No hay tal imagen.", document=7, page=9),
    Finding(text="Anemia leve.", document=8, page=1),
)


def a_study(home: Path, frames: int = 1) -> list[Document]:
    dataset = dcmread(str(get_testdata_file("CT_small.dcm")))
    dataset.NumberOfFrames, dataset.PixelData = frames, dataset.PixelData * frames
    file = home / "study.dcm"
    dataset.save_as(file)
    stored = storage.receive(file)
    return [
        Document(case_id=1, number=7, sha256=stored.sha256, frames=frames, modality="CT"),
        Document(case_id=1, number=8, sha256="5a" * 32, pages=1, media_type="application/pdf"),
    ]


def test_a_finding_in_an_image_brings_its_picture_once(home: Path) -> None:
    (image,), _ = key_images(FINDINGS, a_study(home))
    assert (image.document, image.frame, image.shows) == (7, 1, "Fractura del arco posterior.")


def test_a_study_about_somebody_else_is_not_shown(home: Path) -> None:
    study, report = a_study(home)
    study.names_somebody_else = True
    assert key_images(FINDINGS, [study, report]) == ((), ())


def test_an_image_that_is_not_printed_is_named_with_the_reason(home: Path) -> None:
    _, (left_out,) = key_images(FINDINGS, a_study(home))
    assert (left_out.document, left_out.frame, left_out.why) == (7, 9, NotShown.NO_SUCH_IMAGE)


def test_of_many_images_the_others_are_named(home: Path) -> None:
    many = [Finding(text="Lesión.", document=7, page=page) for page in range(1, MOST + 3)]
    study, _ = a_study(home, frames=MOST + 2)
    shown, left_out = key_images(many, [study])
    assert len(shown) == MOST
    assert [(each.frame, each.why) for each in left_out] == [(MOST + 1, NotShown.MOST), (MOST + 2, NotShown.MOST)]


def test_a_picture_is_printed_with_its_words_and_its_scale(home: Path) -> None:
    images, left_out = key_images(FINDINGS, a_study(home))
    report = render(minimal().model_copy(update={"key_images": images, "images_left_out": left_out}), "es")
    assert problems(report.pdf) == []
    with pikepdf.open(io.BytesIO(report.pdf)) as pdf:
        said = [str(element.Alt) for element, _ in elements(pdf) if element.S == "/Figure"]
        pictures = [image for page in pdf.pages for image in page.get_images().values()]
    assert "Imagen 1 de CT del documento 7. Muestra: Fractura del arco posterior." in said
    assert {str(image.Filter) for image in pictures} == {"/DCTDecode"}
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(report.pdf)).pages)
    assert "Documento 7, imagen 9: el documento no tiene ninguna imagen con ese número" in " ".join(text.split())
