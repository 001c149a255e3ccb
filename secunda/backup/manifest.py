"""What an archive says of itself."""

from datetime import datetime
from typing import Literal

from pydantic import Field, NonNegativeInt, ValidationError

from pathways.vocabulary import Frozen
from secunda.errors import BadInputError

FORMAT: Literal[1] = 1


class TableContent(Frozen):
    """One table: its columns in the order of the archive's, and how many rows it has."""

    name: str
    columns: tuple[str, ...]
    rows: NonNegativeInt


class Manifest(Frozen):
    """`tables` stand in the order in which they can be filled; `revision` is the schema's, as Alembic names it.

    `damaged`: documents that the database refers to, but that were missing or altered when the backup was made.
    """

    format: Literal[1] = FORMAT
    secunda: str
    postgresql: str
    revision: str
    made_at: datetime
    cases: NonNegativeInt
    open_cases: NonNegativeInt
    events: NonNegativeInt
    documents: NonNegativeInt
    document_bytes: NonNegativeInt
    damaged: tuple[str, ...] = ()
    tables: tuple[TableContent, ...]
    sums_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


def parse(content: bytes, place: str) -> Manifest:
    """The manifest. Raises BadInputError where it is none of this format."""
    try:
        return Manifest.model_validate_json(content)
    except ValidationError:
        raise BadInputError(
            "This archive's manifest cannot be read by this version of Secunda.",
            "Restore it with the version that made it, or take another copy of the archive.",
            place=place,
        ) from None
