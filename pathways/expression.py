"""A rule's expression as a tree, as far as rules go: the engine evaluates them and does not show how it reads them.

Grammar: the Common Expression Language's, without arithmetic, the conditional operator and messages
(https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pathways.check.tokens import COMPARISONS, Token, tokens

RELATIONS: Final = COMPARISONS | {"in"}
END: Final = Token("end", "")


@dataclass(frozen=True)
class Literal:
    value: str | int | float | bool


@dataclass(frozen=True)
class Name:
    name: str


@dataclass(frozen=True)
class Items:
    """`[a, b]`."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True)
class At:
    """`of[key]`."""

    of: "Node"
    key: "Node"


@dataclass(frozen=True)
class Call:
    """`of.name(arguments)`, or `name(arguments)` where `of` is None."""

    name: str
    of: "Node | None"
    arguments: "tuple[Node, ...]"


@dataclass(frozen=True)
class Operation:
    """`&&` and `||` of two or more, `!` of one, a comparison or `in` of two."""

    operator: str
    parts: "tuple[Node, ...]"


Node = Literal | Name | Items | At | Call | Operation


class NotReadError(ValueError):
    """The expression uses what this grammar leaves out."""


@lru_cache(maxsize=4096)
def tree(expression: str) -> Node:
    """How the expression is read. Raises NotReadError."""
    reader = _Reader(tokens(expression))
    node = reader.any()
    if reader.now is not END:
        raise NotReadError(f"`{reader.now.text}` is not read here.")
    return node


class _Reader:
    """Reads from left to right; a method for each rank of operators, the weakest first."""

    def __init__(self, words: list[Token]) -> None:
        self._words, self._place = [*words, END], 0

    @property
    def now(self) -> Token:
        return self._words[self._place]

    def any(self) -> Node:
        return self._joined("||", lambda: self._joined("&&", self._relation))

    def _joined(self, operator: str, part: Callable[[], Node]) -> Node:
        parts = [part()]
        while self._takes(operator):
            parts.append(part())
        return Operation(operator, tuple(parts)) if len(parts) > 1 else parts[0]

    def _relation(self) -> Node:
        left = self._negation()
        while self.now.kind != "string" and self.now.text in RELATIONS:
            operator = self._take().text
            left = Operation(operator, (left, self._negation()))
        return left

    def _negation(self) -> Node:
        return Operation("!", (self._negation(),)) if self._takes("!") else self._member()

    def _member(self) -> Node:
        node = self._primary()
        while self.now.kind == "operator" and self.now.text in (".", "["):
            if self._take().text == "[":
                node = At(node, self.any())
                self._expect("]")
            else:
                name = self._take().text
                self._expect("(")
                node = Call(name, node, self._until(")"))
        return node

    def _primary(self) -> Node:
        word = self._take()
        if word.is_literal:
            return Literal(word.value)
        if word.text in ("true", "false"):
            return Literal(word.text == "true")
        if word.kind == "name":
            return Call(word.text, None, self._until(")")) if self._takes("(") else Name(word.text)
        if word.text == "[":
            return Items(self._until("]"))
        if word.text != "(":
            raise NotReadError(f"`{word.text}` is not read here.")
        node = self.any()
        self._expect(")")
        return node

    def _until(self, bracket: str) -> tuple[Node, ...]:
        parts: list[Node] = []
        while not self._takes(bracket):
            parts.append(self.any())
            if not self._takes(",") and self.now.text != bracket:
                raise NotReadError(f"`{self.now.text}` is not read here.")
        return tuple(parts)

    def _takes(self, text: str) -> bool:
        if self.now.kind != "operator" or self.now.text != text:
            return False
        self._place += 1
        return True

    def _expect(self, text: str) -> None:
        if not self._takes(text):
            raise NotReadError(f"`{text}` is missing before `{self.now.text}`.")

    def _take(self) -> Token:
        word = self.now
        self._place += word is not END
        return word
