"""Validation of the resources that are read, by the R4B models of fhir.resources (which ships no R4).

R4 (4.0.1) and R4B (4.3.0) define these resource types and their data types alike, element by element and cardinality by
cardinality. What an R4B model refuses in valid R4 lies in what is not read here: narrative, metadata, extensions
(a UUID of version 1), contained resources (types that R4B dropped) and large attachments. It is taken out first.
"""

from functools import cache
from typing import Any

from pydantic import ValidationError

from secunda.adapters.fhir.entries import Entries, Entry
from secunda.adapters.fhir.problems import SHOWN, BundleError, Problem, expression, pointer

READ_TYPES = (
    "AllergyIntolerance",
    "Binary",
    "Claim",
    "Composition",
    "Condition",
    "Consent",
    "Coverage",
    "DiagnosticReport",
    "DocumentReference",
    "ImagingStudy",
    "Location",
    "Medication",
    "MedicationRequest",
    "MedicationStatement",
    "Observation",
    "Organization",
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "Procedure",
    "ServiceRequest",
)
_NOT_READ_AT_TOP = frozenset({"text", "meta", "contained"})
_NOT_READ_ANYWHERE = frozenset({"extension", "modifierExtension", "fhir_comments"})
_ANY_EXTENSION = {"extension": [{"url": "urn:x", "valueString": "x"}]}
_TEXT_OF_TYPE = {
    "missing": "is required",
    "model_field_validation.missing": "is required",
    "extra_forbidden": "is no element of FHIR R4 there",
    "list_type": "must be a list",
    "json_invalid": "must be an object",
    "model_validation_format": "must be an object of its type",
    "model_type": "must be an object",
    "dict_type": "must be an object",
    "string_type": "must be a string",
    "string_pattern_mismatch": "is not written as FHIR R4 asks",
    "base64_decode": "is not valid base64",
    "too_short": "must not be empty",
}


def validate(entries: Entries) -> None:
    """Raise BundleError, listing every place, when a resource of `READ_TYPES` is not valid."""
    problems = [problem for entry in entries.of(*READ_TYPES) if _is_read(entry) for problem in _problems(entry)]
    if not problems:
        return
    more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
    raise BundleError(
        f"The bundle is not valid FHIR R4: {problems[0].expression} {problems[0].what}{more}.",
        "Mend it in the sending system, and check it there with a FHIR R4 validator.",
        tuple(problems[:SHOWN]),
    )


def _is_read(entry: Entry) -> bool:
    """Bills come by the dozen and say nothing here; only a request for authorization does."""
    return entry.type != "Claim" or entry.resource.get("use") != "claim"


def _problems(entry: Entry) -> list[Problem]:
    try:
        _model(entry.type).model_validate(_lightened(entry.resource, top=True))
    except ValidationError as error:
        return [
            _problem(entry, one["loc"], one["type"]) for one in error.errors(include_input=False, include_url=False)
        ]
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        # The models look types up by names from the input, and not every name is one.
        return [Problem(entry.pointer, expression(entry.type, entry.number, ()), "is not built as FHIR R4 asks")]
    return []


def _problem(entry: Entry, location: tuple[str | int, ...], kind: str) -> Problem:
    steps = tuple(step for step in location if step != "root")
    what = _TEXT_OF_TYPE.get(kind) or _what_of(steps, kind)
    return Problem(
        pointer("entry", entry.number, "resource", *steps), expression(entry.type, entry.number, steps), what
    )


def _what_of(steps: tuple[str | int, ...], kind: str) -> str:
    name = next((step for step in reversed(steps) if isinstance(step, str)), "")
    if "date" in kind or name.lower().endswith(("date", "datetime", "start", "end", "issued", "created", "authoredon")):
        return "is not a date as FHIR writes it (YYYY, YYYY-MM, YYYY-MM-DD, or with time and zone)"
    if not steps:
        return "has none or several values where FHIR R4 asks for one of a choice"
    return "is not valid"


@cache
def _model(resource_type: str) -> Any:
    """Loaded when first needed: the models take half a second."""
    from fhir.resources.R4B import get_fhir_model_class

    return get_fhir_model_class(resource_type)


def _lightened(value: Any, *, top: bool = False) -> Any:
    """A copy without what is not read."""
    if isinstance(value, list):
        return [_lightened(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _light(name, inner) for name, inner in value.items() if not _drops(name, top)}


def _drops(name: str, top: bool) -> bool:
    """Narrative is called `text` at the top; the texts of concepts further in stay."""
    return name in _NOT_READ_ANYWHERE or (top and name in _NOT_READ_AT_TOP)


def _light(name: str, inner: Any) -> Any:
    if name == "data" and isinstance(inner, str):
        return "AAAA"  # attachments are decoded and checked where they are read
    if name.startswith("_"):
        return _light_primitive(inner)
    return _lightened(inner)


def _light_primitive(inner: Any) -> Any:
    if isinstance(inner, list):
        return [_light_primitive(one) for one in inner]
    return _ANY_EXTENSION if isinstance(inner, dict) and inner else inner
