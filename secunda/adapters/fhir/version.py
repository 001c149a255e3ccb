"""Telling FHIR R4 from its neighbours by what only they have: bundles rarely say which version they are."""

from secunda.adapters.fhir.entries import Entries
from secunda.adapters.fhir.problems import BundleError, Problem, expression, pointer

OLD, NEW = "STU3 or older", "R5"

#: Resource type, element, JSON type that only that version writes there.
SIGNS: tuple[tuple[str, str, type, str], ...] = (
    ("Condition", "clinicalStatus", str, OLD),
    ("Condition", "context", dict, OLD),
    ("AllergyIntolerance", "clinicalStatus", str, OLD),
    ("AllergyIntolerance", "substance", dict, OLD),
    ("AllergyIntolerance", "type", dict, NEW),
    ("Observation", "context", dict, OLD),
    ("Observation", "comments", str, OLD),
    ("Procedure", "context", dict, OLD),
    ("Procedure", "notDone", bool, OLD),
    ("Procedure", "occurrenceDateTime", str, NEW),
    ("Procedure", "occurrencePeriod", dict, NEW),
    ("MedicationRequest", "context", dict, OLD),
    ("MedicationRequest", "medication", dict, NEW),
    ("MedicationStatement", "taken", str, OLD),
    ("MedicationStatement", "medication", dict, NEW),
    ("DiagnosticReport", "context", dict, OLD),
    ("DocumentReference", "indexed", str, OLD),
    ("DocumentReference", "class", dict, OLD),
    ("DocumentReference", "context", list, NEW),
    ("ImagingStudy", "uid", str, OLD),
    ("ImagingStudy", "context", dict, OLD),
    ("ServiceRequest", "reason", list, NEW),
    ("Coverage", "grouping", dict, OLD),
    ("Coverage", "kind", str, NEW),
    ("Patient", "animal", dict, OLD),
    ("Patient", "careProvider", list, OLD),
    ("Consent", "consentingParty", list, OLD),
    ("Consent", "decision", str, NEW),
    ("Consent", "provision", list, NEW),
    ("Encounter", "class", str, OLD),
    ("Encounter", "class", list, NEW),
)
#: Resource types that hold what is read here, under the name of another version.
RENAMED = {
    "ProcedureRequest": OLD,
    "ReferralRequest": OLD,
    "MedicationOrder": OLD,
    "DiagnosticOrder": OLD,
    "DiagnosticRequest": OLD,
    "ImagingObjectSelection": OLD,
    "ImagingManifest": OLD,
    "ImagingSelection": NEW,
    "GenomicStudy": NEW,
}
_SIGNS_BY_TYPE: dict[str, list[tuple[str, type, str]]] = {}
for _type, _element, _json_type, _version in SIGNS:
    _SIGNS_BY_TYPE.setdefault(_type, []).append((_element, _json_type, _version))


def refuse_other_versions(entries: Entries) -> None:
    """Raise BundleError at the first sign of another version of FHIR, naming the version and the element."""
    for entry in entries.all:
        if entry.type in RENAMED:
            raise _other_version(RENAMED[entry.type], entry.pointer, expression(entry.type, entry.number, ()))
        for element, json_type, version in _SIGNS_BY_TYPE.get(entry.type, ()):
            if isinstance(entry.resource.get(element), json_type):
                where = pointer("entry", entry.number, "resource", element)
                raise _other_version(version, where, expression(entry.type, entry.number, (element,)))


def _other_version(version: str, where: str, path: str) -> BundleError:
    problem = Problem(where, path, f"is written as in FHIR {version}")
    return BundleError(
        f"The bundle is FHIR {version}, not R4: {path} is written so.",
        "Export it as FHIR R4 (4.0.1).",
        (problem,),
    )
