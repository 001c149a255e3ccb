"""Whether parsed JSON is a bundle that may start a case at all."""

from typing import Any

from secunda.adapters.fhir.problems import BundleError, Problem, pointer, shown
from secunda.adapters.fhir.values import Json, text

ACCEPTED = ("transaction", "batch", "collection", "document", "message", "searchset")
MAX_ENTRIES = 100_000
_WRAP = 'Put it into a Bundle of type "collection", together with the patient\'s other records.'
_REMEDIES = {
    "history": "Send the current version of each resource, as a collection.",
    "transaction-response": "This is a server's answer: send the transaction itself.",
    "batch-response": "This is a server's answer: send the batch itself.",
}


def check_shape(value: Any) -> Json:
    """The bundle, or BundleError: no object, no FHIR, a single resource, another type of bundle, no entries."""
    if not isinstance(value, dict):
        raise BundleError("The JSON is no object.", "Send a FHIR R4 Bundle.", place="/")
    kind = value.get("resourceType")
    if not isinstance(kind, str) or not kind:
        raise BundleError("The JSON is no FHIR resource: it has no resourceType.", "Send a FHIR R4 Bundle.", place="/")
    if kind != "Bundle":
        problem = Problem("/resourceType", shown(kind), "must be a Bundle")
        raise BundleError(f"This is a single {shown(kind)}, not a Bundle.", _WRAP, (problem,))
    _check_type(text(value, "type"))
    _check_entries(value.get("entry"))
    return value


def _check_type(kind: str) -> None:
    if kind not in ACCEPTED:
        raise BundleError(
            f"A Bundle of type {shown(kind) if kind else 'unknown'} cannot start a case."
            if kind.isalpha() or not kind
            else "A Bundle of this type cannot start a case.",
            _REMEDIES.get(kind, f"Send one of type {', '.join(ACCEPTED)}."),
            (Problem("/type", "Bundle.type", "is not one that is accepted"),),
        )


def _check_entries(found: Any) -> None:
    if not isinstance(found, list) or not found:
        problem = Problem("/entry", "Bundle.entry", "must be a list of at least one entry")
        raise BundleError("The bundle has no entries.", "Send the patient and their records in it.", (problem,))
    if len(found) > MAX_ENTRIES:
        problem = Problem("/entry", "Bundle.entry", f"has more than {MAX_ENTRIES} entries")
        raise BundleError("The bundle has too many entries.", "Send what bears on the question.", (problem,))
    looked_at = (_entry_problem(number, entry) for number, entry in enumerate(found))
    problems = tuple(problem for problem in looked_at if problem is not None)
    if problems:
        raise BundleError(
            f"The bundle is not valid FHIR R4: {problems[0].expression} {problems[0].what}.",
            "Mend it in the sending system.",
            problems[:20],
        )


def _entry_problem(number: int, entry: Any) -> Problem | None:
    where, path = pointer("entry", number), f"Bundle.entry[{number}]"
    if not isinstance(entry, dict):
        return Problem(where, path, "must be an object")
    if not isinstance(entry.get("fullUrl", ""), str):
        return Problem(f"{where}/fullUrl", f"{path}.fullUrl", "must be a string")
    resource = entry.get("resource")
    if resource is None:
        return None  # a deletion, or a link alone
    if not isinstance(resource, dict):
        return Problem(f"{where}/resource", f"{path}.resource", "must be an object")
    kind = resource.get("resourceType")
    if not isinstance(kind, str) or not kind.isalnum():
        return Problem(f"{where}/resource/resourceType", f"{path}.resource", "must name its resourceType")
    return None
