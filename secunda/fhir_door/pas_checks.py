"""What Da Vinci PAS asks of a request beyond FHIR R4, and what would make an answer ambiguous."""

from collections import Counter
from collections.abc import Iterator

from secunda.adapters.fhir.dangling import dangling
from secunda.adapters.fhir.entries import Entries, Entry, identifiers
from secunda.adapters.fhir.modifiers import WHAT, modifier_in
from secunda.adapters.fhir.problems import SHOWN, BundleError, Problem, expression, pointer
from secunda.adapters.fhir.values import child, children, text
from secunda.fhir_door.names import Json
from secunda.fhir_door.pas_items import read_items

_REFERENCES = {"patient": "Patient", "insurer": "Organization", "provider": ""}  # and the type where it must be one
_SEQUENCES = {"careTeamSequence": "careTeam", "diagnosisSequence": "diagnosis", "informationSequence": "supportingInfo"}
_REMEDY = "Mend it in the sending system. Da Vinci PAS 2.2 describes the Claim and its bundle."


def check_claim(bundle: Json, entries: Entries, claim: Entry, *, is_inquiry: bool) -> None:
    """Raise BundleError, listing every place (at most SHOWN), where the claim or its bundle breaks a rule."""
    found = [*check_entries(bundle), *_of_claim(claim, entries)]
    if not is_inquiry:  # an inquiry is an example of what is looked for, not a record
        found += [*_of_references(claim, entries), *_of_request(claim), *_of_items(claim, entries)]
    raise_for(found, "The bundle is no valid prior-authorisation request", _REMEDY)


def raise_for(found: list[Problem], what: str, remedy: str) -> None:
    """Raise BundleError where anything was found; a place is named once."""
    problems = list({problem.expression: problem for problem in reversed(found)}.values())[::-1]
    if problems:
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        message = f"{what}: {problems[0].expression} {problems[0].what}{more}."
        raise BundleError(message, remedy, tuple(problems[:SHOWN]))


def check_entries(bundle: Json) -> Iterator[Problem]:
    """Every resource once: a full URL stands for one resource, and says its id (FHIR R4, bdl-7 and 2.36.4)."""
    written = list(bundle.get("entry", []))
    urls = Counter(text(entry, "fullUrl") for entry in written)
    seen: set[str] = set()
    for number, entry in enumerate(written):
        url, where = text(entry, "fullUrl"), f"Bundle.entry[{number}].fullUrl"
        if url and urls[url] > 1 and url in seen:
            yield Problem(pointer("entry", number, "fullUrl"), where, "stands twice in the bundle")
        seen.add(url)
        identity = text(child(entry, "resource"), "id")
        if url.startswith(("http://", "https://")) and identity and url.rpartition("/")[2] != identity:
            yield Problem(pointer("entry", number, "fullUrl"), where, "does not end in the id of its resource")


def _of_claim(claim: Entry, entries: Entries) -> Iterator[Problem]:
    resource = claim.resource
    if (modifier := modifier_in(resource)) is not None:
        yield _problem(claim, modifier, WHAT)
    if text(resource, "use") != "preauthorization":
        yield _problem(claim, ("use",), "must be preauthorization")
    for name, kind in _REFERENCES.items():
        if not child(resource, name):
            yield _problem(claim, (name,), "is required")
            continue
        target = entries.find(resource[name], claim)
        if target is None:
            yield _problem(claim, (name,), "leads to nothing in the bundle")
        elif kind and target.type != kind:
            yield _problem(claim, (name,), f"must be a reference to a {kind}")


def _of_request(claim: Entry) -> Iterator[Problem]:
    resource = claim.resource
    if not any(text(one, "value") for one in identifiers(resource)):
        yield _problem(claim, ("identifier",), "is required: by it the same request sent twice is known to be one")
    if text(resource, "status") not in ("active", "cancelled"):
        yield _problem(claim, ("status",), "must be active")
    if not children(resource, "item"):
        yield _problem(claim, ("item",), "is required")
    if not children(resource, "diagnosis"):
        yield _problem(claim, ("diagnosis",), "is required")


def _of_items(claim: Entry, entries: Entries) -> Iterator[Problem]:
    resource = claim.resource
    known = {name: {one.get("sequence") for one in children(resource, listed)} for name, listed in _SEQUENCES.items()}
    for place, item in enumerate(children(resource, "item")):
        for name, sequences in known.items():
            for index, one in enumerate(item.get(name) or []):
                if one not in sequences:
                    yield _problem(claim, ("item", place, name, index), "leads to nothing in the claim")
    seen = set()
    for read in read_items(claim, entries):
        if read.key in seen and read.trace is None:
            yield _problem(claim, ("item", read.place, "sequence"), "stands twice in the claim")
        seen.add(read.key)


def _of_references(claim: Entry, entries: Entries) -> Iterator[Problem]:
    """Whatever the claim refers to comes with it; only the claim that it replaces may be elsewhere."""
    for noticed in dangling([claim], entries):
        steps = noticed.pointer.removeprefix(f"{claim.pointer}/").split("/")
        if steps[0] not in ("related", *_REFERENCES):
            path = tuple(int(step) if step.isdigit() else step for step in steps)
            yield _problem(claim, path, "leads to nothing in the bundle")


def _problem(claim: Entry, steps: tuple[str | int, ...], what: str) -> Problem:
    where = pointer("entry", claim.number, "resource", *steps)
    return Problem(where, expression("Claim", claim.number, steps), what)
