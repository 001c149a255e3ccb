"""Rule expressions in CEL (Common Expression Language) over the case's facts.

A rule is either true or false; anything else that an expression may give, and every failure, is an error that names
the expression. The texts of errors hold the expression and never a fact.
"""

import importlib.machinery
import importlib.util
import sys
from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from pathways.errors import PathwayError
from pathways.facts import CaseFacts

if TYPE_CHECKING:
    import cel

FUNCTIONS = frozenset(("size", "contains", "startsWith", "endsWith", "matches", "has", "int", "double", "string"))
REMEDIES = {
    "KeyError": "ask first: `'2160-0' in observations && observations['2160-0'] > 1.5`.",
    "TypeError": "compare a number with a number, a text with a text, and use `in` for lists.",
}

_importing = Lock()


def variables(facts: CaseFacts | Mapping[str, Any]) -> "cel.Context":
    """The facts, or other named values, as CEL variables; make them once for many expressions."""
    values = facts.model_dump() if isinstance(facts, CaseFacts) else dict(facts)
    context: cel.Context = engine().Context(variables=values)
    return context


def holds(expression: str, facts: "CaseFacts | Mapping[str, Any] | cel.Context") -> bool:
    """Whether the rule holds. Raises PathwayError naming the expression where it cannot be told."""
    if expression.strip() == "true":
        return True
    result = evaluate(expression, variables(facts) if isinstance(facts, CaseFacts | Mapping) else facts)
    if not isinstance(result, bool):
        raise _error(expression, f"gives {_kind(result)}, not true or false", "compare it with something.")
    return result


def evaluate(expression: str, context: "cel.Context") -> Any:
    """The value of the expression. Raises PathwayError naming the expression."""
    program = compiled(expression)
    try:
        return program.execute(context)
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
        what = {"KeyError": "asks for an observation that the case does not have"}.get(type(error).__name__, "fails")
        raise _error(expression, what, REMEDIES.get(type(error).__name__, _first_sentence(error))) from None


@lru_cache(maxsize=4096)
def compiled(expression: str) -> "cel.Program":
    """The compiled expression. Raises PathwayError naming it and the character where the syntax breaks."""
    try:
        program: cel.Program = engine().compile(expression)
    except ValueError as error:
        raise _error(expression, "is not CEL", _first_syntax_error(error)) from None
    return program


def engine() -> Any:
    """The CEL engine, imported when the first rule is evaluated, whichever thread comes first."""
    with _importing:
        return _engine()


@lru_cache(maxsize=1)
def _engine() -> Any:
    """The package's own `__init__` imports its interactive command line, half a second that no rule needs.

    So its extension module alone is loaded, under its own name, where a later `import cel` finds it. It stands there
    before it is whole, as modules do: no other thread may look meanwhile.
    """
    if loaded := sys.modules.get("cel.cel"):
        return loaded
    package = importlib.util.find_spec("cel")
    folders = package.submodule_search_locations if package else None
    spec = importlib.machinery.PathFinder.find_spec("cel.cel", folders)
    if spec is None or spec.loader is None:
        raise PathwayError("The CEL engine is not installed:", "install the package common-expression-language.")
    module = importlib.util.module_from_spec(spec)
    sys.modules["cel.cel"] = module
    spec.loader.exec_module(module)
    return module


def _error(expression: str, what: str, remedy: str) -> PathwayError:
    return PathwayError(f"The expression `{expression}` {what}:", remedy)


def _kind(value: object) -> str:
    kinds = {str: "a text", int: "a number", float: "a number", list: "a list", dict: "a mapping"}
    return kinds.get(type(value), "nothing")


def _first_sentence(error: Exception) -> str:
    return str(error).split("\n")[0].split(". ")[0].rstrip(".") + "."


def _first_syntax_error(error: Exception) -> str:
    """`ERROR: <input>:1:11: Syntax error: mismatched input …` without what only the grammar's author knows."""
    _, _, told = str(error).partition("<input>:")
    _, character, message = told.split("\n")[0].split(":", 2)
    message = message.split(" expecting ")[0].removeprefix(" Syntax error: ").strip()
    return f"at character {character}: {message}."
