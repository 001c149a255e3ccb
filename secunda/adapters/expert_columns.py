"""The columns of the directory of experts: how the cells of each are read."""

import re
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

from babel import Locale

from pathways.terminology import subspecialties

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"\+[1-9]\d{6,14}")
MAX_CAPACITY = 100


class CellError(Exception):
    """What is wrong with a cell, and what would be right."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    """ISO 3166-1 alpha-2 codes; CLDR lists regions as numbers, and a few that are no countries."""
    codes = (str(code) for code in Locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - {"EU", "UN", "ZZ"}


@lru_cache(maxsize=1)
def _languages() -> frozenset[str]:
    """ISO 639-1 codes."""
    return frozenset(code for code in map(str, Locale("en").languages) if len(code) == 2)


def _one(cells: list[str]) -> str:
    if len(cells) > 1:
        raise CellError("has several values", "give one")
    return cells[0]


def _code(cells: list[str]) -> str:
    if not _CODE.fullmatch(code := _one(cells)):
        raise CellError(f"{code!r} is no code", "use up to 40 letters, digits, dots, dashes and underscores")
    return code


def _text(cells: list[str]) -> str:
    written = "; ".join(cells)
    if len(written) > 200:
        raise CellError("is longer than 200 characters", "shorten it")
    return written


def _email(cells: list[str]) -> str:
    address = _one(cells)
    if len(address) > 254 or not _EMAIL.fullmatch(address):
        raise CellError(f"{address!r} is no e-mail address", "write it as name@example.org")
    return address


def _phone(cells: list[str]) -> str:
    number = re.sub(r"[\s().-]", "", _one(cells))
    if not _PHONE.fullmatch(number):
        raise CellError(f"{cells[0]!r} is no international number", "write it as +34600111222 (E.164)")
    return number


def _subspecialties(cells: list[str]) -> list[str]:
    known = subspecialties()
    for cell in cells:
        if cell not in known:
            near = get_close_matches(cell, known, n=3)
            hint = f"did you mean {' or '.join(near)}?" if near else "use a key of terminology/subspecialties.yaml"
            raise CellError(f"{cell!r} is no known subspecialty", hint)
    return _distinct(cells)


def _language_list(cells: list[str]) -> list[str]:
    codes = [cell.lower() for cell in cells]
    for code in codes:
        if code not in _languages():
            raise CellError(f"{code!r} is no language", "use two-letter codes (ISO 639-1), such as es;ca;en")
    return _distinct(codes)


def _licences(cells: list[str]) -> list[dict[str, str]]:
    return [_licence(cell) for cell in cells]


def _licence(cell: str) -> dict[str, str]:
    country, _, until = (part.strip() for part in cell.partition(":"))
    if country.upper() not in _countries():
        raise CellError(f"{country!r} is no country", "use the two-letter code (ISO 3166), such as ES:2029-12-31")
    licence = {"country": country.upper()}
    return licence | {"valid_until": _date([until]).isoformat()} if until else licence


def _leave(cells: list[str]) -> list[dict[str, str]]:
    return [_absence(cell) for cell in cells]


def _absence(cell: str) -> dict[str, str]:
    start, slash, end = (part.strip() for part in cell.partition("/"))
    if not slash:
        raise CellError(f"{cell!r} has no end", "write first and last day as 2026-08-01/2026-08-31")
    first, last = _date([start]), _date([end])
    if last < first:
        raise CellError(f"{cell!r} ends before it begins", "write the first day before the last one")
    return {"from": first.isoformat(), "to": last.isoformat()}


def _date(cells: list[str]) -> date:
    written = _one(cells)
    try:
        if len(written) != 10:
            raise ValueError
        return date.fromisoformat(written)
    except ValueError:
        raise CellError(f"{written!r} is no date", "write it as 2029-12-31") from None


def _distinct(cells: list[str]) -> list[str]:
    return list(dict.fromkeys(cells))


def _capacity(cells: list[str]) -> int:
    written = _one(cells)
    if not written.isdecimal() or not 0 <= int(written) <= MAX_CAPACITY:
        raise CellError(f"{written!r} is no capacity", f"write how many cases at once, 0 to {MAX_CAPACITY}")
    return int(written)


def _quality(cells: list[str]) -> float:
    written = _one(cells)
    try:
        quality = float(written)
    except ValueError:
        quality = -1.0
    if not 0 <= quality <= 1:
        raise CellError(f"{written!r} is no quality", "write a number from 0 to 1, such as 0.8")
    return quality


#: What each column's cells become. The order is that in which problems are told.
COLUMNS: dict[str, Callable[[list[str]], object]] = {
    "code": _code,
    "name": _text,
    "email": _email,
    "phone": _phone,
    "subspecialties": _subspecialties,
    "languages": _language_list,
    "institution": _text,
    "licences": _licences,
    "leave": _leave,
    "financial_interests": _distinct,
    "practising_since": _date,
    "capacity": _capacity,
    "quality": _quality,
}
LISTS = {"subspecialties", "languages", "licences", "leave", "financial_interests"}
#: Columns without which nobody can be matched or asked, and what to write in them.
REQUIRED = {
    "code": "give every expert a code of their own",
    "name": "write the name as the report is to print it",
    "email": "write the address that offers are sent to",
    "subspecialties": "name at least one, such as medical_oncology",
    "languages": "name at least one, such as es",
    "institution": "write it: experts of the first opinion's institution are excluded",
    "licences": "name at least one country, such as ES:2029-12-31",
}
