"""Bring the pages' catalogues in line with what the pages say: new texts are added untranslated, old ones leave.

    make catalogues

Translate what it lists; a test fails while anything is untranslated.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from secunda.web.catalogues import LANGUAGES, LOCALES, WRITTEN_IN
from secunda.web.texts import IN_SPANISH, Text, texts

FOLDER = Path(__file__).resolve().parent.parent / "secunda" / "web" / "locales"


def main() -> int:
    owed = 0
    for language in LANGUAGES:
        if language == WRITTEN_IN:
            continue
        known = _known(language)
        for room, said in texts().items():
            if room in IN_SPANISH and language == "es":
                continue  # these have their Spanish already
            owed += _write(language, room, said, known)
    print(f"{owed} translations are owed." if owed else "Everything is translated.")
    return 0


def _known(language: str) -> Catalog:
    whole = Catalog(locale=LOCALES[language])
    for file in sorted((FOLDER / language).glob("*.po")):
        for message in read_po(BytesIO(file.read_bytes()), locale=LOCALES[language]):
            if message.id:
                whole.add(message.id, message.string)
    return whole


def _write(language: str, room: str, said: list[Text], known: Catalog) -> int:
    catalogue = Catalog(locale=LOCALES[language], header_comment="")
    for text in said:
        before = known.get(text if isinstance(text, str) else text[0])
        catalogue.add(text, before.string if before else None)
    written = BytesIO()
    write_po(written, catalogue, width=0, omit_header=True)
    header = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Plural-Forms: {catalogue.plural_forms}\\n"\n'
    header += '"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    (FOLDER / language / f"{room}.po").write_text(header + written.getvalue().decode(), encoding="utf-8")
    empty = [one.id for one in catalogue if one.id and not _is_translated(one.string)]
    for text in empty:
        print(f"{language}/{room}: {text}")
    return len(empty)


def _is_translated(string: str | tuple[str, ...] | None) -> bool:
    return bool(string) and (isinstance(string, str) or all(string))


if __name__ == "__main__":
    sys.exit(main())
