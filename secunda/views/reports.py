"""The bytes of a finished report."""

from sqlmodel import Session, col, select

from models import Report
from secunda import cases
from secunda.adapters import storage
from secunda.errors import NotFoundError, SecundaError
from secunda.views.case_show import ReportView


def report_bytes(session: Session, reference: str, version: int | None = None) -> tuple[ReportView, bytes]:
    """The newest version or the one asked for, with its PDF.

    Raises NotFoundError where there is none, SecundaError where the stored bytes are not those that were printed.
    """
    case = cases.by_reference(session, reference)
    query = select(Report).where(Report.case_id == case.id).order_by(col(Report.version).desc())
    reports = list(session.exec(query))
    row = next((report for report in reports if version in (None, report.version)), None)
    if row is None:
        known = ", ".join(str(report.version) for report in reports)
        remedy = f"Versions: {known}." if known else "`secunda case show` tells its stage."
        raise NotFoundError(f"Case {case.reference} has no {'such ' if known else ''}report yet.", remedy)
    if not storage.verify(row.sha256):
        raise SecundaError(
            f"The stored report of {case.reference} is not the one that was printed.", "Restore it from the backup."
        )
    with storage.open_document(row.sha256) as file:
        return ReportView.model_validate(row, from_attributes=True), file.read()
