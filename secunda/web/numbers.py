"""Numbers as people read them: with the decimal sign, the thousands and the percent sign of their language.

For quantities. A number that names something (a year, a page, a document) is written as it is.
"""

from typing import Final

from babel.numbers import format_decimal, format_percent

from secunda.web.catalogues import LOCALES

DECIMALS: Final = 1  # at most; more says nothing to a reader
NOTHING: Final = "–"


def number(value: float | None, language: str, decimals: int = DECIMALS) -> str:
    """`1,234.5`, in Spanish `1.234,5`; a dash where there is none."""
    if value is None:
        return NOTHING
    shape = f"#,##0.{'#' * decimals}".rstrip(".")
    return str(format_decimal(value, shape, locale=LOCALES[language]))


def percent(share: float | None, language: str) -> str:
    """`95%`, in Spanish `95 %`, of a share of 0.95; a dash where there is none."""
    return NOTHING if share is None else str(format_percent(share, locale=LOCALES[language]))
