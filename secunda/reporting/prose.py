"""Free text as blocks: paragraphs at empty lines, lists where lines begin with a dash or a bullet."""

import re
from itertools import groupby
from typing import NamedTuple

_ITEM = re.compile(r"^[-*•–]\s+(?P<text>.+)$")
_WRAPPED = 60  # a line longer than this that ends without a stop was broken by an editor, not by its author
_STOPS = (".", ":", ";", "!", "?")


class Block(NamedTuple):
    """A list (its items) or a paragraph (its lines)."""

    is_list: bool
    lines: tuple[str, ...]


def blocks(text: str) -> list[Block]:
    """The blocks of `text` in order; no markup is read, everything stays text."""
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = [_read(line) for line in _unwrapped(part)]
        for is_list, run in groupby(lines, key=lambda line: line[0]):
            found.append(Block(is_list, tuple(text for _, text in run)))
    return found


def _unwrapped(part: str) -> list[str]:
    """The lines as their author meant them: those that an editor broke are joined again."""
    lines: list[str] = []
    last = ""
    for line in (line.strip() for line in part.splitlines()):
        if not line:
            continue
        if lines and len(last) > _WRAPPED and not last.endswith(_STOPS) and not _ITEM.match(line):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
        last = line
    return lines


def _read(line: str) -> tuple[bool, str]:
    match = _ITEM.match(line)
    return (False, line) if match is None else (True, match["text"].strip())
