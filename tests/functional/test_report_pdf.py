"""The printed report: read back from the PDF as a reader, a screen reader and an archive would."""

import io
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest
from pypdf import PdfReader

from pathways.vocabulary import Urgency
from secunda.reporting.classification import Classification
from secunda.reporting.completeness import missing
from secunda.reporting.content import ReportContent
from secunda.reporting.render import RenderedReport, render
from secunda.reporting.words import Words, catalogue, languages
from tests.unit.reporting.samples import NAMES, long, minimal, sample

LANGUAGES = ("es", "en")


@cache
def pages_of(report: RenderedReport) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(report.pdf)).pages]


def flat(text: str) -> str:
    """Without white space and hyphens: where lines break is the layout's own."""
    return re.sub(r"[\s-]+", "", text)


@pytest.fixture(scope="module", params=[(name, language) for name in NAMES for language in LANGUAGES], ids="-".join)
def printed(request: pytest.FixtureRequest) -> tuple[ReportContent, RenderedReport, str]:
    name, language = request.param
    content = sample(name)
    return content, render(content, language), language


def test_everything_that_a_report_contains_is_printed(printed: tuple[ReportContent, RenderedReport, str]) -> None:
    content, report, language = printed
    words, text = Words(language, content.time_zone), flat("".join(pages_of(report)))
    said = [
        content.reference,
        content.patient.name,
        words.date(content.reported_at),
        *(question.text for question in content.questions),
        *(question.answer for question in content.questions),
        *(finding.text for finding in content.findings),
        *(recommendation.text for recommendation in content.recommendations),
        *(recommendation.reason for recommendation in content.recommendations),
        *(citation.reference for each in content.recommendations for citation in each.citations),
        *(words.text("evidence_level", level=words.grade(each.evidence_level)) for each in content.recommendations),
        *(content.alternatives),
        *(words.local(section.title) for section in content.sections),
        *(document.sha256[:12] for document in content.documents),
        *(document.loinc for document in content.documents),
        *(missing.reason for missing in content.missing_documents),
        *(member.name for member in content.panel),
        *(member.institution for member in content.panel),
        *(words.moment(member.signature.signed_at) for member in content.panel if member.signature),
        *((dissent.treatment for dissent in content.decision.dissent) if content.decision else ()),
        *(words.local(rule.reason) for rule in content.classification.rules),
        *(words.local(flag.title) for flag in content.classification.flags),
        content.classification.chosen_because,
        words.text(f"urgency_{content.classification.by_rules}"),
        content.limits,
        content.pathway.hash,
        content.sha256,
        words.text("remote_limits"),
        content.translator,
    ]
    assert [each for each in said if flat(each) not in text] == []


@pytest.mark.parametrize("language", languages())
def test_why_the_class_was_given_is_said_in_every_language_and_not_to_the_patient(language: str) -> None:
    why = Classification(by_rules=Urgency.P3, chosen_because="The operation is near.")
    content = minimal().model_copy(update={"classification": why})
    words, pages = Words(language, content.time_zone), [flat(page) for page in pages_of(render(content, language))]
    said = [
        words.text("urgency_why"),
        words.text("urgency_by_default", urgency=words.text("urgency_P3")),
        words.text("urgency_chosen", urgency=words.text("urgency_P2"), reason="The operation is near."),
        words.text("flags_raised") + words.text("no_flags_raised"),
    ]
    assert [each for each in said if flat(each) not in "".join(pages)] == []
    assert [each for each in said if flat(each) in pages[-1]] == []


def test_every_page_is_numbered_and_says_whose_it_is(printed: tuple[ReportContent, RenderedReport, str]) -> None:
    content, report, language = printed
    words, pages = Words(language, content.time_zone), pages_of(report)
    assert len(pages) == report.pages
    for number, page in enumerate(pages, start=1):
        assert flat(f"{words.text('page_of')} {number} {words.text('of')} {len(pages)}") in flat(page)
        assert content.reference in page
        assert flat(content.patient.family_name) in flat(page)
        assert content.pathway.hash[:12] in page
        assert content.sha256[:12] in page


def test_a_draft_pathway_is_named_on_every_page_and_an_approved_one_nowhere(
    printed: tuple[ReportContent, RenderedReport, str],
) -> None:
    content, report, language = printed
    mark = Words(language, content.time_zone).text("draft_mark")
    assert {flat(mark) in flat(page) for page in pages_of(report)} == {content.pathway.draft}


def test_nothing_of_the_template_language_is_left(printed: tuple[ReportContent, RenderedReport, str]) -> None:
    text = " ".join(pages_of(printed[1]))
    assert not re.search(r"\{\{|\}\}|\{%|%\}|\bNone\b|Undefined|object at 0x|<[a-z]+", text)
    assert not [key for key in catalogue("en") if "_" in key and key in text]


def test_the_first_page_answers(printed: tuple[ReportContent, RenderedReport, str]) -> None:
    content, report, language = printed
    words, first = Words(language, content.time_zone), flat(pages_of(report)[0])
    assert content.diagnosis_concordance is not None
    assert content.treatment_concordance is not None
    verdicts = [words.text(f"concordance_{content.diagnosis_concordance}")]
    verdicts.append(words.text(f"concordance_{content.treatment_concordance}"))
    order = [words.text("first_diagnosis"), verdicts[0], words.text("proposed_treatment"), verdicts[1]]
    order += [content.questions[0].text, content.questions[0].answer]
    at = 0
    for each in map(flat, order):
        at = first.index(each, at) + len(each)


