"""A span of time as a pathway file writes it: `4 h`, `14 days`, `5 working days`, or `50 %` of another span."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

_WRITTEN = re.compile(r"^(?P<amount>\d+)\s*(?P<unit>h|days?|working days?|%)$")
PATTERN = _WRITTEN.pattern.replace("?P<amount>", "").replace("?P<unit>", "")


class SpanUnit(StrEnum):
    HOURS = "h"
    DAYS = "days"
    WORKING_DAYS = "working days"
    PERCENT = "%"


@dataclass(frozen=True)
class Span:
    """An amount of one unit. Hours and days run through nights and holidays, working days do not."""

    amount: int
    unit: SpanUnit

    @classmethod
    def parse(cls, written: str) -> "Span":
        """Read `4 h`, `14 days`, `5 working days` or `50 %`; raises ValueError naming the four forms."""
        match = _WRITTEN.match(written.strip()) if isinstance(written, str) else None
        if match is None:
            raise ValueError(f"{written!r} is not a span; write '4 h', '14 days', '5 working days' or '50 %'")
        unit = match["unit"] if match["unit"] in ("h", "%") else match["unit"].rstrip("s") + "s"
        return cls(amount=int(match["amount"]), unit=SpanUnit(unit))

    @property
    def is_share(self) -> bool:
        """Whether this is a percentage of another span."""
        return self.unit is SpanUnit.PERCENT

    @property
    def roughly(self) -> timedelta:
        """The span as wall time, a working day taken as 1.4 days; for comparing spans, never for deadlines."""
        hours = {SpanUnit.HOURS: 1.0, SpanUnit.DAYS: 24.0, SpanUnit.WORKING_DAYS: 33.6}
        if self.is_share:
            raise ValueError("a percentage has no length of its own")
        return timedelta(hours=self.amount * hours[self.unit])

    def __str__(self) -> str:
        if self.amount == 1 and self.unit in (SpanUnit.DAYS, SpanUnit.WORKING_DAYS):
            return f"1 {self.unit.value[:-1]}"
        return f"{self.amount} {self.unit.value}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.no_info_after_validator_function(cls.parse, core_schema.str_schema())
        return core_schema.json_or_python_schema(
            json_schema=written,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), written]),
            serialization=core_schema.to_string_ser_schema(),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "pattern": PATTERN, "examples": ["4 h", "14 days", "5 working days", "50 %"]}
