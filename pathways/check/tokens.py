"""The words of a CEL expression, as far as the checks need them; the grammar itself is the engine's."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*)
      | (?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
      | (?P<number>(?:\d+\.\d+|\d+)(?:[eE][-+]?\d+)?)
      | (?P<name>[A-Za-z_]\w*)
      | (?P<operator>&&|\|\||[=!<>]=|[^\s\w])""",
    re.VERBOSE,
)
COMPARISONS = frozenset(("==", "!=", "<", "<=", ">", ">="))
MACROS = frozenset(("exists", "exists_one", "all", "map", "filter"))
WORDS = frozenset(("true", "false", "null", "in"))


class Token(NamedTuple):
    kind: str  # string, number, name or operator
    text: str

    @property
    def value(self) -> str | int | float:
        """What a literal stands for."""
        if self.kind == "number":
            return int(self.text) if self.text.lstrip("-").isdigit() else float(self.text)
        try:
            return str(ast.literal_eval(self.text))
        except (SyntaxError, ValueError):  # an escape that CEL has and Python has not
            return self.text[1:-1]

    @property
    def is_literal(self) -> bool:
        return self.kind in ("string", "number")


class Comparison(NamedTuple):
    """A variable beside a literal: `age > 65`, `'C50.9' in conditions`; `operator` as if the variable came first."""

    variable: str
    operator: str
    literal: Token


def tokens(expression: str) -> list[Token]:
    """The words in turn; a negative number is one word."""
    found = [Token(str(match.lastgroup), match[0]) for match in _TOKEN.finditer(expression)]
    words: list[Token] = []
    for token in (one for one in found if one.kind != "comment"):
        sign = words[-1].text if words else ""
        signs = token.kind == "number" and sign == "-" and (len(words) == 1 or words[-2].kind == "operator")
        if signs and words[-2:-1] not in ([Token("operator", ")")], [Token("operator", "]")]):
            words[-1] = Token("number", "-" + token.text)
        else:
            words.append(token)
    return words


def bound_names(words: list[Token]) -> set[str]:
    """The names that macros bind: the `c` of `conditions.exists(c, …)`."""
    triples = zip(words, words[1:], words[2:], strict=False)
    return {name.text for macro, bracket, name in triples if macro.text in MACROS and bracket.text == "("}


def comparisons(words: list[Token]) -> Iterator[Comparison]:
    """Every plain variable that is compared with a literal, or searched for in or as a list."""
    padded = [Token("", ""), *words, Token("", "")]
    for index in range(1, len(padded) - 3):
        left, operator, right = padded[index : index + 3]
        if padded[index - 1].text in (".", "-") or padded[index + 3].text in (".", "(", "["):
            continue
        if left.is_literal and operator.text == "in" and right.kind == "name":
            yield Comparison(right.text, "contains", left)
        elif left.kind == "name" and left.text not in WORDS and operator.text in COMPARISONS and right.is_literal:
            yield Comparison(left.text, operator.text, right)
        elif left.is_literal and operator.text in COMPARISONS and right.kind == "name":
            yield Comparison(right.text, _turned(operator.text), left)


def _turned(operator: str) -> str:
    return operator.translate(str.maketrans("<>", "><"))


def closing(words: list[Token], index: int) -> int:
    """Where the bracket closes that opens at `index`; the last word where it does not."""
    depth = 0
    for place in range(index, len(words)):
        depth += {"(": 1, ")": -1}.get(words[place].text, 0)
        if depth == 0:
            return place
    return len(words) - 1
