"""Which codes a pattern of a rule means, as ranges that people read: `^C5[1-8]|^D07[.]?[0-3]` is C51–C58, D07.0–D07.3.

Patterns are those that rules are written with: alternatives from the beginning (`^`), character classes, groups and
counts. A prefix means everything under it: C5 is C50–C59, and the CPT prefix 225 is 22500–22599.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Final

ICD_10: Final = "ICD-10"
SNOMED_CT: Final = "SNOMED CT"
CPT: Final = "CPT"
MOST: Final = 50_000  # codes that a pattern may stand for
CATEGORY: Final = re.compile(r"[A-Z]\d{0,2}")
PIECE: Final = re.compile(r"\[\.\]\?|\\\.\??|\[([^\]^\\]+)\]|([A-Za-z0-9]|\\.)|([(|)^$])")
COUNT: Final = re.compile(r"\{(\d)\}")
Range = tuple[str, str]


class NotCodesError(ValueError):
    """The pattern is none that stands for a list of codes."""


def of_pattern(pattern: str) -> tuple[str, ...]:
    """The ranges, in order. Raises NotCodesError for a pattern that is written in another way."""
    words, rest = _Pattern(pattern).alternatives()
    if rest:
        raise NotCodesError(pattern)
    return tuple(_written(_merged(_whole(word, pattern) for word in words)))


def system(code: str) -> str:
    """Which system a bare code or range belongs to, by its form; empty where the form does not tell."""
    if code[:1].isalpha():
        return ICD_10
    return {5: CPT}.get(len(code.partition("–")[0]), SNOMED_CT if code.isdigit() and len(code) > 5 else "")


class _Pattern:
    """Expands a pattern; `^` and `$` stay in the words, so that what is not bound is seen."""

    def __init__(self, pattern: str) -> None:
        self._pattern, self._place = pattern, 0

    def alternatives(self) -> tuple[list[str], str]:
        """All words up to a closing bracket or the end, and what is left."""
        words = self._sequence()
        while len(words) <= MOST and self._at("|"):
            words += self._sequence()
        return words, self._pattern[self._place :]

    def _sequence(self) -> list[str]:
        words = [""]
        while self._place < len(self._pattern) and self._pattern[self._place] not in "|)":
            parts = self._counted(self._piece())
            if len(words) * len(parts) > MOST:
                raise NotCodesError(self._pattern)
            words = ["".join(pair) for pair in product(words, parts)]
        return words

    def _piece(self) -> list[str]:
        found = PIECE.match(self._pattern, self._place)
        if found is None:
            raise NotCodesError(self._pattern)
        self._place = found.end()
        if found[0] == "(":
            words, _ = self.alternatives()
            if not self._at(")"):
                raise NotCodesError(self._pattern)
            return words
        if "." in found[0]:  # codes are written with their dot or without it, and mean the same
            return ["."]
        return list(_class(found[1])) if found[1] else [found[0]]

    def _counted(self, parts: list[str]) -> list[str]:
        found = COUNT.match(self._pattern, self._place)
        if found is None:
            return parts
        self._place = found.end()
        times = int(found[1])
        if len(parts) ** times > MOST:
            raise NotCodesError(self._pattern)
        return ["".join(one) for one in product(parts, repeat=times)]

    def _at(self, sign: str) -> bool:
        here = self._pattern[self._place : self._place + 1] == sign
        self._place += here
        return here


def _class(written: str) -> Iterator[str]:
    """The characters of a class: `4-9`, `01`, `2-46`."""
    for first, last in re.findall(r"(.)(?:-(.))?", written):
        yield from map(chr, range(ord(first), ord(last or first) + 1))


def _whole(word: str, pattern: str) -> Range:
    """The first and the last code under a prefix that begins a code."""
    prefix, is_exact = word.removeprefix("^"), word.endswith("$")
    code = prefix.removesuffix("$")
    if word == prefix or re.search(r"[\^$]", code) or not code:
        raise NotCodesError(pattern)
    width = 3 if CATEGORY.fullmatch(code) else 5 if code.isdigit() else 0
    if is_exact and not code.isdigit():  # the category without what is under it: not what a range says
        raise NotCodesError(pattern)
    return (code, code) if is_exact else (code.ljust(width, "0"), code.ljust(width, "9"))


def _merged(ranges: Iterable[Range]) -> Iterator[Range]:
    """Without what touches or overlaps."""
    begun: Range | None = None
    for low, high in sorted(set(ranges), key=lambda one: (_parts(one[0]), _parts(one[1]))):
        if begun and _parts(low)[:2] == _parts(begun[1])[:2] and _parts(low)[2] <= _parts(begun[1])[2] + 1:
            begun = (begun[0], max(begun[1], high))
        else:
            if begun:
                yield begun
            begun = (low, high)
    if begun:
        yield begun


def _parts(code: str) -> tuple[str, int, int]:
    """What stands before the last digits, how many they are, and their number."""
    digits = re.search(r"\d*$", code)
    last = digits[0] if digits else ""
    return code.removesuffix(last) if last else code, len(last), int(last or 0)


def _written(ranges: Iterable[Range]) -> Iterator[str]:
    return (low if low == high else f"{low}–{high}" for low, high in ranges)
