"""Which texts the pages say, room by room, as they stand in templates and code: what the catalogues must have.

A room is a folder under templates/web and secunda/web (`coordinator`, `expert`, …); what lies beside the folders, and
`public`, is `shell`. `words`, `events` and `domain` are the domain's own, which English and Spanish have already;
`refusals` are the texts of errors.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from babel.messages.extract import extract_from_file

from secunda.views.event_texts import SENTENCES
from secunda.views.words import WORDS
from secunda.web.domain_texts import of_the_code, of_the_files
from secunda.web.refusal_texts import refusals

#: Rooms whose texts have their Spanish beside their English.
IN_SPANISH: Final = ("words", "events", "domain")
ROOT: Final = Path(__file__).resolve().parent.parent.parent
PLACES: Final = ((ROOT / "templates" / "web", "jinja2.ext:babel_extract"), (ROOT / "secunda" / "web", "python"))
SHELL: Final = "shell"
Text = str | tuple[str, ...]


@lru_cache
def texts() -> dict[str, list[Text]]:
    """Room → its texts (a tuple: singular and plural), each in the first room that says it, `shell` before all."""
    found: dict[str, list[Text]] = {SHELL: []}
    for room, text in (*_said(), *_beside()):
        found.setdefault(room, []).append(text)
    known: set[str] = set()
    for room, said in found.items():
        new = [text for text in dict.fromkeys(said) if _key(text) not in known]
        known |= {_key(text) for text in new}
        found[room] = new
    return found


def _beside() -> Iterator[tuple[str, Text]]:
    """What the pages say without writing it: words of the domain, events as sentences, what is refused."""
    yield from (("words", word.en) for word in WORDS.values())
    for sentence, more in SENTENCES.values():
        yield from (("events", one.en) for one in (sentence, *more.values()))
    yield from (("refusals", text) for text in refusals())
    yield from (("domain", text) for text in (*of_the_code(), *of_the_files()))


def _said() -> list[tuple[str, Text]]:
    found = []
    for folder, method in PLACES:
        suffix = ".py" if method == "python" else ".j2"
        for file in sorted(folder.rglob(f"*{suffix}")):
            first = file.relative_to(folder).parts[0]
            room = SHELL if first in ("public", file.name) else first
            found += [(room, text) for text in _texts_of(file, method)]
    return sorted(found, key=lambda pair: pair[0] != SHELL)


def _texts_of(file: Path, method: str) -> Iterator[Text]:
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
    options = {"trimmed": "true"} if method != "python" else {}
    for _, text, _, _ in extract_from_file(method, str(file), keywords=keywords, options=options):
        yield tuple(text) if isinstance(text, tuple | list) else text


def _key(text: Text) -> str:
    return text if isinstance(text, str) else text[0]
