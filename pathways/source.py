"""Reading a YAML file into plain data that remembers where each part stands.

Stricter than YAML: one document, no anchors, aliases, tags or merge keys, no duplicate keys, keys are texts.
Plain scalars are resolved by the YAML 1.2 core schema, so `no` and `1_000` stay texts.
"""

import re
from pathlib import Path
from typing import NoReturn

import yaml

from pathways.composing import Composer
from pathways.errors import PathwayFileError
from pathways.placed import Place, PlacedMapping

LARGEST_FILE = 512 * 1024  # bytes; the longest pathway is a tenth of it
PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's is twenty times as fast; both tell positions

_INDENTING_TAB = re.compile(r"^( *)\t\s*\S", re.MULTILINE)


def read(path: Path) -> PlacedMapping:
    """The file's content. Raises PathwayFileError that names the first place that cannot be read."""
    return parse(_text(path), str(path))


def parse(text: str, file: str) -> PlacedMapping:
    """`text` as placed data; `file` is only for the messages. Raises PathwayFileError."""
    if tab := _INDENTING_TAB.search(text):
        _fail(_place(file, text[: tab.end(1)]), "a tab indents this line", "use spaces")
    composer = Composer(file)
    try:
        for event in yaml.parse(text, Loader=PARSER):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        at_end = error.problem_mark and error.context_mark and error.problem_mark.line > text.rstrip().count("\n")
        mark = error.context_mark if at_end else error.problem_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
        _fail(place, f"this is not YAML: {error.problem or error.context}", "mend the indentation, colons or quotes")
    except yaml.reader.ReaderError as error:
        _fail(_place(file, text[: error.position]), "there is a control character", "remove it")
    return composer.finished()


def _text(path: Path) -> str:
    file = str(path)
    if not path.is_file():
        _fail(Place(file, 1, 1), "there is no such file", "check its name")
    if path.stat().st_size > LARGEST_FILE:
        kilobytes = LARGEST_FILE // 1024
        _fail(Place(file, 1, 1), f"the file is larger than {kilobytes} kB", "a pathway is a few hundred lines")
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        _fail(_place(file, before), "there is a byte that is not UTF-8", "save the file as UTF-8")


def _place(file: str, before: str) -> Place:
    """The place of the character that follows `before`."""
    return Place(file, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _fail(place: Place, what: str, remedy: str) -> NoReturn:
    raise PathwayFileError([place.problem(what, remedy)]) from None
