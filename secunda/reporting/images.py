"""A picture in a report, and why one is not there."""

from datetime import date
from enum import StrEnum

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


class NotShown(StrEnum):
    """Why an image that a finding points at is not printed."""

    NAMES = "names"  # somebody's name may be written into its pixels
    ENCODING = "encoding"  # its pixels are packed in a way that cannot be unpacked here
    SIZE = "size"
    NO_SUCH_IMAGE = "no_such_image"
    DAMAGED = "damaged"
    MOST = "most"  # there are more than a report prints


class ImageLeftOut(Frozen):
    """One frame that a finding points at and that is not printed."""

    document: int = Field(ge=1)
    frame: int = Field(ge=1)
    why: NotShown
