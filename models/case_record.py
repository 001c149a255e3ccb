"""The structured clinical record that a case was launched with."""

from datetime import datetime
from typing import Any

from models.base import CaseRow, json_object, timestamp


class CaseRecord(CaseRow, table=True):
    """`content` is a `pathways.facts.ClinicalRecord` as JSON; the newest row of a case counts."""

    __tablename__ = "case_record"

    content: dict[str, Any] = json_object()
    source_sha256: str
    received_at: datetime = timestamp()
