"""Lists in pages: the cursor says where the next one begins, is signed, and fits the list that it came from only."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from itsdangerous import BadData, URLSafeSerializer

from secunda.api.problems import Fault, ProblemError
from secunda.settings import settings

LONGEST = 100

Limit = Annotated[int, Query(ge=1, le=LONGEST, description="How many at most.")]
Cursor = Annotated[str | None, Query(max_length=500, description="`next_cursor` of the page before.")]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key.get_secret_value(), salt="secunda.cursor")


def cursor_after(at: datetime, key: UUID, *asked: Any) -> str:
    """The cursor behind a row; `asked` is what the list was filtered by, the payer first."""
    said = _signer().dumps([at.isoformat(), str(key), [str(one) for one in asked]])
    return said if isinstance(said, str) else said.decode()


def place_of(cursor: str | None, *asked: Any) -> tuple[datetime, UUID] | None:
    """Where the page begins; None at the first. Raises ProblemError 422 for a cursor that is not of this list."""
    if cursor is None:
        return None
    try:
        at, key, of = _signer().loads(cursor)
        if of != [str(one) for one in asked]:
            raise ValueError
        return datetime.fromisoformat(at), UUID(key)
    except (BadData, ValueError, TypeError):
        detail = "This cursor does not belong to this list."
        faults = (Fault(detail, "#/cursor", "query"),)
        raise ProblemError(422, "invalid-cursor", detail, "Begin without a cursor.", faults) from None
