"""Doing something for a thing that keeps changing once it has come to rest, and then only for what it is by then."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

REST_SECONDS, AT_LATEST = 3.0, 15.0

T = TypeVar("T")

_moving: "set[AtRest[Any]]" = set()  # what waits for its rest, or is being done


class AtRest(Generic[T]):
    """Calls `act` with the newest of the values given, REST_SECONDS after the last came, AT_LATEST after the first.

    Belongs to one event loop. `act` is never called twice at once, and handles its own errors.
    """

    def __init__(self, act: Callable[[T], Awaitable[None]]) -> None:
        self._act = act
        self._newest: list[T] = []  # none or one
        self._moved = asyncio.Event()
        self._in_haste = False
        self._work: asyncio.Task[None] | None = None

    def give(self, value: T) -> None:
        """A new value; the one before it is dropped if nothing was done for it yet."""
        self._newest = [value]
        self._moved.set()
        if self._work is None or self._work.done():
            self._in_haste = False
            self._work = asyncio.create_task(self._serve())
            _moving.add(self)
            self._work.add_done_callback(lambda _: _moving.discard(self))

    async def at_once(self) -> None:
        """Wait no longer for it to rest; returns when everything is done for what was given."""
        self._in_haste = True
        self._moved.set()
        await self.finished()

    async def finished(self) -> None:
        """Until everything is done for what was given."""
        if self._work is not None:
            await asyncio.wait([self._work])

    async def _serve(self) -> None:
        while self._newest:
            await self._rest()
            await self._act(self._newest.pop())

    async def _rest(self) -> None:
        until = time.monotonic() + AT_LATEST
        while not self._in_haste and (left := until - time.monotonic()) > 0:
            self._moved.clear()
            try:
                await asyncio.wait_for(self._moved.wait(), min(REST_SECONDS, left))
            except TimeoutError:
                return


async def finish_all() -> None:
    """Do at once what waits for anything to rest: the process stops."""
    await asyncio.gather(*(one.at_once() for one in tuple(_moving)))
