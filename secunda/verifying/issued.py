"""What this installation knows of a report: whether it issued exactly this file, and whether it was replaced."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from models import Case, Report
from secunda.errors import NotFoundError
from secunda.verifying.verdict import CheckedReport, Examination, Finding, SeenSignature, Standing


@dataclass(frozen=True)
class IssuedReport:
    """One version as it was issued; `newest_version` is its own where nothing replaced it. Names no patient."""

    reference: str
    version: int
    newest_version: int
    sha256: str
    pages: int
    size: int
    rendered_at: datetime
    signed_by: tuple[SeenSignature, ...]

    @property
    def standing(self) -> Standing:
        return Standing.CURRENT if self.version == self.newest_version else Standing.SUPERSEDED


def issued_by_token(session: Session, token: str) -> IssuedReport:
    """The report that a QR code leads to; raises NotFoundError."""
    row = session.exec(select(Report).where(col(Report.token) == token)).first()
    if row is None:
        raise NotFoundError("There is no report of this address.", "Copy all of it from the report's footer.")
    return _issued(session, row)


def check_issued(session: Session, found: Examination) -> CheckedReport:
    """What was found in a file, with what is known of it here.

    A file with the hash of one that was issued is that file, also when its certificates have expired since.
    """
    row = session.exec(select(Report).where(col(Report.sha256) == found.sha256)).first()
    if row is not None:
        issued = _issued(session, row)
        known = {
            "finding": Finding.INTACT,
            "problem": "",
            "reference": issued.reference,
            "version": issued.version,
            "newest_version": issued.newest_version,
            "signatures": found.signatures or issued.signed_by,
        }
        return checked(found, issued.standing).model_copy(update=known)
    return checked(found, Standing.NOT_ISSUED)


def checked(found: Examination, standing: Standing) -> CheckedReport:
    """The answer where only the file speaks, and this is the standing."""
    return CheckedReport(standing=standing, **found.model_dump())


def _issued(session: Session, row: Report) -> IssuedReport:
    newest = session.exec(select(func.max(Report.version)).where(Report.case_id == row.case_id)).one()
    reference = session.exec(select(Case.reference).where(Case.id == row.case_id)).one()
    last = len(row.signed_by) - 1
    return IssuedReport(
        reference=reference,
        version=row.version,
        newest_version=newest or row.version,
        sha256=row.sha256,
        pages=row.pages,
        size=row.size,
        rendered_at=row.rendered_at,
        signed_by=tuple(
            SeenSignature(name=one["name"], signed_at=row.signed_at, trusted=True, seal=number == last)
            for number, one in enumerate(row.signed_by)
        ),
    )
