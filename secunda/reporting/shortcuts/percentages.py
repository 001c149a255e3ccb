"""Used lengths of a box, all in one go."""

import sys
from math import inf
from typing import Any

from weasyprint.css.properties import Dimension
from weasyprint.formatting_structure.boxes import Box, PageBox
from weasyprint.layout import percent

_ACROSS = ("margin_left", "margin_right", "padding_left", "padding_right", "width", "min_width", "max_width")
_DOWN = ("margin_top", "margin_bottom", "padding_top", "padding_bottom")
_TALL = ("height", "min_height", "max_height")
_BORDERS = ("border_top_width", "border_right_width", "border_bottom_width", "border_left_width")
_resolve_percentages = percent.resolve_percentages


def take() -> None:
    """Modules of WeasyPrint keep the function by its name, each for itself."""
    for name, module in list(sys.modules.items()):
        if name.startswith("weasyprint") and getattr(module, "resolve_percentages", None) is _resolve_percentages:
            module.resolve_percentages = resolve_percentages  # type: ignore[attr-defined]


def resolve_percentages(box: Any, containing_block: Any) -> None:
    """Set what margins, padding, borders and size of `box` are in pixels, `auto` where layout decides."""
    if isinstance(containing_block, Box):
        width, height = containing_block.width, containing_block.height
    else:
        width, height = containing_block
    style, used = box.style, box.__dict__
    for name in _ACROSS:
        used[name] = _length(style[name], style, width)
    for name, refer_to in zip(_DOWN, [height if isinstance(box, PageBox) else width] * 4, strict=True):
        used[name] = _length(style[name], style, refer_to)
    _heights(style, used, height)
    for name in ("min_width", "min_height"):
        if used[name] == "auto":
            used[name] = 0
    collapsed = style["border_collapse"] == "collapse"
    for name in _BORDERS:
        if not (collapsed and hasattr(box, name)):  # else the table has decided which border wins
            used[name] = style[name]
    if style["box_sizing"] != "content-box":
        percent.adjust_box_sizing(box, "width")
        percent.adjust_box_sizing(box, "height")


def _heights(style: Any, used: dict[str, Any], height: Any) -> None:
    """A share of a height that depends on the content is no length."""
    if height != "auto":
        for name in _TALL:
            used[name] = _length(style[name], style, height)
        return
    own = style["height"]
    used["height"] = own.value if isinstance(own, Dimension) and own.unit != "%" else "auto"
    used["min_height"] = _length(style["min_height"], style, 0)
    used["max_height"] = _length(style["max_height"], style, inf)


def _length(value: Any, style: Any, refer_to: Any) -> Any:
    if type(value) is Dimension:
        return refer_to * value.value / 100 if value.unit == "%" else value.value
    return value if value == "auto" else percent.percentage(value, style, refer_to)
