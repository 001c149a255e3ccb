"""Resources that are nearly right: elements deep inside dropped, doubled, or of another type."""

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from tests.unit.fhir_door.samples import Json

ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.text(max_size=8),
    st.text("aé\t{<$", min_size=250, max_size=300),
    st.just([]),
    st.just({}),
    st.just([{}]),
    st.just({"reference": "Patient/nobody"}),
    st.just({"coding": [{"code": 7}]}),
    st.just([[["x"]]]),
    st.just("urn:uuid:gone"),
    st.just("9999-12-31"),
)


def mutated(resource: Json, data: st.DataObject) -> Json:
    """A copy with one to three such elements."""
    copied = deepcopy(resource)
    for _ in range(data.draw(st.integers(1, 3))):
        _mutate(copied, data)
    return copied


def _mutate(resource: Json, data: st.DataObject) -> None:
    holder: Any = resource
    for _ in range(data.draw(st.integers(1, 9))):
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        inner = holder[key]
        if isinstance(inner, dict | list) and inner and data.draw(st.integers(0, 3)):
            holder = inner
            continue
        match data.draw(st.sampled_from(["drop", "swap", "double"])):
            case "drop":
                del holder[key]
            case "swap":
                holder[key] = deepcopy(data.draw(ANYTHING))  # or a later change would change the strategy
            case _ if isinstance(holder, list):
                holder.insert(key, deepcopy(inner))
            case _:
                holder[key] = [inner, inner]
        return
