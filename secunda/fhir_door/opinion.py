"""The finished opinion as single resources: Composition and DiagnosticReport of the report's FHIR document.

The document itself (`Composition/…/$document`) holds everybody and everything that they refer to; a resource that is
read alone keeps the names and leaves out references that lead into the document.
"""

from typing import Any

from secunda.adapters.fhir.document.build import document_bundle
from secunda.fhir_door.answer import ReviewAnswer
from secunda.fhir_door.claim_response import concordance_extension
from secunda.fhir_door.document_reference import report_attachment
from secunda.fhir_door.names import Json, case_identifier, meta, reference
from secunda.fhir_door.parties import patient_reference
from secunda.reporting.content import ReportContent

KINDS = ("Composition", "DiagnosticReport")


def document(content: ReportContent) -> Json:
    """The opinion as one FHIR document, as the PDF carries it."""
    return document_bundle(content, content.language)


def opinion_resource(kind: str, answer: ReviewAnswer, content: ReportContent) -> Json:
    """`Composition` or `DiagnosticReport` under the id of the report's row."""
    report = answer.report
    assert report is not None  # noqa: S101 - for the type checker
    entries = document(content)["entry"]
    found = next(entry["resource"] for entry in entries if entry["resource"]["resourceType"] == kind)
    resource: Json = _alone(found)
    resource |= {"id": report.identity, "meta": meta(report.version, report.rendered_at)}
    resource["subject"] = patient_reference(answer)
    if answer.concordance is not None:
        resource["extension"] = [concordance_extension(answer)]
    if kind == "DiagnosticReport":
        resource["basedOn"] = [reference(f"ServiceRequest/{answer.reference}")]
        resource["presentedForm"] = [report_attachment(answer)]
        resource["identifier"] = [case_identifier(f"{answer.reference}/reports/{report.version}")]
        resource.pop("result", None)
    return resource


def _alone(value: Any) -> Any:
    """A copy without references into the document; who is named there stays named."""
    if isinstance(value, list):
        return [kept for kept in map(_alone, value) if kept not in ({}, [])]
    if not isinstance(value, dict):
        return value
    is_inward = isinstance(value.get("reference"), str) and value["reference"].startswith("urn:uuid:")
    copied = {name: _alone(inner) for name, inner in value.items() if not (is_inward and name == "reference")}
    return {name: inner for name, inner in copied.items() if inner not in ({}, [], "")}
