"""Codes as the sender wrote them: their systems go back to the payer as they came."""

from collections.abc import Iterator

from pathways.vocabulary import CodeSystem
from secunda.adapters.fhir.entries import Entries, Entry
from secunda.adapters.fhir.planned import as_list, code_of, targets
from secunda.adapters.fhir.values import Json, child, children, text
from secunda.reviews.asked import Code

#: The canonical URL of each system by which procedures are named.
CANONICAL = {
    CodeSystem.CPT: "http://www.ama-assn.org/go/cpt",
    CodeSystem.OPS: "http://fhir.de/CodeSystem/bfarm/ops",
    CodeSystem.SNOMED_CT: "http://snomed.info/sct",
}


def diagnoses_of(request: Entry, entries: Entries) -> tuple[Code, ...]:
    """Why it is asked: those of a Claim, or the reasons of a ServiceRequest, whether coded there or referred to."""
    found = (code for concept in _concepts(request, entries) for code in _codes(concept))
    return tuple(dict.fromkeys(found))


def _concepts(request: Entry, entries: Entries) -> Iterator[Json]:
    resource = request.resource
    for diagnosis in children(resource, "diagnosis"):
        yield child(diagnosis, "diagnosisCodeableConcept")
        yield from map(code_of, targets(as_list(diagnosis.get("diagnosisReference")), request, entries))
    yield from children(resource, "reasonCode")
    yield from map(code_of, targets(resource.get("reasonReference"), request, entries))


def _codes(concept: Json) -> Iterator[Code]:
    for one in children(concept, "coding"):
        code = Code(text(one, "system")[:200], text(one, "code")[:64], text(one, "display")[:200])
        if code.coding is not None:
            yield code
