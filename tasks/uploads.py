"""Uploads that nobody finished in time."""

import asyncio

from secunda import logs
from secunda.db import transaction
from secunda.reviews import uploading


async def give_up_old_uploads() -> None:
    """Expire them and remove what had arrived; the payer's system begins anew."""
    if count := await asyncio.to_thread(_give_up):
        logs.info("uploads_given_up", count=count)


def _give_up() -> int:
    with transaction() as session:
        return uploading.give_up_old(session)
