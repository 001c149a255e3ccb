"""What a part of a rule asks for: which codes, which number, which result."""

from collections.abc import Iterable, Iterator
from itertools import product

from pathways.expression import At, Call, Items, Literal, Name, Node, NotReadError, Operation
from secunda.web.rules.codes import of_pattern


def alternatives(node: Node) -> Iterator[Node]:
    if isinstance(node, Operation) and node.operator == "||":
        for part in node.parts:
            yield from alternatives(part)
    else:
        yield node


def codes(asked: Node, bound: str) -> Iterable[str]:
    match asked:
        case Call("matches", Name(name), (Literal(pattern),)) if name == bound:
            return of_pattern(str(pattern))
        case Call("startsWith", Name(name), (Literal(beginning),)) if name == bound:
            return of_pattern(f"^{beginning}")
    return literals(asked, bound)


def literals(asked: Node, bound: str) -> list[str]:
    """What the bound name is compared with."""
    match asked:
        case Operation("==", (Name(name), Literal(value)) | (Literal(value), Name(name))) if name == bound:
            return [str(value)]
        case Operation("in", (Name(name), Items(parts))) if name == bound:
            return [str(part.value) for part in parts if isinstance(part, Literal)]
    raise NotReadError


def is_only_asked(node: Node, beside: Iterable[Node]) -> bool:
    """Whether it only makes sure that there is the result which another part compares."""
    match node:
        case Operation("in", (Literal() as code, Name("observations") as results)):
            read = At(results, code)
            return any(isinstance(one, Operation) and read in one.parts for one in beside)
    return False


def between(parts: Iterable[Node]) -> tuple[Operation, Operation] | None:
    """The first two parts that say of one number what it must be at least and at most."""
    compared = [one for one in parts if isinstance(one, Operation)]
    pairs = product(compared, compared)
    return next(((low, high) for low, high in pairs if _ends(low, high) and low.parts[0] == high.parts[0]), None)


def _ends(low: Operation, high: Operation) -> bool:
    return (low.operator, high.operator) == (">=", "<=")
