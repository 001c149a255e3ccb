"""Housekeeping of what is kept for a time only."""

import asyncio

from secunda import clock, forgetting, logs
from secunda.db import transaction


async def forget_what_is_past() -> None:
    """Remove it, and say how many rows; doing it twice is harmless."""
    if count := await asyncio.to_thread(_forget):
        logs.info("forgotten", count=count)


def _forget() -> int:
    with transaction() as session:
        return sum(forgetting.forget(session, clock.wall()).values())
