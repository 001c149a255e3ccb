"""A `when` reduced to yes-or-no questions, so that all its cases can be tried.

Memberships (`'x' in flags`) and whatever is too rich to be analysed (`conditions.exists(…)`, `observations['x'] > 1`)
become questions that may be answered freely; comparisons of a variable with a literal are tried on every side of every
literal. Free answers allow more than real facts do, so what never holds here never holds at all: the proof of "never"
is sound. What does not fit this shape is not analysed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod

from pathways.check.samples import NUMBERS, SEXES, TEXTS
from pathways.check.tokens import COMPARISONS, MACROS, Token, closing, tokens
from pathways.facts import CaseFacts

MOST_CASES = 4096
CONNECTIVES = frozenset(("&&", "||", "!", "(", ")", "?", ":"))
OTHER_TEXT = "\N{REPLACEMENT CHARACTER}"  # stands for every text that no rule names
ASKING = MACROS - {"map", "filter"} | {"matches", "startsWith", "endsWith"}
NAMES = frozenset(CaseFacts.model_fields)
Value = str | int | bool


@dataclass
class Abstraction:
    """An expression over free questions and plain variables; `literals`: what each variable is compared with."""

    expression: str
    questions: set[str] = field(default_factory=set)
    literals: dict[str, set[str | int]] = field(default_factory=dict)


class Names(dict[str, str]):
    """The variable that stands for each question; one question asked twice is one variable."""

    def of(self, question: str) -> str:
        return self.setdefault(question, f"q{len(self)}")


def abstract(expression: str, names: Names) -> Abstraction | None:
    """The expression in that shape; None where it does not fit."""
    words, built, index = tokens(expression), Abstraction(""), 0
    while index < len(words):
        taken = _question(words, index) or _comparison(words, index, built)
        if taken is None:
            if words[index].text not in CONNECTIVES and words[index].text not in ("true", "false"):
                return None
            built.expression += f" {words[index].text}"
            index += 1
            continue
        text = " ".join(word.text for word in words[index : index + taken[0]])
        if taken[1]:
            built.questions.add(names.of(text))
        built.expression += f" {names.of(text) if taken[1] else text}"
        index += taken[0]
    return built


def cases(abstractions: Iterable[Abstraction]) -> Iterator[Mapping[str, Value]] | None:
    """Every case that the expressions tell apart; None where there are too many to try."""
    domains: dict[str, list[Value]] = {}
    literals: dict[str, set[str | int]] = {}
    for one in abstractions:
        domains |= {question: [False, True] for question in one.questions}
        for variable, values in one.literals.items():
            literals.setdefault(variable, set()).update(values)
    domains |= {variable: _domain(variable, values) for variable, values in literals.items()}
    if prod(map(len, domains.values())) > MOST_CASES:
        return None
    return (dict(zip(domains, values, strict=True)) for values in product(*domains.values()))


def _domain(variable: str, literals: set[str | int]) -> list[Value]:
    """A value on every side of every literal."""
    if variable == "sex":
        return list(SEXES)
    if variable in TEXTS:
        return [OTHER_TEXT, *sorted(map(str, literals))]
    around = {int(value) + step for value in literals for step in (-1, 0, 1)}
    return sorted({max(value, 0) for value in around} if variable == "age" else around)


Taken = tuple[int, bool]  # how many words, and whether they are a question


def _question(words: list[Token], index: int) -> Taken | None:
    """A membership, a yes-or-no variable, a macro, a look at a text, or an observation beside a number."""
    texts = [word.text for word in words[index : index + 6]] + [""] * 6
    kinds = [word.kind for word in words[index : index + 6]] + [""] * 6
    if kinds[0] == "string" and texts[1] == "in" and texts[2] in NAMES and texts[3] not in (".", "[", "("):
        return 3, True
    if texts[0] == "cine_imaging":
        return 1, True
    if texts[0] in NAMES and texts[1] == "." and texts[2] in ASKING and texts[3] == "(":
        return closing(words, index + 3) - index + 1, True
    if texts[:2] == ["observations", "["] and texts[3] == "]" and texts[4] in COMPARISONS and kinds[5] == "number":
        return 6, True
    return None


def _comparison(words: list[Token], index: int, built: Abstraction) -> Taken | None:
    """A plain variable beside a literal, or in a list of literals."""
    left, operator, right = [*words[index : index + 3], *[Token("", "")] * 3][:3]
    if left.text in (*NUMBERS, *TEXTS, "sex") and operator.text in COMPARISONS and right.is_literal:
        return (3, False) if _remember(built, left.text, operator.text, [right]) else None
    if right.text in (*NUMBERS, *TEXTS, "sex") and operator.text in COMPARISONS and left.is_literal:
        return (3, False) if _remember(built, right.text, operator.text, [left]) else None
    if left.text in (*TEXTS, "sex") and operator.text == "in" and right.text == "[":
        end = next((n for n in range(index + 3, len(words)) if words[n].text == "]"), index)
        listed = [word for word in words[index + 3 : end] if word.text != ","]
        return (end - index + 1, False) if end > index and _remember(built, left.text, "==", listed) else None
    return None


def _remember(built: Abstraction, variable: str, operator: str, literals: list[Token]) -> bool:
    """Note what the variable is compared with; False where trying both sides would not be all."""
    is_number = variable in NUMBERS
    for literal in literals:
        if literal.kind != ("number" if is_number else "string"):
            return False
        if not is_number and operator not in ("==", "!="):
            return False
        value = literal.value
        built.literals.setdefault(variable, set()).add(value if isinstance(value, str) else int(value))
    return True
