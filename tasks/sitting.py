"""One transaction in which steps that follow each other work on a case: locked once, read once, all kept or none."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from contextvars import copy_context
from datetime import datetime
from functools import lru_cache, partial
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from models import Case
from secunda import clock, faults, lease
from secunda.db import transaction
from secunda.lease import Lease
from secunda.settings import settings

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """As `asyncio.to_thread`, in threads for sittings alone, one for each execution.

    A sitting keeps its locks from one step to the next. Were all threads taken by those who wait for such a lock, its
    holder could not go on.
    """
    work_here = partial(copy_context().run, work, *arguments, **named)
    return await asyncio.get_running_loop().run_in_executor(_threads(), work_here)


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(settings().worker_concurrency, thread_name_prefix="sitting")


class Sitting:
    """Open from the first step that writes to the commit before anything leaves the database. Blocking.

    Whoever changes a case locks its row, so that nothing of it changes under the steps; `now` is one moment for all.
    """

    def __init__(self, held: Lease) -> None:
        """Raises LeaseLostError when the case was taken over."""
        self.now = clock.now()
        self._changes: list[Callable[..., object]] = []
        with ExitStack() as stack:
            self.session: Session = stack.enter_context(transaction())
            self.case: Case = lease.lock(self.session, held)
            self._open = stack.pop_all()

    def work(self, change: Callable[[Session, Case, datetime], T]) -> T:
        """Let one step change the case; where it raises, nothing of the sitting is kept."""
        try:
            result = change(self.session, self.case, self.now)
        except BaseException as error:
            self.leave(error)
            raise
        self._changes.append(change)
        return result

    def keep(self) -> None:
        """Commit what the steps have changed."""
        try:
            for change in self._changes:
                faults.around("before_commit", change)
        except BaseException as error:
            self.leave(error)
            raise
        self._open.close()
        for change in self._changes:
            faults.around("after_commit", change)

    def leave(self, error: BaseException) -> None:
        """Take everything back; where the database is away, it does so by itself."""
        with suppress(SQLAlchemyError):
            self._open.__exit__(type(error), error, error.__traceback__)
