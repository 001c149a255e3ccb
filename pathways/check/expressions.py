"""Every `when:` is CEL, speaks of things that exist, and gives true or false for whatever the facts are."""

from collections.abc import Iterator
from typing import get_args

from pathways import rules
from pathways.adjudication import BOARD_VARIABLES
from pathways.check.codes import wrong_loinc
from pathways.check.samples import sampled
from pathways.check.subject import Subject
from pathways.check.tokens import Comparison, bound_names, comparisons, tokens
from pathways.errors import PathwayError, Problem
from pathways.facts import CaseFacts
from pathways.placed import Steps
from pathways.terminology import document_types
from pathways.wording import suggestion

SEXES = get_args(CaseFacts.model_fields["sex"].annotation)
KINDS = {int: "a number", float: "a number", str: "a text", bool: "true or false", tuple: "a list", dict: "a mapping"}
KIND_OF = {name: type(value) for name, value in CaseFacts()}


def expressions(subject: Subject) -> Iterator[Problem]:
    """Expressions that do not compile, name what does not exist, or fail for some facts."""
    for steps, expression in subject.conditions():
        found = list(_problems(subject, steps, expression))
        yield from found or _failing(subject, steps, expression)
    if subject.pathway.panel.board_when:
        yield from _board(subject, ("panel", "board_when"), subject.pathway.panel.board_when)


def _board(subject: Subject, steps: Steps, expression: str) -> Iterator[Problem]:
    """`board_when` is asked over the result of the adjudication."""
    try:
        unknown = sorted(set(rules.compiled(expression).variables()) - set(BOARD_VARIABLES))
        if not unknown:
            rules.holds(expression, BOARD_VARIABLES)
    except PathwayError as error:
        yield subject.problem(steps, error.message.rstrip(":"), error.remedy)
        return
    for name in unknown:
        remedy = suggestion(name, BOARD_VARIABLES, f"known: {_list(BOARD_VARIABLES)}")
        yield subject.problem(steps, f"unknown variable {name!r}", remedy)


def _problems(subject: Subject, steps: Steps, expression: str) -> Iterator[Problem]:
    try:
        program = rules.compiled(expression)
    except PathwayError as error:
        yield subject.problem(steps, error.message.rstrip(":"), error.remedy)
        return
    words = tokens(expression)
    for name in sorted(set(program.variables()) - bound_names(words) - set(KIND_OF)):
        yield subject.problem(
            steps, f"unknown variable {name!r}", suggestion(name, KIND_OF, f"known: {_list(KIND_OF)}")
        )
    for name in sorted(name for name in program.functions() if name.isidentifier() and name not in rules.FUNCTIONS):
        remedy = suggestion(name, rules.FUNCTIONS, f"known: {_list(sorted(rules.FUNCTIONS))}")
        yield subject.problem(steps, f"unknown function {name!r}", remedy)
    for comparison in comparisons(words):
        if wrong := _wrong_type(comparison) or _wrong_word(subject, comparison):
            yield subject.problem(steps, *wrong)


def _wrong_type(comparison: Comparison) -> tuple[str, str] | None:
    variable, operator, literal = comparison
    kind = KIND_OF.get(variable)
    if kind is None:
        return None
    listed = kind in (tuple, dict)
    if operator == "contains":
        if listed and literal.kind == "string":
            return None
        remedy = "lists hold texts: put it in quotes" if listed else f"compare it: `{variable} == {literal.text}`"
        return f"`{literal.text} in {variable}` cannot hold: {variable!r} is {KINDS[kind]}", remedy
    if listed:
        return f"{variable!r} is {KINDS[kind]}, never {literal.text}", f"write `{literal.text} in {variable}`"
    if (kind is str) == (literal.kind == "string") and kind is not bool:
        return None
    return f"{variable!r} is {KINDS[kind]}, never {literal.text}", f"compare it with {KINDS[kind]}"


def _wrong_word(subject: Subject, comparison: Comparison) -> tuple[str, str] | None:
    """A literal that its variable never holds."""
    variable, _, literal = comparison
    known: dict[str, tuple[str, ...]] = {
        "flags": tuple(flag.key for flag in subject.pathway.flags),
        "sex": SEXES,
        "documents": tuple(document_types()),
    }
    word = str(literal.value)
    if variable not in known or word in known[variable]:
        return None
    otherwise = f"known: {_list(known[variable])}"
    if variable == "flags":
        otherwise = f"add {word!r} to `flags:`"
    if variable == "documents":
        return wrong_loinc(word)
    return f"unknown {_singular(variable)} {word!r}", suggestion(word, known[variable], otherwise)


def _failing(subject: Subject, steps: Steps, expression: str) -> Iterator[Problem]:
    """The first failure over a sample of facts: rules over gaps, and types that only show when evaluated."""
    for facts in sampled(expression):
        try:
            rules.holds(expression, facts)
        except PathwayError as error:
            yield subject.problem(steps, error.message.rstrip(":"), error.remedy)
            return


def _singular(variable: str) -> str:
    return {"flags": "flag", "documents": "LOINC code"}.get(variable, variable)


def _list(words: object) -> str:
    return ", ".join(map(str, words))  # type: ignore[call-overload]
