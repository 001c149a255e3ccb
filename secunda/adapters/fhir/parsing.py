"""JSON from outside, parsed strictly. Sources: RFC 8259, FHIR R4 JSON representation."""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from math import isfinite
from typing import Any

from secunda.adapters.fhir.problems import pointer
from secunda.errors import BadInputError

MAX_DEPTH = 100
MAX_NODES = 5_000_000
_OTHER_BOMS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UNSTORABLE_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_AGAIN = "Have the sending system write it again."


class UnstorableTextError(BadInputError):
    """Well-formed JSON whose texts hold what no text may."""


class _Repeated(dict[str, Any]):
    """An object that names a key twice."""


def parse(content: bytes) -> Any:
    """The JSON value in `content`.

    Raises BadInputError, with the place, for another encoding than UTF-8, malformed JSON, a key that stands twice in
    one object, NaN and infinities, and nesting beyond `MAX_DEPTH`; UnstorableTextError for NUL and half characters.
    """
    text = _decoded(content)
    flags: list[str] = []

    def as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            flags.append("repeated")
            return _Repeated(found)
        return found

    try:
        value = json.loads(text, object_pairs_hook=as_object, parse_constant=_refuse_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        if error.msg == "Extra data" and text.startswith("{", error.pos):
            raise BadInputError(
                "There are several JSON values, one after the other (NDJSON, a bulk export).",
                "Put the patient's resources into one Bundle.",
                place=place,
            ) from None
        raise BadInputError(f"The JSON is not well-formed: {error.msg}.", _AGAIN, place=place) from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:  # an integer of thousands of digits
        raise BadInputError("The JSON holds a number that is too long.", _AGAIN) from None
    _check_depth(value)
    if flags:
        said = "An object in the JSON names the same key twice."
        _refuse_first(value, lambda one: isinstance(one, _Repeated), said, BadInputError)
    if _UNSTORABLE_ESCAPE.search(text):
        said = "A text in the JSON holds a NUL or half a character (lone surrogate)."
        _refuse_first(value, _is_unstorable, said, UnstorableTextError)
    return value


def _decoded(content: bytes) -> str:
    content = content.removeprefix(codecs.BOM_UTF8)
    if content.startswith(_OTHER_BOMS) or b"\0" in content[:4]:
        raise BadInputError("The JSON is not in UTF-8.", "FHIR JSON is always UTF-8: save it so.")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise BadInputError(
            "The JSON is not valid UTF-8.", "FHIR JSON is always UTF-8: save it so.", place=f"byte {error.start}"
        ) from None
    if not text.strip():
        raise BadInputError("The bundle is empty.", "Send it again; the transfer may have been cut off.")
    if text.lstrip().startswith("<"):
        raise BadInputError("The bundle is XML.", "Send it as FHIR JSON (application/fhir+json).")
    return text


def _refuse_constant(name: str) -> float:
    raise BadInputError(f"The JSON holds {name}, which JSON does not have.", "Leave out values that are not numbers.")


def _finite(written: str) -> float:
    number = float(written)
    if not isfinite(number):
        raise BadInputError("The JSON holds a number that is out of range.", _AGAIN)
    return number


def _is_unstorable(value: Any) -> bool:
    if isinstance(value, str):
        return _UNSTORABLE.search(value) is not None
    return isinstance(value, dict) and any(_UNSTORABLE.search(key) for key in value)


def _check_depth(value: Any) -> None:
    level = [value] if isinstance(value, dict | list) else []
    depth = nodes = 0
    while level:
        nodes += len(level)
        if depth > MAX_DEPTH or nodes > MAX_NODES:
            raise _too_deep()
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
        depth += 1


def _too_deep() -> BadInputError:
    return BadInputError(f"The JSON is nested more than {MAX_DEPTH} deep, or too large.", "Send fewer records at once.")


def _refuse_first(value: Any, is_wrong: Callable[[Any], bool], message: str, error: type[BadInputError]) -> None:
    for steps, one in _walk(value):
        if is_wrong(one):
            raise error(message, _AGAIN, place=pointer(*steps) or "/")


def _walk(value: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    stack: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while stack:
        steps, one = stack.pop()
        yield steps, one
        if isinstance(one, dict):
            stack.extend(((*steps, key), inner) for key, inner in one.items())
        elif isinstance(one, list):
            stack.extend(((*steps, index), inner) for index, inner in enumerate(one))
