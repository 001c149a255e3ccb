"""What is wrong with a bundle, and where: every problem has a JSON pointer (RFC 6901) and a FHIRPath expression."""

import re
from dataclasses import dataclass

from secunda.errors import BadInputError

SHOWN = 20  # problems that one error lists
_ELEMENT = re.compile(r"_?[A-Za-z][A-Za-z0-9]{0,63}")


@dataclass(frozen=True)
class Problem:
    """`what` completes the sentence "… is not valid: it …". None of the fields quotes a value from the bundle."""

    pointer: str
    expression: str
    what: str

    def __str__(self) -> str:
        return f"{self.pointer} ({self.expression}) {self.what}"


class BundleError(BadInputError):
    """The bundle is not valid FHIR R4, or cannot be a case. `problems` has all that was found."""

    def __init__(self, message: str, remedy: str, problems: tuple[Problem, ...] = (), *, place: str = "") -> None:
        super().__init__(message, remedy, place=place or (problems[0].pointer if problems else ""))
        self.problems = problems


def shown(element: str) -> str:
    """The name of an element, if it looks like one: a stray key may hold anything."""
    return element if _ELEMENT.fullmatch(element) else "(unnamed)"


def pointer(*steps: str | int) -> str:
    """A JSON pointer; list indexes count from 0."""
    return "".join(f"/{step if isinstance(step, int) else shown(step)}" for step in steps)


def expression(resource_type: str, entry: int, steps: tuple[str | int, ...]) -> str:
    """A FHIRPath expression that finds the same element."""
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{shown(step)}" for step in steps)
    return f"Bundle.entry[{entry}].resource.ofType({shown(resource_type)}){path}"
