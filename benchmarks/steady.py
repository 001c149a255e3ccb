"""Requests at a steady rate, by a client that costs little: raw HTTP/1.1 over connections that are kept.

Each request leaves at its time whether or not earlier ones were answered, and is timed from that moment, so that a
server that falls behind cannot hide it.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

PATIENCE = 60.0  # seconds for one answer
LATE = "no answer"

Answered = Callable[[str, bytes], None]


@dataclass
class Series:
    """The answers to one kind of request."""

    took: list[float] = field(default_factory=list)  # seconds
    statuses: Counter[str] = field(default_factory=Counter)

    def told(self, good: str, seconds: float) -> dict[str, object]:
        times = sorted(self.took)
        at = {f"p{share}": round(1000 * times[int(len(times) * share / 100)], 1) for share in (50, 90, 99)}
        errors = {status: count for status, count in self.statuses.items() if status != good}
        rate = round(len(times) / seconds, 1)
        return {"count": len(times), "per_second": rate, "errors": errors, "milliseconds": at | {"max": _ms(times[-1])}}


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 1)


class Connection(asyncio.Protocol):
    """One request at a time."""

    def __init__(self) -> None:
        self.answer: asyncio.Future[tuple[str, bytes]] | None = None
        self.is_lost = False
        self._came = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def connection_lost(self, _error: Exception | None) -> None:
        self.is_lost = True
        if self.answer is not None and not self.answer.done():
            self.answer.set_result(("closed", b""))

    def ask(self, request: bytes) -> "asyncio.Future[tuple[str, bytes]]":
        assert self._transport is not None
        self._came, self.answer = b"", asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self.answer

    def data_received(self, data: bytes) -> None:
        self._came += data
        head, end, body = self._came.partition(b"\r\n\r\n")
        if not end or self.answer is None or self.answer.done():
            return
        if len(body) >= _length(head):
            self.answer.set_result((head[9:12].decode(), body))


def _length(head: bytes) -> int:
    lower = head.lower()
    at = lower.find(b"content-length:")
    return int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


class Caller:
    """Opens a connection where none is free, as a client's pool does."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: list[Connection] = []

    async def ask(self, request: bytes, series: Series, at: float, answered: Answered = lambda *_: None) -> None:
        """Send one request that was due at `at`, and note what came of it."""
        try:
            self._free = [one for one in self._free if not one.is_lost]
            connection = self._free.pop() if self._free else await self._open()
            status, body = await asyncio.wait_for(connection.ask(request), PATIENCE)
        except (TimeoutError, OSError):
            status, body = LATE, b""
        else:
            if status != "closed":
                self._free.append(connection)
        series.took.append(time.perf_counter() - at)
        series.statuses[status] += 1
        answered(status, body)

    async def _open(self) -> Connection:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(Connection, "127.0.0.1", self._port)
        return connection


async def at_rate(rate: int, seconds: int, send: Callable[[int, float], "asyncio._CoroutineLike[None]"]) -> None:
    """Call `send` with its number and its time, `rate` times a second, and wait for the last."""
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(rate * seconds):
            at = began + number / rate
            if (ahead := at - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            group.create_task(send(number, at))


def get(path: str, headers: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: load\r\n{headers}\r\n".encode()


def post(path: str, headers: str, body: bytes) -> bytes:
    kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"POST {path} HTTP/1.1\r\nHost: load\r\n{headers}{kind}\r\n".encode() + body
