"""The real flow as the benchmark's deployment names it (benchmarks/prefect.yaml); no part of Secunda knows of it.

Two things differ from flows/second_opinion.py, in the worker's process only: the report of a case whose requester is
`STUB` is one line instead of a PDF (its task run, stored file, row and event stay), and calls of Prefect's API are
counted.
"""

from hashlib import sha256

import tasks.render
from benchmarks import STUB, api_calls
from flows.second_opinion import second_opinion
from secunda.reporting.content import ReportContent
from secunda.reporting.render import RenderedReport
from secunda.reporting.render import render as render_pdf
from secunda.settings import settings

__all__ = ["second_opinion"]


def render(content: ReportContent, language: str) -> RenderedReport:
    """One line instead of the PDF."""
    if content.requester.name != STUB:
        return render_pdf(content, language)
    line = f"{content.reference}\n".encode()
    return RenderedReport(line, sha256(line).hexdigest(), 1, sha256(line).hexdigest())


tasks.render.render_content = render  # type: ignore[attr-defined]
api_calls.note_into(settings().log_folder / api_calls.FILE)
