"""The report's typeface: Fira Sans (SIL OFL 1.1), installed by the lock file, so every machine sets the same lines."""

from functools import cache
from pathlib import Path

import fontpkg_fira_sans
from fontTools.ttLib import TTFont

FAMILY = "Secunda Sans"  # our own name: an installed Fira Sans of another version must not be picked up
FOLDER = Path(fontpkg_fira_sans.ROOT) / "files"

#: (weight, style) → file
FACES = {
    (300, "normal"): "FiraSans-Light.ttf",
    (400, "normal"): "FiraSans-Regular.ttf",
    (400, "italic"): "FiraSans-Italic.ttf",
    (600, "normal"): "FiraSans-SemiBold.ttf",
}


@cache
def coverage() -> frozenset[int]:
    """The code points that the typeface draws."""
    with TTFont(FOLDER / FACES[(400, "normal")], lazy=True) as font:
        return frozenset(font.getBestCmap())


def font_faces() -> str:
    """The `@font-face` rules; their addresses are served by `secunda.reporting.assets` only."""
    return "\n".join(
        f"@font-face {{ font-family: '{FAMILY}'; font-weight: {weight}; font-style: {style}; "
        f"src: url('asset:fonts/{name}'); }}"
        for (weight, style), name in FACES.items()
    )
