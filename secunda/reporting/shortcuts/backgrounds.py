"""Boxes without a background, which nearly all are."""

from typing import Any

from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.layout import background

#: The properties that `layout_box_backgrounds` looks at, as they are where nobody asks for a background.
_NONE = {name: INITIAL_VALUES[name] for name in ("background_image", "background_color", "box_shadow", "visibility")}
_SOURCES = ("border_image_source", "mask_border_source")
_layout = background.layout_box_backgrounds


def take() -> None:
    background.layout_box_backgrounds = layout_box_backgrounds


def layout_box_backgrounds(
    page: Any, box: Any, get_image_from_uri: Any, layout_children: bool = True, style: Any = None
) -> None:
    """Decide what is painted behind `box` and, unless told otherwise, behind what it holds."""
    if style is not None or box is page or not _is_plain(box.style):
        _layout(page, box, get_image_from_uri, layout_children, style)
        return
    background.resolve_radii_percentages(box)
    if layout_children:
        for child in box.all_children():
            layout_box_backgrounds(page, child, get_image_from_uri)
    box.background = None


def _is_plain(style: Any) -> bool:
    return all(style[name] == value for name, value in _NONE.items()) and all(
        style[source][0] == "none" for source in _SOURCES
    )
