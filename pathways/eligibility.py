"""Whether a case may enter a pathway, and which pathway fits its codes."""

import re
from collections.abc import Iterable, Mapping, Sequence

from pathways.facts import CaseFacts
from pathways.schema import CodeRange, Pathway
from pathways.vocabulary import CodeSystem, Coding, Frozen, Specialty

PREFIXED = frozenset({CodeSystem.ICD_10, CodeSystem.OPS})  # systems whose codes begin with their category's code
EXACT = 10
_RANGE = re.compile(r"^\s*([0-9A-Z.]+)\s*-\s*([0-9A-Z.]+)\s*$")


class Eligibility(Frozen):
    """Whether the case may enter, the codes that let it in, and what stands against it (none where it may)."""

    eligible: bool
    codes: tuple[Coding, ...] = ()
    reasons: tuple[str, ...] = ()


class Suggestion(Frozen):
    """A pathway that fits, the codes that made it fit, and how specific the closest is (see `specificity`)."""

    specialty: Specialty
    codes: tuple[Coding, ...]
    specificity: int

    @property
    def reason(self) -> str:
        """The codes that fit, by system and code alone."""
        return ", ".join(f"{one.system} {one.code}" for one in self.codes)


def eligibility(pathway: Pathway, facts: CaseFacts, codings: Iterable[Coding]) -> Eligibility:
    """Whether one of `codings` (conditions and planned procedure) and the age let the case in."""
    fitting = tuple(one for one in codings if fits_any(pathway.eligibility.codes, one))
    ages, reasons = pathway.eligibility.ages, []
    if not fitting:
        reasons.append(f"No condition or planned procedure of the case belongs to {pathway.title.en}.")
    if not ages.from_ <= facts.age <= ages.to:
        reasons.append(f"{pathway.title.en} takes patients from {ages.from_} to {ages.to} years of age.")
    return Eligibility(eligible=not reasons, codes=fitting, reasons=tuple(reasons))


def is_mandated(pathway: Pathway, procedure: Coding) -> bool:
    """Whether payers commonly mandate a second opinion before this procedure."""
    return fits_any(pathway.mandated_procedures, procedure)


def suggest(pathways: Mapping[Specialty, Pathway], codings: Sequence[Coding]) -> tuple[Suggestion, ...]:
    """The pathways that fit any of `codings`, best first.

    First the one whose code is the most specific, then in the order of the vocabulary: the organ's specialty before
    radiology and chronic disease, which take most codes too.
    """
    found = []
    for specialty, pathway in pathways.items():
        specificities = {one: specificity(pathway.eligibility.codes, one) for one in codings}
        fitting = tuple(one for one in codings if specificities[one])
        if fitting:
            closest = max(specificities.values())
            found.append(Suggestion(specialty=specialty, codes=fitting, specificity=closest))
    order = list(Specialty)
    return tuple(sorted(found, key=lambda one: (-one.specificity, order.index(one.specialty))))


def fits_any(ranges: Iterable[CodeRange], coding: Coding) -> bool:
    return any(fits(one, coding) for one in ranges)


def specificity(ranges: Iterable[CodeRange], coding: Coding) -> int:
    """How many characters of the code the closest of `ranges` fixes; 0 where none fits.

    A code of a system without prefixes is either named or not, so naming it fixes `EXACT`.
    """
    return max((_fixed(one) for one in ranges if fits(one, coding)), default=0)


def fits(range_: CodeRange, coding: Coding) -> bool:
    """Whether the code is the range's code, lies between its ends, or (ICD-10, OPS) begins with it.

    Both ends of a range are included, with all that begins with the last one: `C00-C97` has `C97.8`.
    """
    if range_.system is not coding.system:
        return False
    code = _plain(coding.code)
    first, last = ends(range_)
    if first != last:
        return first <= code[: len(first)] and code[: len(last)] <= last and bool(code)
    return code.startswith(first) if range_.system in PREFIXED else code == first


def ends(range_: CodeRange) -> tuple[str, str]:
    """The first and last code of the range, without dots; the same one twice for a single code or prefix."""
    is_ranged = range_.system in (CodeSystem.ICD_10, CodeSystem.CPT, CodeSystem.OPS)
    written = _RANGE.match(range_.code.upper()) if is_ranged else None
    if written is None or range_.system is CodeSystem.OPS:
        return _plain(range_.code), _plain(range_.code)
    return _plain(written[1]), _plain(written[2])


def _fixed(range_: CodeRange) -> int:
    first, last = ends(range_)
    if first == last and range_.system not in PREFIXED:
        return EXACT
    return next((n for n, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first)) or 1


def _plain(code: str) -> str:
    return code.replace(".", "").strip().upper()
