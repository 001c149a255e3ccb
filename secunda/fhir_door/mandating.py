"""Which item of a request the payer mandates a review for, and the refusal where it is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pathways.vocabulary import CodeSystem, Coding
from secunda import clock
from secunda.fhir_door.outcome import DoorError, Issue
from secunda.reviews.asked import Code
from secunda.reviews.payers import mandate_of


@dataclass(frozen=True)
class Candidate:
    """A procedure that is asked for, and the FHIRPath at which it stands."""

    code: Code
    on: date | None
    expression: str


def refused(candidates: Sequence[tuple[Candidate, str]], nothing_named: str) -> DoorError:
    """The answer to a request of which nothing is mandated, with the reason for each item."""
    issues = [
        Issue("business-rule", reason, "Ask for a review of a procedure that you mandate.", (one.expression,))
        for one, reason in candidates
    ]
    if not issues:
        said = "No item names a procedure."
        issues = [Issue("required", said, "Give its code (CPT, OPS, SNOMED CT).", (nothing_named,))]
    return DoorError(422, *issues)


def _named(candidate: Candidate, coding: Coding, reason: str) -> str:
    """The reason with the code system by its URL where pathways have no name for it."""
    if coding.system is not CodeSystem.OTHER:
        return reason
    of = f"of {candidate.code.system}" if candidate.code.system else "of no named code system"
    return reason.replace(f"{coding.system.value} {coding.code}", f"{coding.code} {of}", 1)


def mandated(payer: str, candidates: Sequence[Candidate], diagnoses: Sequence[Code], nothing_named: str) -> Candidate:
    """The first procedure that the payer wants reviewed.

    `nothing_named`: the FHIRPath where a procedure would have stood. Raises DoorError with the reason for each.
    """
    known = [one.coding for one in diagnoses if one.coding is not None]
    why_not: list[tuple[Candidate, str]] = []
    for candidate in candidates:
        coding = candidate.code.coding
        if coding is None:
            continue
        found = mandate_of(payer, coding, known, candidate.on or clock.now().date())
        if found.accepted:
            return candidate
        why_not.append((candidate, _named(candidate, coding, found.reason.en)))
    raise refused(why_not, nothing_named)
