"""Styles that know most of their values from the start.

WeasyPrint finds the value of a property when it is first asked for, by a function of a hundred lines. Of some 250
properties an element sets ten; the others are the initial value or the parent's, and are put in place at once here.
"""

from typing import Any

from weasyprint.css import AnonymousStyle, ComputedStyle, Style
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES

#: What needs the longer way: its value depends on others, or on more than the parent's value.
_INVOLVED = {"position", "float", "display", "page"} | {name for name in INITIAL_VALUES if "text_decoration" in name}
_LOGICAL = {find(block="ttb", inline=direction) for find in PHYSICAL_FUNCTIONS.values() for direction in ("ltr", "rtl")}
_INITIAL = {
    name: value
    for name, value in INITIAL_VALUES.items()
    if name not in INHERITED and name not in _INVOLVED and name not in INITIAL_NOT_COMPUTED
}
_INHERITED = tuple(name for name in INITIAL_VALUES if name in INHERITED and name not in _INVOLVED)
_computed, _anonymous = ComputedStyle.__init__, AnonymousStyle.__init__


def take() -> None:
    ComputedStyle.__init__ = _init_computed
    AnonymousStyle.__init__ = _init_anonymous
    Style.anonymous_style = property(_anonymous_style)


def _init_computed(self: Any, parent_style: Any, cascaded: dict[str, Any], *rest: Any) -> None:
    _computed(self, parent_style, cascaded, *rest)
    if parent_style is not None and cascaded.keys().isdisjoint(_LOGICAL):
        self.update(_INITIAL)
        self.update(_passed_on(parent_style))
        for name in cascaded:
            self.pop(name, None)


def _init_anonymous(self: Any, parent_style: Any) -> None:
    self.update(_INITIAL)
    self.update(_passed_on(parent_style))
    _anonymous(self, parent_style)


def _passed_on(parent: Any) -> dict[str, Any]:
    """What every child of an element inherits."""
    found: dict[str, Any] | None = parent.__dict__.get("passed_on")
    if found is None:
        found = parent.passed_on = {name: parent[name] for name in _INHERITED}
    return found


def _anonymous_style(self: Any) -> Any:
    """As `functools.cached_property` does, which in Python 3.11 takes a lock each time."""
    found = self.__dict__.get("anonymous")
    if found is None:
        found = self.anonymous = AnonymousStyle(self)
    return found
