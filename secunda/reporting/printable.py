"""Foreign text made safe to set: what a name or a free text may bring that would disturb a page or a reader.

Control characters, direction overrides (Unicode TR 36, "bidirectional text spoofing") and invisible characters go;
symbols that the report's typeface cannot draw are written out by their Unicode name, so that nothing is lost
silently and every machine sets the same line. Letters of other scripts stay as they are.
"""

import re
import unicodedata
from functools import cache, lru_cache

from secunda.reporting.typeface import coverage

_REPLACED = str.maketrans(
    {
        "\t": " ",
        "\N{HYPHEN}": "-",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{LINE SEPARATOR}": "\n",
        "\N{PARAGRAPH SEPARATOR}": "\n\n",
    }
)
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}  # control, format, private use, surrogate, unassigned
_SYMBOLS = {"So", "Sk", "Sm", "Sc", "No"}
_MARKS_IN_A_ROW = 3  # more combining marks than any orthography puts on one letter would climb over the lines above


_ENDLESS_WORD = re.compile(r"\S{121,}")  # longer than any term or address that is meant to be read
_CHUNK = re.compile(r"(\S{24})(?=\S)")
LONGEST_NAME = 200


def clean(text: str) -> str:
    """`text` as it is printed: NFC, newlines kept, no invisible characters, unknown symbols named in brackets.

    An endless word gets places to break at, which also spares the layout from looking for them.
    """
    return _ENDLESS_WORD.sub(lambda word: _CHUNK.sub("\\1\N{ZERO WIDTH SPACE}", word[0]), _visible(text))


def short(text: str) -> str:
    """A name, on one line and no longer than a name can be."""
    line = " ".join(clean(text).split())
    return line if len(line) <= LONGEST_NAME else line[: LONGEST_NAME - 1] + "…"


def _visible(text: str) -> str:
    if _unchanged().issuperset(text):
        return text
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_REPLACED))
    kept: list[str] = []
    marks = 0
    for character in composed:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(_printed(character))
    return "".join(kept)


@cache
def _unchanged() -> frozenset[str]:
    """Characters of European languages that are printed as they come."""
    usual = [chr(code) for code in (*range(0x20, 0x180), *range(0x2010, 0x2027))]
    return frozenset(each for each in usual if each.translate(_REPLACED) == each == _printed(each)) | {"\n"}


@lru_cache(maxsize=4096)
def _printed(character: str) -> str:
    if character == "\n":
        return character
    category = unicodedata.category(character)
    if category in _INVISIBLE:
        return ""
    if category in _SYMBOLS and ord(character) not in coverage():
        return f"[{unicodedata.name(character, 'symbol').lower()}]"
    return character
