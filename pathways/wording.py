"""Words for what pydantic finds wrong: what is wrong, and what would be right."""

import difflib
from collections.abc import Callable, Iterable
from typing import Any

from pydantic_core import ErrorDetails

Words = tuple[str, str]  # what is wrong, what would be right

#: Nothing that could carry a second header or address: one mailbox.
MAILBOX = r"^[^\s@<>,;:\"]{1,64}@[A-Za-z0-9.-]{1,189}$"
E_164 = r"^\+[1-9]\d{6,14}$"

PATTERNS = {
    r"^[a-z][a-z0-9_]{1,39}$": "2 to 40 lower-case letters, digits and underscores, a letter first, like `echo_report`",
    r"^\d{1,7}-\d$": "a LOINC code, like `11526-1`",
    r"^\d+\.\d+\.\d+$": "three numbers, like `1.0.0`",
    MAILBOX: "one address, like `desk@example.org`",
    E_164: "an international number without spaces, like `+34931234567`",
}
SPANS = "write '4 h', '14 days', '5 working days' or '50 %'"


def suggestion(word: str, known: Iterable[str], otherwise: str) -> str:
    """`did you mean …?` where a known word is close, else `otherwise`."""
    close = difflib.get_close_matches(word, list(known), 1)
    return f"did you mean {close[0]!r}?" if close else otherwise


def explained(detail: ErrorDetails, field: str, value: Any) -> Words:
    """What is wrong with the `value` of `field`, and what would be right."""
    words = EXPLANATIONS.get(detail["type"], _in_pydantics_words)
    return words(detail, field, value)


def _not_a_text(detail: ErrorDetails, field: str, value: Any) -> Words:
    if "parse" in str(detail["loc"][-1]):
        return f"{value!r} is not a span", SPANS
    if isinstance(value, int | float):
        return f"{field!r} is not a text", f'put it in quotes: "{str(value).lower()}"'
    return f"{field!r} is not a text", "write one text"


def _not_known(detail: ErrorDetails, field: str, value: Any) -> Words:
    expected = str(detail["ctx"]["expected"]).replace(" or ", ", ")
    known = [word.strip("' ") for word in expected.split(",")]
    return f"{value!r} is not a known {field!r}", suggestion(str(value), known, f"known: {', '.join(known)}")


def _wrong_pattern(detail: ErrorDetails, field: str, value: Any) -> Words:
    pattern = detail["ctx"]["pattern"]
    return f"{value!r} is not a valid {field!r}", f"write {PATTERNS.get(pattern, pattern)}"


def _not_a_mapping(detail: ErrorDetails, field: str, _: Any) -> Words:
    is_text = detail.get("ctx", {}).get("class_name") == "Text"
    return f"{field!r} is not a mapping", f"write {'{en: …, es: …}' if is_text else 'its keys under it, one a line'}"


def _not_a_list(_: ErrorDetails, field: str, value: Any) -> Words:
    return f"{field!r} is not a list", f"write it as a list: [{'…' if isinstance(value, dict) else value}]"


def _raised_by_us(detail: ErrorDetails, field: str, _: Any) -> Words:
    what, _, remedy = str(detail["ctx"]["error"]).partition("; ")
    return what, remedy or f"see the description of {field!r}"


def _in_pydantics_words(detail: ErrorDetails, field: str, value: Any) -> Words:
    message = detail["msg"][:1].lower() + detail["msg"][1:]
    return f"{field!r} is wrong" if isinstance(value, dict | list) else f"{field!r} is {value!r}", message


EXPLANATIONS: dict[str, Callable[[ErrorDetails, str, Any], Words]] = {
    "string_type": _not_a_text,
    "enum": _not_known,
    "literal_error": _not_known,
    "string_pattern_mismatch": _wrong_pattern,
    "model_type": _not_a_mapping,
    "dict_type": _not_a_mapping,
    "tuple_type": _not_a_list,
    "value_error": _raised_by_us,
}
