"""The real flow as the benchmark's deployment names it (benchmarks/prefect.yaml); no part of Secunda knows of it.

Two things differ from flows/second_opinion.py, in the worker's process only: the report of a case whose requester is
`STUB` is one line instead of a signed PDF (its task run, stored file, row and event stay), and calls of Prefect's API
are counted.
"""

from datetime import datetime
from hashlib import sha256

import tasks.render
from benchmarks import STUB, api_calls
from flows.second_opinion import second_opinion
from secunda.adapters.signing.seal import SealedReport
from secunda.report_sealing import ReportSheet, seal_report
from secunda.reporting.content import ReportContent
from secunda.reporting.printing import print_report
from secunda.reporting.rendered import RenderedReport
from secunda.settings import settings

__all__ = ["second_opinion"]


def render(content: ReportContent, language: str) -> RenderedReport:
    """One line instead of the PDF."""
    if content.requester.name != STUB:
        return print_report(content, language)
    line = f"{content.reference}\n".encode()
    return RenderedReport(line, sha256(line).hexdigest(), 1, sha256(line).hexdigest())


def leave_unsigned(pdf: bytes, sheet: ReportSheet, at: datetime) -> SealedReport:
    """No signatures under the one line."""
    return SealedReport(pdf, ()) if sheet.content.requester.name == STUB else seal_report(pdf, sheet, at)


tasks.render.print_report = render  # type: ignore[attr-defined]
tasks.render.seal_report = leave_unsigned  # type: ignore[attr-defined]
api_calls.note_into(settings().log_folder / api_calls.FILE)
