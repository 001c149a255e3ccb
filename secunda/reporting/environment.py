"""The sandbox that report templates run in: no missing value, no unescaped text, no runaway expression."""

from enum import Enum
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from pathways.vocabulary import Text
from secunda.reporting.columns import shares
from secunda.reporting.printable import clean, short
from secunda.reporting.prose import blocks
from secunda.reporting.words import Words

TEMPLATES = Path(__file__).parents[2] / "templates" / "report"


class ReportEnvironment(ImmutableSandboxedEnvironment):
    """Every printed value passes `printable.clean` and is escaped; the operators that can build a huge value in one
    step (`*`, `**`) are limited, which the sandbox by itself does not do."""

    intercepted_binops = frozenset(("*", "**"))

    def __init__(self) -> None:
        super().__init__(
            loader=FileSystemLoader(TEMPLATES),
            undefined=StrictUndefined,
            autoescape=True,
            finalize=_printed,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self.filters["blocks"] = blocks
        self.filters["local"] = _local
        self.filters["short"] = short
        self.tests["has"] = lambda numbers, number: number in numbers
        self.globals["shares"] = shares

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Multiplication of numbers only; raises SecurityError for powers and for repeated sequences."""
        if operator == "**" or not all(isinstance(side, int | float) for side in (left, right)):
            raise SecurityError("a template may only multiply numbers")
        return super().call_binop(context, operator, left, right)


def _local(text: Text, words: Words) -> str:
    return words.local(text)


def _printed(value: Any) -> Any:
    if value is None:
        raise UndefinedError("a value that the report prints is missing")
    if isinstance(value, Markup):
        return value
    if isinstance(value, Enum):
        value = value.value
    return clean(value) if isinstance(value, str) else value
