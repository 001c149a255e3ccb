"""What every table shares: UUID keys, UTC timestamps, JSONB columns, constraint names that migrations can rely on."""

from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import DateTime, Dialect, LargeBinary, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

metadata = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

UTC_TIMESTAMP: Any = DateTime(timezone=True)
JSON: Any = JSONB(none_as_null=True)


E = TypeVar("E", bound=StrEnum)


class Word(TypeDecorator[E], Generic[E]):
    """A StrEnum stored as its word: adding a state is no migration, and a reader of the table sees the word."""

    impl = String(30)
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__(30)
        self.words = words

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:  # noqa: ARG002
        return None if value is None else self.words(value)


def word(words: type[StrEnum], default: Any = ..., *, index: bool = False, nullable: bool = False) -> Any:
    """A column that holds one word of the enum."""
    return Field(default=default, sa_type=Word(words), index=index, nullable=nullable)


class Digest(TypeDecorator[str]):
    """A SHA-256, hexadecimal in Python and 32 bytes in the table: a case has two in each event of its log."""

    impl = LargeBinary(32)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        return None if value is None else bytes.fromhex(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else bytes(value).hex()


class Row(SQLModel):
    """A row with an opaque key."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)


class CaseRow(Row):
    """A row that belongs to one case."""

    case_id: UUID = Field(foreign_key="care_case.id", index=True)


class KeyedCaseRow(CaseRow):
    """One whose unique constraint begins with the case: that is its index, and a second one would only be written."""

    case_id: UUID = Field(foreign_key="care_case.id")


def timestamp(**options: Any) -> Any:
    """A column of timezone-aware timestamps (timestamptz)."""
    return Field(sa_type=UTC_TIMESTAMP, **options)


def optional_timestamp(**options: Any) -> Any:
    return Field(default=None, sa_type=UTC_TIMESTAMP, nullable=True, **options)


def json_list() -> Any:
    return Field(default_factory=list, sa_type=JSON, nullable=False)


def json_object() -> Any:
    return Field(default_factory=dict, sa_type=JSON, nullable=False)


__all__ = [
    "JSON",
    "CaseRow",
    "Digest",
    "KeyedCaseRow",
    "Row",
    "json_list",
    "json_object",
    "metadata",
    "optional_timestamp",
    "timestamp",
    "word",
]
