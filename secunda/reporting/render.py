"""From structured content to the PDF: Jinja2 in a sandbox, WeasyPrint without network or files.

The file is PDF/A-3a and PDF/UA-1.
"""

import hashlib
import logging
import threading
from datetime import UTC
from functools import cache
from types import SimpleNamespace
from typing import Any

from weasyprint import CSS
from weasyprint.text.fonts import FontConfiguration

from secunda.errors import BadInputError
from secunda.reporting import charts, qr, shortcuts
from secunda.reporting.assets import PackagedAssets, pictures
from secunda.reporting.completeness import check_complete
from secunda.reporting.content import ReportContent
from secunda.reporting.environment import TEMPLATES, ReportEnvironment
from secunda.reporting.finish import finish
from secunda.reporting.page import Page
from secunda.reporting.parts import changed_labels
from secunda.reporting.printable import short
from secunda.reporting.rendered import RenderedReport
from secunda.reporting.tokens import resolved
from secunda.reporting.typeface import font_faces
from secunda.reporting.words import Words, catalogue, languages

# WeasyPrint's warnings quote the text that they are about, and that text is about a patient.
logging.getLogger("weasyprint").disabled = True
logging.getLogger("fontTools").disabled = True

shortcuts.take()

LARGEST_PAGE = 4_000_000  # characters of HTML; a 60-page report has about 300,000
_one_at_a_time = threading.Lock()  # Pango's and Fontconfig's objects are shared between reports


class ReportTooLargeError(BadInputError):
    """The content would make a report that nobody can read."""

    code = "report_too_large"


def render(content: ReportContent, language: str, *, preview: bool = False) -> RenderedReport:
    """The report in `language` (`words.languages`). Equal content gives equal bytes. Callable from any thread.

    `preview`: every page says that it is one, and not signed; what is missing then stays empty.

    Raises ReportIncompleteError naming every missing answer, citation or signature; BadInputError for a language
    without texts; ReportTooLargeError.
    """
    if not preview:
        check_complete(content)
    digest = content.sha256
    page = to_html(content, language, digest)
    with _one_at_a_time:
        document = Page(page, PackagedAssets(pictures(content)), _elements()).render(
            stylesheets=[_styles(), *([_mark(language)] if preview else [])], font_config=_fonts()
        )
        pdf = document.write_pdf(finisher=finish, pdf_variant="pdf/a-3a", pdf_identifier=bytes.fromhex(digest)[:16])
    return RenderedReport(pdf, hashlib.sha256(pdf).hexdigest(), len(document.pages), digest)


def to_html(content: ReportContent, language: str, digest: str = "") -> str:
    """The report's HTML, complete but for the style sheet and the pictures; `digest` is the content's, if known."""
    words = Words(language, content.time_zone)
    pieces: list[str] = []
    size = 0
    for piece in _environment().get_template("base.html.j2").generate(_variables(content, words, digest)):
        size += len(piece)
        if size > LARGEST_PAGE:
            raise ReportTooLargeError("The report would be too long to print.", "Shorten the free texts.")
        pieces.append(piece)
    return "".join(pieces)


def _variables(content: ReportContent, words: Words, digest: str) -> dict[str, Any]:
    return {
        "content": content,
        "w": words,
        "charts": SimpleNamespace(timeline=charts.timeline, ratings=charts.ratings, score=charts.score),
        "qr": qr.picture(content.check_address),
        "changed": changed_labels(content, words),
        "digest": digest or content.sha256,
        "created": content.reported_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "age": _age(content),
        "dissenting": sum(dissent.major for dissent in content.decision.dissent) if content.decision else 0,
        "patient_line": _patient_line(content, words),
    }


def _age(content: ReportContent) -> int:
    """Completed years on the day of the report."""
    born = content.patient.birth_date
    if born is None:
        return 0
    day = content.reported_at.date()
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _patient_line(content: ReportContent, words: Words) -> str:
    """Who the page is about, for every page's header: a stapled page that comes loose must find its way back."""
    name = short(content.patient.name) or words.text("not_stated")
    line = name if len(name) <= 60 else name[:59] + "…"
    born = content.patient.birth_date
    return f"{line}, {words.text('born', date=words.date(born, 'yMMMd'))}" if born else line


def warm_up() -> None:
    """Load fonts, styles and templates, so that the first report is as quick as the next."""
    for name in _environment().list_templates(extensions=["j2"]):
        _environment().get_template(name)
    for language in languages():
        catalogue(language)
    Page("<p>–</p>", PackagedAssets(), _elements()).render(stylesheets=[_styles()], font_config=_fonts()).write_pdf()


@cache
def _environment() -> ReportEnvironment:
    return ReportEnvironment()


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _elements() -> CSS:
    return CSS(string=(TEMPLATES / "elements.css").read_text(encoding="utf-8"), url_fetcher=PackagedAssets())


@cache
def _styles() -> CSS:
    written = font_faces() + resolved((TEMPLATES / "report.css").read_text(encoding="utf-8"))
    return CSS(string=written, url_fetcher=PackagedAssets(), font_config=_fonts())


#: What a preview says across each page.
PREVIEW = {
    "en": "Preview, not signed",
    "es": "Vista previa, sin firmar",
    "ca": "Vista prèvia, sense signar",
    "fr": "Aperçu, non signé",
    "de": "Vorschau, nicht unterschrieben",
    "pt": "Pré-visualização, sem assinatura",
}


@cache
def _mark(language: str) -> CSS:
    said = PREVIEW.get(language, PREVIEW["en"])
    place = "position: fixed; top: 110mm; left: -10mm; right: -10mm; text-align: center; transform: rotate(-24deg)"
    look = "font-size: 40pt; font-weight: 700; color: rgb(160 31 27 / 16%)"
    return CSS(string=f'body::before {{ content: "{said}"; {place}; {look} }}', url_fetcher=PackagedAssets())
