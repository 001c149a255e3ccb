"""What may turn the meaning of a resource round and is not understood: such a resource must not be relied on.

Sources: FHIR R4, 2.4.2 (modifier extensions) and Resource.implicitRules; HL7 Da Vinci PAS 1.1 and 2.2.
"""

from typing import Any

from secunda.adapters.fhir.values import Json

_PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"
#: By these a claim says that an item is cancelled.
CANCELLED = (
    f"{_PAS}modifierextension-infoCancelled",
    f"{_PAS}extension-infoCancelled",
    f"{_PAS}extension-itemCancelled",
)
WHAT = "may turn the meaning round, and is not understood"

Steps = tuple[str | int, ...]


def modifier_in(resource: Json) -> Steps | None:
    """Where in `resource` the first modifier stands that is not understood; None where there is none."""
    if resource.get("implicitRules"):
        return ("implicitRules",)
    stack: list[tuple[Steps, Any]] = [((), resource)]
    while stack:
        steps, value = stack.pop()
        if isinstance(value, list):
            stack.extend(((*steps, index), one) for index, one in enumerate(value) if isinstance(one, dict | list))
            continue
        for name, inner in value.items():
            if name == "modifierExtension":
                if (place := _unknown(inner)) is not None:
                    return (*steps, name, place)
            elif isinstance(inner, dict | list) and name not in ("contained", "extension"):
                stack.append(((*steps, name), inner))
    return None


def _unknown(extensions: Any) -> int | None:
    listed = extensions if isinstance(extensions, list) else [extensions]
    known = (isinstance(one, dict) and one.get("url") in CANCELLED for one in listed)
    return next((place for place, is_known in enumerate(known) if not is_known), None)
