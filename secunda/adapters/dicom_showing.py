"""How the numbers of a frame are to be shown: their unit, window and level, and how large a pixel is.

Enhanced objects say so in functional groups, for all frames or for each; others at the top.
Source: DICOM PS3.3 C.7.6.16, C.11.1 and C.11.2.
"""

from dataclasses import dataclass
from math import isfinite
from typing import Any

from pydicom.dataset import Dataset


@dataclass(frozen=True)
class Showing:
    """A number × slope + intercept is in the object's own unit (CT: Hounsfield), as are `window` and `level`; both are
    None where the object does not say. `spacing`: millimetres a pixel, across and down; 0 where nobody says.
    """

    slope: float
    intercept: float
    window: float | None
    level: float | None
    inverted: bool
    spacing: tuple[float, float]


def showing_of(dataset: Dataset, frame: int) -> Showing:
    """How frame `frame` (from 1) is to be shown. What the object says and is no number, it does not say."""
    window = _number(_said(dataset, frame, "FrameVOILUTSequence", "WindowWidth"))
    level = _number(_said(dataset, frame, "FrameVOILUTSequence", "WindowCenter"))
    says_both = bool(window) and level is not None
    return Showing(
        slope=_number(_said(dataset, frame, "PixelValueTransformationSequence", "RescaleSlope")) or 1.0,
        intercept=_number(_said(dataset, frame, "PixelValueTransformationSequence", "RescaleIntercept")) or 0.0,
        window=window if says_both else None,
        level=level if says_both else None,
        inverted=dataset.get("PhotometricInterpretation") == "MONOCHROME1",
        spacing=_spacing(dataset, frame),
    )


def _said(dataset: Dataset, frame: int, group: str, keyword: str) -> Any:
    each = list(dataset.get("PerFrameFunctionalGroupsSequence") or [])[frame - 1 : frame]
    shared = list(dataset.get("SharedFunctionalGroupsSequence") or [])[:1]
    groups = [item for groups in (*each, *shared) for item in list(groups.get(group) or [])[:1]]
    found = (_value(one, keyword) for one in (*groups, dataset))
    return next((value for value in found if value is not None), None)


def _value(dataset: Dataset, keyword: str) -> Any:
    try:
        return dataset.get(keyword)
    except (ValueError, TypeError):  # written as something else than its type
        return None


def _number(value: Any, place: int = 0) -> float | None:
    """Of several windows the first is the one that the maker means to be seen."""
    try:
        several = hasattr(value, "__getitem__") and not isinstance(value, str)
        number = float(value[place] if several else value)
    except (TypeError, ValueError, IndexError):
        return None
    return number if isfinite(number) else None


def _spacing(dataset: Dataset, frame: int) -> tuple[float, float]:
    said = _said(dataset, frame, "PixelMeasuresSequence", "PixelSpacing") or _value(dataset, "ImagerPixelSpacing")
    if said is None or isinstance(said, str | float):
        return 0.0, 0.0
    down, across = _number(said), _number(said, 1)
    return (across, down) if across and down and across > 0 and down > 0 else (0.0, 0.0)
