"""A picture in a report."""

from datetime import date

from pydantic import Field

from pathways.opinion import Prose
from pathways.vocabulary import Frozen


class KeyImage(Frozen):
    """One frame of a reviewed study, encoded anew; `shows` is the finding that points at it.

    `window` and `level` in the study's own units, 0 for a picture in colour; `bar_mm` the length of its bar.
    """

    document: int = Field(ge=1)
    frame: int = Field(ge=1)
    modality: str = ""
    taken_on: date | None = None
    shows: Prose
    window: float = 0.0
    level: float = 0.0
    bar_mm: float | None = None
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    jpeg: str = Field(pattern=r"^[A-Za-z0-9+/]+={0,2}$", max_length=1_000_000)
