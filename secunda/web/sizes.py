"""How large something is, as people read it."""

from babel.numbers import format_decimal

from secunda.web.catalogues import LOCALES

UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


def size(count: float, language: str) -> str:
    """`3.4 GB`; decimal units, as disks are sold."""
    unit = 0
    while count >= 1000 and unit < len(UNITS) - 1:
        count, unit = count / 1000, unit + 1
    shape = "0" if unit == 0 or count >= 100 else "0.#"
    return f"{format_decimal(count, shape, locale=LOCALES[language])} {UNITS[unit]}"
