"""Shorter ways to what WeasyPrint computes, for the one version that they were tried with.

A report has some two hundred boxes a page, and WeasyPrint asks each of them for dozens of properties one by one. Each
way here gives what the longer way gives, to the byte: `tests/functional/test_shortcuts.py` prints both. With any other
version of WeasyPrint they are not taken, and reports only take longer.
"""

from weasyprint import VERSION

from secunda.reporting.shortcuts import backgrounds, percentages, styles, writing

TRIED_WITH = "70.0"


def take() -> bool:
    """Take the shorter ways from here on, in this process; False where they do not fit. Twice is harmless."""
    if VERSION != TRIED_WITH:
        return False
    for way in (styles, percentages, backgrounds, writing):
        way.take()
    return True
