"""Pydantic's errors, told as problems of the file: where, what is wrong, what would be right."""

from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pathways.errors import Problem
from pathways.placed import PlacedMapping, Steps, locate, step_into
from pathways.wording import explained, suggestion


def problems(error: ValidationError, model: type[BaseModel], root: PlacedMapping, base: Steps = ()) -> list[Problem]:
    """One problem for each place that `error` names; `base` is where in `root` the validated part stands."""
    found: dict[Steps, Problem] = {}
    for detail in error.errors():
        if detail["type"] == "is_instance_of":  # one half of a union; the other half says what to write
            continue
        steps = base + tuple(detail["loc"])
        found.setdefault(steps, _problem(detail, model, root, steps, len(base)))
    return sorted({problem for steps, problem in found.items() if not _is_echo(steps, found)})


def _is_echo(steps: Steps, found: Mapping[Steps, Problem]) -> bool:
    """A list is told to be too short where all its items are wrong; the items say it better."""
    inside = (other for other in found if other[: len(steps)] == steps and other != steps)
    return "at least" in found[steps].remedy and any(inside)


def _problem(detail: ErrorDetails, model: type[BaseModel], root: PlacedMapping, steps: Steps, depth: int) -> Problem:
    reached, value = step_into(root, steps)
    kind, name = detail["type"], str(steps[-1]) if steps else ""
    if kind == "extra_forbidden":
        known = _keys(model, steps[depth:-1])
        remedy = suggestion(name, known, f"known here: {', '.join(known)}")
        return locate(root, steps, at_key=True).problem(f"unknown key {name!r}", remedy)
    if kind == "missing":
        return locate(root, reached, at_key=True).problem(*_missing(name))
    if name == "[key]":
        return locate(root, steps[:-1], at_key=True).problem(*explained(detail, f"key of {steps[-3]}", steps[-2]))
    field = next((str(step) for step in reversed(reached) if isinstance(step, str)), "the file")
    return locate(root, reached).problem(*explained(detail, field, value))


def _missing(name: str) -> tuple[str, str]:
    if name in ("en", "es"):
        language = {"en": "English", "es": "Spanish"}[name]
        return f"the {language} text is missing", f"add `{name}: …`"
    return f"{name!r} is missing", f"add `{name}: …`"


def _keys(model: type[BaseModel], steps: Steps) -> list[str]:
    """The keys that are known at the end of `steps` in `model`."""
    here: Any = model
    for step in steps:
        here = _inner(here, step)
    if not (isinstance(here, type) and issubclass(here, BaseModel)):
        return []
    return [field.alias or name for name, field in here.model_fields.items()]


def _inner(annotation: Any, step: str | int) -> Any:
    """The type of the part that `step` leads to."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = {field.alias or name: field.annotation for name, field in annotation.model_fields.items()}
        return _plain(fields.get(str(step)))
    arguments = get_args(annotation)
    return _plain(arguments[-1] if get_origin(annotation) is dict else arguments[0]) if arguments else None


def _plain(annotation: Any) -> Any:
    """Without Annotated and None."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return _plain(next(part for part in get_args(annotation) if part is not type(None)))
    return annotation
