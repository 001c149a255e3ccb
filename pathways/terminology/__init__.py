"""The words that pathways may use: LOINC document types, medical subspecialties and grades of evidence, each with
its names."""

from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from pathways.errors import PathwayFileError
from pathways.explaining import problems
from pathways.source import read
from pathways.vocabulary import Text

FOLDER = Path(__file__).parent

Entry = TypeVar("Entry", bound=Text)


class DocumentType(Text):
    """A LOINC document type: its names, and the DICOM modalities of the study behind it."""

    modalities: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def document_types() -> dict[str, DocumentType]:
    """Every known document type by its LOINC code."""
    return _table("loinc.yaml", DocumentType)


@lru_cache(maxsize=1)
def subspecialties() -> dict[str, Text]:
    """Every subspecialty that a role may ask for and an expert may have, by its key."""
    return _table("subspecialties.yaml", Text)


@lru_cache(maxsize=1)
def grades() -> dict[str, Text]:
    """The grades of evidence and recommendation that are words, by how a pathway file writes them."""
    return _table("grades.yaml", Text)


def grade(level: str, language: str) -> str:
    """A guideline's grade in a reader's language; as the guideline writes it where it is a code, or not known."""
    parts = level.split(", ")
    return ", ".join(grades()[part].in_language(language) if part in grades() else part for part in parts)


def modalities_of(code: str) -> tuple[str, ...]:
    """The DICOM modalities that the study of this LOINC code may have."""
    known = document_types().get(code)
    return known.modalities if known else ()


def _table(file: str, entry: type[Entry]) -> dict[str, Entry]:
    root = read(FOLDER / file)
    table = {}
    for key, value in root.items():
        try:
            table[key] = entry.model_validate(value)
        except ValidationError as error:
            raise PathwayFileError(problems(error, entry, root, (key,))) from None
    return table
