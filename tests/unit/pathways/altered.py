"""Versions of a shipped pathway that differ in one place, for properties of what tells the difference."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st
from pydantic import ValidationError

from pathways import loader
from pathways.schema import Pathway


def altered(data: st.DataObject, pathway: Pathway) -> Pathway:
    """One value somewhere is another one, or one item of a list is gone; what is no pathway then is not tried."""
    content = copy.deepcopy(loader.content(pathway))
    container, key = data.draw(st.sampled_from(list(_places(content))))
    if isinstance(container, list):
        del container[key]
    else:
        others = [owner[name] for owner, name in _places(content) if name == key]
        container[key] = data.draw(st.sampled_from([*others, "A new text", True, 7]))
    try:
        return Pathway.model_validate(content)
    except ValidationError:
        assume(False)
    raise AssertionError("what is assumed not to be raises")


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of the content that holds something simple: the container and its key or index."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(item, dict | list):
            yield from _places(item)
        else:
            yield value, key
