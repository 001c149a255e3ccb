"""Codes exist: LOINC by our list, ICD-10 by the classification, SNOMED CT, CPT and the others by their form."""

import re
from collections.abc import Iterable, Iterator

from pathways.check.subject import Subject
from pathways.check.tokens import Token, closing, tokens
from pathways.eligibility import ends
from pathways.errors import Problem
from pathways.placed import Steps
from pathways.schema import CodeRange
from pathways.terminology import document_types
from pathways.terminology.check_digits import is_loinc, is_snomed_ct
from pathways.vocabulary import CodeSystem

#: Systems whose codes are judged by their form alone: the form, and one example.
FORMS = {
    CodeSystem.CPT: (re.compile(r"^\d{4}[0-9AFMTU]$"), "33510"),
    CodeSystem.OPS: (re.compile(r"^\d-\d{2}[0-9a-z]?(\.[0-9a-z]{1,2})?$"), "5-820"),
    CodeSystem.ORPHA: (re.compile(r"^\d{1,7}$"), "616874"),
    CodeSystem.HPO: (re.compile(r"^HP:\d{7}$"), "HP:0001250"),
    CodeSystem.RXNORM: (re.compile(r"^\d{1,8}$"), "1049502"),
}
ICD_10 = re.compile(r"^[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?$")
CONDITIONS = ("conditions", "past_conditions")
WHO_SUBDIVISION = re.compile(r"^\.\d{1,2}$")  # the WHO's ICD-10 has fourth and fifth digits that the American has not


def codes(subject: Subject) -> Iterator[Problem]:
    """Codes that do not exist, or are not well-formed."""
    pathway = subject.pathway
    yield from _ranges(subject, ("eligibility", "codes"), pathway.eligibility.codes)
    yield from _ranges(subject, ("mandated_procedures",), pathway.mandated_procedures)
    for index, document in enumerate(pathway.documents):
        yield from _loinc(subject, ("documents", index, "loinc"), document.loinc)
    for index, role in enumerate(pathway.panel.roles):
        yield from _loinc(subject, ("panel", "roles", index, "hidden_while_blind"), role.hidden_while_blind)
    for steps, expression in subject.conditions():
        for code in sorted(set(_named_conditions(tokens(expression)))):
            if wrong := _wrong_condition(code):
                yield subject.problem(steps, *wrong)
    for index, example in enumerate(pathway.examples):
        named = example.facts.get("documents")
        if isinstance(named, list | tuple):
            yield from _loinc(subject, ("examples", index, "facts", "documents"), [str(code) for code in named])


def _named_conditions(words: list[Token]) -> Iterator[str]:
    """The texts that an expression looks for among the conditions."""
    for index, word in enumerate(words):
        texts = [one.text for one in words[index : index + 4]]
        if word.text in CONDITIONS and texts[1:2] == ["."] and texts[3:4] == ["("]:
            inside = words[index + 4 : closing(words, index + 3)]
            yield from (str(one.value) for one in inside if one.kind == "string")
        elif word.kind == "string" and texts[1:2] == ["in"] and texts[2] in CONDITIONS:
            yield str(word.value)


def _wrong_condition(code: str) -> tuple[str, str] | None:
    """A text of six digits or more is meant for SNOMED CT, one in ICD-10's form for ICD-10; others are patterns."""
    if code.isdigit() and len(code) >= 6:
        return wrong_range(CodeRange(system=CodeSystem.SNOMED_CT, code=code))
    if ICD_10.match(code):
        return wrong_range(CodeRange(system=CodeSystem.ICD_10, code=code))
    return None


def _loinc(subject: Subject, steps: Steps, listed: Iterable[str]) -> Iterator[Problem]:
    for index, code in enumerate(listed):
        if wrong := wrong_loinc(code):
            yield subject.problem((*steps, index), *wrong)


def wrong_loinc(code: str) -> tuple[str, str] | None:
    """What is wrong with a LOINC code and what would be right; None where it is known."""
    known = document_types()
    if code in known:
        return None
    if not is_loinc(code):
        number = code.partition("-")[0]
        right = next((one for one in known if one.startswith(f"{number}-")), None)
        remedy = f"did you mean {right!r}?" if right else "look it up at loinc.org"
        return f"{code!r} is no LOINC code: its check digit is wrong", remedy
    return f"unknown LOINC code {code!r}", "add it to terminology/loinc.yaml with its names"


def _ranges(subject: Subject, steps: Steps, ranges: Iterable[CodeRange]) -> Iterator[Problem]:
    for index, one in enumerate(ranges):
        if wrong := wrong_range(one):
            yield subject.problem((*steps, index, "code"), *wrong)


def wrong_range(one: CodeRange) -> tuple[str, str] | None:
    """What is wrong with a code, prefix or range and what would be right; None where nothing is."""
    if one.system is CodeSystem.LOINC:
        return None if is_loinc(one.code) else (f"{one.code!r} is no LOINC code", "look it up at loinc.org")
    if one.system is CodeSystem.SNOMED_CT:
        right = "a concept identifier of 6 to 18 digits; its check digit is the last one"
        return None if is_snomed_ct(one.code) else (f"{one.code!r} is no SNOMED CT code", right)
    if one.system is CodeSystem.ICD_10:
        return _wrong_icd_10(one)
    if one.system not in FORMS:
        return None
    form, example = FORMS[one.system]
    written = one.code.split("-") if one.system is CodeSystem.CPT else [one.code]
    if not all(form.match(code.strip()) for code in written) or len(written) > 2:
        return f"{one.code!r} is no {one.system} code", f"write it like {example}"
    return _wrong_order(one)


def _wrong_icd_10(one: CodeRange) -> tuple[str, str] | None:
    written = [code.strip() for code in one.code.split("-")]
    if len(written) > 2 or not all(ICD_10.match(code) for code in written):
        return f"{one.code!r} is no ICD-10 code", "write a code (`C50.9`), a category (`C50`) or a range (`C00-C97`)"
    for code in written if len(written) == 1 else written[:1]:
        if not is_icd_10(code):
            return f"unknown ICD-10 code {code!r}", "look it up in the ICD-10 browser"
    return _wrong_order(one)


def _wrong_order(one: CodeRange) -> tuple[str, str] | None:
    first, last = ends(one)
    return (f"the range {one.code!r} ends before it begins", "put the smaller code first") if first > last else None


def is_icd_10(code: str) -> bool:
    """Whether the code is in ICD-10-CM, or may be one of the WHO's own in a category that ICD-10-CM has too."""
    import simple_icd_10_cm  # reads the whole classification, two seconds that only this check spends

    if simple_icd_10_cm.is_valid_item(code):
        return True
    category, subdivision = code[:3], code[3:]
    return bool(simple_icd_10_cm.is_valid_item(category)) and bool(WHO_SUBDIVISION.match(subdivision))
