"""From the events of a YAML parser to placed data, without recursion, so that no nesting can exhaust the stack."""

import re
from typing import NoReturn

from yaml import events

from pathways.errors import PathwayFileError, Problem
from pathways.placed import Node, Place, PlacedMapping, PlacedSequence

DEEPEST_NESTING = 24

_NULL = re.compile(r"(null|Null|NULL|~|)")
_TRUE = re.compile(r"(true|True|TRUE)")
_FALSE = re.compile(r"(false|False|FALSE)")
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")


class Composer:
    """Takes the events of one document in turn; `finished` returns its mapping or raises PathwayFileError."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._open: list[PlacedMapping | PlacedSequence] = []
        self._key: list[tuple[str, Place] | None] = []  # of each open mapping: the key that waits for its value
        self._roots: list[Node] = []
        self._duplicates: list[Problem] = []

    def take(self, event: events.Event) -> None:
        """One event. Raises PathwayFileError for what the pathway files do without: aliases, tags, deep nesting."""
        match event:
            case events.AliasEvent():
                self._refuse(event, "an alias", "write the value out")
            case events.NodeEvent() if event.anchor is not None:
                self._refuse(event, "an anchor", "remove it; aliases are not allowed")
            case events.ScalarEvent() | events.CollectionStartEvent() if event.tag is not None:
                self._refuse(event, "a tag", "remove it; plain texts and numbers are all there is")
            case events.ScalarEvent():
                self._add(_resolve(event) if self._wants_value() else event.value, self._place(event))
            case events.MappingStartEvent():
                self._enter(event, PlacedMapping(self._place(event)))
            case events.SequenceStartEvent():
                self._enter(event, PlacedSequence(self._place(event)))
            case events.MappingEndEvent() | events.SequenceEndEvent():
                self._open.pop()
                self._key.pop()
            case events.DocumentStartEvent() if self._roots:
                self._refuse(event, "a second document", "put each pathway into a file of its own")

    def finished(self) -> PlacedMapping:
        """The document's mapping."""
        if self._duplicates:
            raise PathwayFileError(self._duplicates)
        if not self._roots or not isinstance(self._roots[0], PlacedMapping):
            start = Place(self._file, 1, 1)
            raise PathwayFileError([start.problem("the file is not a mapping", "start with `pathway: …`")])
        return self._roots[0]

    def _wants_value(self) -> bool:
        return not self._open or isinstance(self._open[-1], PlacedSequence) or self._key[-1] is not None

    def _enter(self, event: events.CollectionStartEvent, node: PlacedMapping | PlacedSequence) -> None:
        if not self._wants_value():
            self._refuse(event, "a key that is not a text", "write a plain text as the key")
        if len(self._open) >= DEEPEST_NESTING:
            self._refuse(event, f"nesting deeper than {DEEPEST_NESTING} levels", "flatten it")
        self._add(node, node.place)
        self._open.append(node)
        self._key.append(None)

    def _add(self, node: Node, place: Place) -> None:
        parent = self._open[-1] if self._open else None
        if parent is None:
            self._roots.append(node)
        elif isinstance(parent, PlacedSequence):
            parent.add(node, place)
        elif (waiting := self._key[-1]) is None:
            self._add_key(parent, str(node), place)
        else:
            parent.put(waiting[0], node, waiting[1], place)
            self._key[-1] = None

    def _add_key(self, parent: PlacedMapping, key: str, place: Place) -> None:
        if key == "<<":
            raise PathwayFileError([place.problem("there is a merge key", "write the keys out")])
        if key in parent:
            first = parent.keys_at[key].line
            self._duplicates.append(place.problem(f"the key {key!r} was given on line {first} already", "remove one"))
        self._key[-1] = (key, place)

    def _place(self, event: events.Event) -> Place:
        mark = event.start_mark
        return Place(self._file, mark.line + 1, mark.column + 1) if mark else Place(self._file, 1, 1)

    def _refuse(self, event: events.Event, what: str, remedy: str) -> NoReturn:
        raise PathwayFileError([self._place(event).problem(f"there is {what}", remedy)])


def _resolve(event: events.ScalarEvent) -> str | int | float | bool | None:
    """The value of a scalar by the core schema of YAML 1.2.2, section 10.3.2; a quoted one is a text."""
    written: str = event.value
    if not event.implicit[0]:
        return written
    if _NULL.fullmatch(written):
        return None
    if _TRUE.fullmatch(written) or _FALSE.fullmatch(written):
        return written.lower() == "true"
    if _INTEGER.fullmatch(written):
        return int(written)
    return float(written) if _FLOAT.fullmatch(written) else written