def test_the_file_says_its_title_language_and_archival_standard(
    printed: tuple[ReportContent, RenderedReport, str],
) -> None:
    content, report, language = printed
    reader = PdfReader(io.BytesIO(report.pdf))
    assert reader.trailer["/Root"]["/Lang"] == language
    assert reader.metadata is not None
    assert content.reference in str(reader.metadata.title)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    xmp = reader.trailer["/Root"]["/Metadata"].get_object().get_data()
    assert b"<pdfaid:part>3</pdfaid:part>" in xmp
    assert b"<pdfuaid:part>1</pdfuaid:part>" in xmp


def test_only_the_packaged_typeface_is_embedded(printed: tuple[ReportContent, RenderedReport, str]) -> None:
    reader = PdfReader(io.BytesIO(printed[1].pdf))
    fonts = {font.get_object()["/BaseFont"] for page in reader.pages for font in page["/Resources"]["/Font"].values()}
    assert fonts
    assert {font for font in fonts if "Secunda-Sans" not in font} == set()


def test_every_picture_has_its_words() -> None:
    reader = PdfReader(io.BytesIO(render(sample("cardiology"), "en").pdf))
    figures = [each for each in structure(reader) if each.get("/S") == "/Figure"]
    assert len(figures) == 2 + 2 + 3 + 1  # concordance meters, scores, rated items, timeline
    assert [figure for figure in figures if not figure.get("/Alt")] == []


def structure(reader: PdfReader) -> list[dict[str, object]]:
    """Every element of the tag tree."""
    found, waiting = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, list):
            waiting.extend(each for each in element if hasattr(each, "get_object"))
        elif isinstance(element, dict):
            found.append(element)
            if "/K" in element:
                waiting.append(element["/K"])
    return found


def test_a_finding_leads_to_its_document() -> None:
    reader = PdfReader(io.BytesIO(render(sample("oncology"), "es").pdf))
    links = [each.get_object() for page in reader.pages if "/Annots" in page for each in page["/Annots"]]
    assert [link["/Contents"] for link in links] == [
        f"Documento {each.document}, página {each.page}" if each.page else f"Documento {each.document}"
        for each in sample("oncology").findings
    ]
    assert all(link["/Dest"] in reader.named_destinations for link in links)


def test_the_sections_are_bookmarked() -> None:
    reader = PdfReader(io.BytesIO(render(sample("orthopedics"), "es").pdf))
    titles = re.findall(r"'/Title': '([^']+)'", str(reader.outline))
    assert {"Preguntas y respuestas", "Criterios de artrodesis", "Panel y firmas"} <= set(titles)


def test_an_amended_report_names_the_version_it_replaces() -> None:
    assert flat("sustituye a la versión 1 (5a6b7c8d9e0f)") in flat(pages_of(render(sample("orthopedics"), "es"))[0])


def test_a_report_in_another_language_than_the_experts_says_so() -> None:
    text = flat("".join(pages_of(render(sample("cardiology"), "es"))))
    assert flat("Los expertos escribieron en inglés") in text


def test_the_same_content_gives_the_same_bytes_in_any_thread_and_process() -> None:
    here = render(minimal(), "es")
    with ThreadPoolExecutor(4) as threads:
        others = list(threads.map(lambda _: render(minimal(), "es").sha256, range(4)))
    program = (
        "from tests.unit.reporting.samples import minimal; from secunda.reporting.render import render; "
        "print(render(minimal(), 'es').sha256)"
    )
    elsewhere = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert {*others, elsewhere.stdout.strip()} == {here.sha256}


def test_other_content_gives_another_file_identifier() -> None:
    one, other = minimal(), minimal().model_copy(update={"limits": "Otros límites."})
    identifiers = {str(PdfReader(io.BytesIO(render(each, "es").pdf)).trailer["/ID"][0]) for each in (one, other)}
    assert len(identifiers) == 2


def test_a_long_report_leaves_no_heading_at_the_foot_of_a_page() -> None:
    content = long()
    assert missing(content) == ()
    report = render(content, "es")
    assert report.pages >= 12
    headings = {flat(title) for title in re.findall(r"'/Title': '([^']+)'", str(outline(report)))}
    for page in pages_of(report):
        body = page[: page.index("\nSO-")] if "\nSO-" in page else page
        assert flat(body.strip().splitlines()[-1]) not in headings


def outline(report: RenderedReport) -> object:
    return PdfReader(io.BytesIO(report.pdf)).outline


def test_the_smallest_report_is_two_pages_and_the_patients_own() -> None:
    assert render(minimal(), "es").pages <= 3


def test_the_patient_gets_one_or_two_pages_that_begin_at_the_head_of_a_page(
    printed: tuple[ReportContent, RenderedReport, str],
) -> None:
    content, report, language = printed
    title = flat(Words(language, content.time_zone).text("summary_title"))
    own = [number for number, page in enumerate(pages_of(report), start=1) if title in flat(page)]
    assert len(own) == 1
    assert report.pages - own[0] <= 1
    said = flat("".join(pages_of(report)[own[0] - 1 :]))
    asked = [each for each in content.questions if each.asked_by == "patient"]
    for text in (content.plain_summary, content.red_flags, *(each.answer for each in asked)):
        assert flat(re.sub(r"(?m)^[-*•–]\s+", "", text)) in said.replace("–", "")
