"""Taking in a body: of the right type, not too large, not too slow, and never more of it in memory than is allowed."""

import asyncio
import hashlib
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from anyio.to_thread import run_sync
from fastapi import Request
from starlette.requests import ClientDisconnect

from secunda.api.problems import ProblemError, header_problem
from secunda.settings import settings

GRACE_SECONDS = 30.0  # from then on a body must come at SLOWEST or more
SLOWEST = 1024  # bytes a second
LARGE = 2**20  # bytes: of bodies beyond it, only a few are held at once
AT_ONCE = 4
WAIT_SECONDS = 5.0
BUFFER = 2**20  # bytes that go to the disk together

_large = asyncio.Semaphore(AT_ONCE)


def check_media_type(request: Request, accepted: tuple[str, ...]) -> str:
    """The body's media type. Raises ProblemError 415 for another, none, an encoding, a charset but UTF-8."""
    written = request.headers.get("content-type", "")
    kind, _, parameters = written.partition(";")
    kind = kind.strip().lower()
    charset = parameters.strip().lower().replace('"', "")
    is_wrong = kind not in accepted or (charset.startswith("charset=") and charset != "charset=utf-8")
    if is_wrong or request.headers.get("content-encoding", "identity").lower() != "identity":
        shown = ", ".join(accepted)
        header = "Content-Encoding" if not is_wrong else "Content-Type"
        problem = header_problem(
            415, "unsupported-media-type", header, "The body is of another type.", f"Send {shown}."
        )
        problem.headers = {"Accept": shown}
        raise problem
    return kind


def too_large(limit: int) -> ProblemError:
    detail = f"The body is larger than {limit} bytes."
    headers = {"Connection": "close"}  # whoever sends on would only be thrown away
    return ProblemError(413, "too-large", detail, "Send large documents as an upload in parts.", headers=headers)


def _declared(request: Request, limit: int) -> int:
    written = request.headers.get("content-length", "0")
    length = int(written) if written.isdigit() and len(written) < 20 else 0
    if length > limit:
        raise too_large(limit)
    return length


async def pieces(request: Request, limit: int) -> AsyncIterator[bytes]:
    """The body as it arrives. Raises ProblemError 413 and 408; ClientDisconnect when the sender is gone."""
    _declared(request, limit)
    loop = asyncio.get_running_loop()
    began, size = loop.time(), 0
    stream = request.stream()
    while True:
        try:
            piece = await asyncio.wait_for(anext(stream), settings().api_idle_seconds)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise _too_slow() from None
        size += len(piece)
        if size > limit:
            raise too_large(limit)
        took = loop.time() - began
        if took > GRACE_SECONDS and size < SLOWEST * took:
            raise _too_slow()
        yield piece


def _too_slow() -> ProblemError:
    headers = {"Connection": "close"}
    return ProblemError(408, "too-slow", "The body came too slowly.", "Send it again.", headers=headers)


async def whole(request: Request, limit: int) -> bytes:
    """The whole body, in memory. Raises what `pieces` does, and ProblemError 503 when too many large ones are here."""
    found = bytearray()
    async with _room(_declared(request, limit)) as grow:
        async for piece in pieces(request, limit):
            found += piece
            await grow(len(found))
    return bytes(found)


@asynccontextmanager
async def _room(declared: int) -> AsyncIterator["Room"]:
    room = Room()
    try:
        await room(declared)
        yield room
    finally:
        room.leave()


class Room:
    """A place among the large bodies, taken when the body turns out to be one."""

    def __init__(self) -> None:
        self.taken = False

    async def __call__(self, size: int) -> None:
        if size <= LARGE or self.taken:
            return
        try:
            await asyncio.wait_for(_large.acquire(), WAIT_SECONDS)
        except TimeoutError:
            headers = {"Retry-After": "5"}
            raise ProblemError(503, "busy", "Too many large requests at once.", "Try again.", headers=headers) from None
        self.taken = True

    def leave(self) -> None:
        if self.taken:
            self.taken = False
            _large.release()


@dataclass(frozen=True)
class Spooled:
    """A body on the disk: gone when the block ends. `size` is in bytes."""

    path: Path
    size: int
    sha256: str


@asynccontextmanager
async def spooled(request: Request, limit: int) -> AsyncIterator[Spooled]:
    """Stream the body to the disk. Raises what `pieces` does, and ProblemError 400 when the sender went away."""
    path = part_folder() / f"{secrets.token_hex(16)}.body"
    digest = hashlib.sha256()
    try:
        with _opened(path) as file:
            size = 0
            try:
                async for block in blocks(pieces(request, limit)):
                    digest.update(block)
                    size += len(block)
                    await run_sync(file.write, block)
            except ClientDisconnect:
                raise ProblemError(400, "incomplete", "The body ended before its end.", "Send it again.") from None
        yield Spooled(path, size, digest.hexdigest())
    finally:
        path.unlink(missing_ok=True)


async def blocks(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in larger pieces."""
    held = bytearray()
    async for piece in stream:
        held += piece
        if len(held) >= BUFFER:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def part_folder() -> Path:
    """Where bodies lie until they are whole: nobody else's business."""
    folder = settings().home / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _opened(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
