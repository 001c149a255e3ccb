"""Everything that one version of a report becomes besides its pages: the files inside it, and who signs it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from secunda import clock
from secunda.adapters.fhir.document.build import document_bytes
from secunda.adapters.signing.seal import SealedReport, Times, seal
from secunda.adapters.signing.signatory import ORGANISATION, EmbeddedFile, Signatory, SigningError
from secunda.case_context import CaseContext
from secunda.report_input import content_from, report_input
from secunda.reporting import provenance
from secunda.reporting.content import ReportContent
from secunda.reporting.inputs import SeatInput
from secunda.reporting.words import Words
from secunda.settings import settings

BUNDLE_NAME = "second-opinion.fhir.json"
TRY_AGAIN_AFTER = (2.0, 10.0)  # wall seconds, where a service did not answer


@dataclass(frozen=True)
class ReportSheet:
    """What a version is made from, read in one transaction."""

    content: ReportContent
    language: str
    bundle: bytes
    provenance: bytes
    signatories: tuple[Signatory, ...]

    @property
    def files(self) -> tuple[EmbeddedFile, ...]:
        """The same content for machines, and what it rests on (PDF/A-3 relationships)."""
        about = self.content.reference
        return (
            EmbeddedFile(BUNDLE_NAME, self.bundle, "application/fhir+json", f"FHIR R4 document {about}", "Alternative"),
            EmbeddedFile(
                provenance.FILE_NAME, self.provenance, "application/json", f"Provenance of {about}", "Supplement"
            ),
        )


def report_sheet(context: CaseContext) -> ReportSheet:
    """The sheet of the case's next version."""
    given = report_input(context)
    content, language = content_from(context, given), context.case.language
    words = Words(language, content.time_zone)
    seats = {(seat.role, seat.seat): seat for seat in given.seats}
    experts = (_expert(seats[member.role, member.seat], content, words) for member in content.panel)
    return ReportSheet(
        content=content,
        language=language,
        bundle=document_bytes(content, language),
        provenance=provenance.provenance_bytes(given, content),
        signatories=(*experts, _organisation(content, words)),
    )


def seal_report(
    pdf: bytes, sheet: ReportSheet, at: datetime, wait: Callable[[float], None] = time.sleep
) -> SealedReport:
    """Embed and sign; `at` is pathway time. A service that does not answer is asked again after TRY_AGAIN_AFTER.

    Raises SigningError.
    """
    for seconds in (*TRY_AGAIN_AFTER, None):
        try:
            return seal(pdf, sheet.files, sheet.signatories, Times(at, clock.wall()), settings())
        except SigningError as error:
            if error.permanent or seconds is None:
                raise
            wait(seconds)
    raise AssertionError("the last try returns or raises")


def _expert(seat: SeatInput, content: ReportContent, words: Words) -> Signatory:
    return Signatory(
        key=seat.code,
        name=seat.expert,
        label=words.text("signature_of", name=seat.expert),
        reason=f"Opinion in {_version(content)}, SHA-256 {seat.content_sha256}",
    )


def _organisation(content: ReportContent, words: Words) -> Signatory:
    return Signatory(
        key=ORGANISATION,
        name=content.organisation,
        label=words.text("seal_of", name=content.organisation),
        reason=f"Report {_version(content)}, content SHA-256 {content.sha256}",
    )


def _version(content: ReportContent) -> str:
    return f"{content.reference}/{content.version}"
