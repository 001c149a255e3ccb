"""Plain data that remembers where in a file each part of it stands."""

from typing import Any, NamedTuple

from pathways.errors import Problem

Node = Any  # PlacedMapping, PlacedSequence, str, int, float, bool or None
Steps = tuple[str | int, ...]  # from the root to a part: keys and positions, like ("triage", "rules", 0, "when")


class Place(NamedTuple):
    """Where something stands; `line` and `column` count from 1."""

    file: str
    line: int
    column: int

    def problem(self, what: str, remedy: str) -> Problem:
        return Problem(self.file, self.line, self.column, what, remedy)


class PlacedMapping(dict[str, Node]):
    """A mapping; `keys_at` and `values_at` tell where each key and value stands."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.keys_at: dict[str, Place] = {}
        self.values_at: dict[str, Place] = {}

    def put(self, key: str, value: Node, key_at: Place, value_at: Place) -> None:
        self[key] = value
        self.keys_at[key], self.values_at[key] = key_at, value_at

    def take(self, key: str, other: "PlacedMapping") -> None:
        """Put the entry `key` of `other` here, with its place."""
        self.put(key, other[key], other.keys_at[key], other.values_at[key])


class PlacedSequence(list[Node]):
    """A list; `items_at` tells where each item stands."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.items_at: list[Place] = []

    def add(self, item: Node, place: Place) -> None:
        self.append(item)
        self.items_at.append(place)


def locate(root: Node, steps: Steps, *, at_key: bool = False) -> Place:
    """Where the part at the end of `steps` stands, or the nearest part above it that the file has.

    With `at_key`, where its key stands; so too where the key has no value.
    """
    place: Place = root.place
    node = root
    for step in steps:
        if isinstance(node, PlacedMapping) and step in node:
            key = str(step)
            place = node.keys_at[key] if at_key or node[key] is None else node.values_at[key]
        elif isinstance(node, PlacedSequence) and isinstance(step, int) and step < len(node):
            place = node.items_at[step]
        else:
            break
        node = node[step]
    return place


def step_into(root: Node, steps: Steps) -> tuple[Steps, Node]:
    """As many of `steps` as the data has, and what stands there; pydantic's error paths go further than the data."""
    node = root
    for depth, step in enumerate(steps):
        inside = isinstance(node, dict) and step in node
        if not inside and not (isinstance(node, list) and isinstance(step, int) and step < len(node)):
            return steps[:depth], node
        node = node[step]
    return steps, node
