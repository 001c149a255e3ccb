"""Names and free texts that try to break the page, run a template, read a file or reach the network."""

import io
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdfium2 import PdfDocument

from secunda.reporting import render as rendering
from secunda.reporting.content import ReportContent
from secunda.reporting.render import ReportTooLargeError, render, to_html
from tests.unit.reporting.samples import sample

WORD = "W" * 1_000  # in every field; one of them gets ten times as much
MARGIN = 60  # points; the page's side margins are 65
UNICODE = (
    "\u202eDr Evil\u202c \u2066x\u2069 שלום مرحبا \x00\x07\x1b[31m \U0001f600 z\u0301\u0302\u0303\u0304\u0305 漢字 "
    "\ufeff\ud7ff \U0001f469\u200d\u2695\ufe0f"
)


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A port on this machine that nobody may connect to, and who did."""
    callers: list[str] = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.05)
    stop = threading.Event()

    def listen() -> None:
        while not stop.is_set():
            try:
                connection, address = server.accept()
            except TimeoutError:
                continue
            callers.append(str(address))
            connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}", callers
    stop.set()
    thread.join()
    server.close()


def attack(address: str, file: Path) -> str:
    """Every way that HTML, CSS, SVG, Jinja2 and WeasyPrint know to load something."""
    return (
        f'"><img src="{address}/i.png"><link rel=stylesheet href={address}/s.css>'
        f"<link rel=attachment href={file.as_uri()}><style>@import url({address}/c.css); "
        f"body {{ background: url({file.as_uri()}) }}</style><object data={file.as_uri()}></object>"
        f"<svg><image href='{address}/v.svg'/><use href='{file.as_uri()}#a'/></svg>"
        f"<script src={address}></script><a rel=attachment href={file.as_uri()}>x</a>"
        "{{ 7 * 7 }}{% for x in range(999999999) %}x{% endfor %}{{ ''.__class__.__mro__ }}{# #}${7*7}"
        f"]]></title><!-- --><base href={address}/>"
    )


def attacked(text: str, content: ReportContent) -> ReportContent:
    """Hostile text in every field that somebody outside writes."""
    return content.model_copy(
        update={
            "patient": content.patient.model_copy(
                update={"given_name": text, "family_name": text, "identifiers": (text, text)}
            ),
            "requester": content.requester.model_copy(update={"name": text, "payer": text, "planned_procedure": text}),
            "questions": tuple(each.model_copy(update={"text": text, "answer": text}) for each in content.questions),
            "documents": tuple(each.model_copy(update={"title": text, "source": text}) for each in content.documents),
            "panel": tuple(each.model_copy(update={"name": text, "institution": text}) for each in content.panel),
            "sections": (
                content.sections[0].model_copy(update={"rows": ((text, "x", text, "y"),)}),
                *content.sections[1:],
            ),
            "diagnosis": text,
            "history": text,
            "plain_summary": text,
            "translator": text,
            "classification": content.classification.model_copy(update={"chosen_because": text}),
        }
    )


def test_hostile_text_reaches_neither_network_nor_files(tmp_path: Path, listener: tuple[str, list[str]]) -> None:
    address, callers = listener
    canary = tmp_path / "canary.txt"
    canary.write_text("CANARY-7f3a")
    report = render(attacked(attack(address, canary), sample("cardiology")), "en")
    reader = PdfReader(io.BytesIO(report.pdf))
    text = "".join(page.extract_text() for page in reader.pages)
    assert callers == []
    assert b"CANARY-7f3a" not in report.pdf
    assert "CANARY-7f3a" not in text
    assert "{{7*7}}" in re.sub(r"\s", "", text)
    assert reader.attachments == {}
    assert "/URI" not in str([page.get("/Annots") for page in reader.pages])


def test_hostile_text_is_printed_as_the_text_it_is(tmp_path: Path) -> None:
    page = to_html(attacked("<b>{{ 7 * 7 }}</b>", sample("cardiology")), "en")
    assert "<b>{{" not in page
    assert "&lt;b&gt;{{ 7 * 7 }}&lt;/b&gt;" in page


@pytest.mark.parametrize("text", [WORD, UNICODE], ids=["endless word", "unicode"])
def test_no_text_runs_over_the_edge_of_the_page(text: str) -> None:
    report = render(attacked(text, sample("cardiology")).model_copy(update={"history": text * 10}), "en")
    for number, page in enumerate(PdfDocument(report.pdf), start=1):
        text, (width, height) = page.get_textpage(), page.get_size()
        for place in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(place)
            assert MARGIN <= left <= right <= width - MARGIN
            assert 0 <= bottom <= top <= height
        assert f"Page {number} of {report.pages}" in text.get_text_range()


def test_a_control_character_cannot_break_the_file() -> None:
    report = render(
        attacked(UNICODE, sample("oncology").model_copy(update={"sections": sample("cardiology").sections})), "es"
    )
    text = "".join(page.get_textpage().get_text_range() for page in PdfDocument(report.pdf))
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert "grinning face" in text.replace("\r\n", " ")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120))
@settings(max_examples=50, deadline=None)
def test_whatever_is_written_the_page_stays_well_formed(text: str) -> None:
    fromstring(to_html(attacked(text, sample("cardiology")), "en"))


def test_a_report_that_nobody_could_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "LARGEST_PAGE", 10_000)
    with pytest.raises(ReportTooLargeError):
        to_html(sample("cardiology"), "en")
