"""Which calls of Prefect's API a process makes, noted where they leave it: a line a call, a few microseconds."""

import os
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

FILE = "api_calls"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def note_into(file: Path) -> None:
    """From now on every request of this process's HTTP clients is a line of `file`."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def noting(send: Callable[..., Any]) -> Callable[..., Any]:
        def noted(client: Any, request: httpx.Request, *rest: Any, **options: Any) -> Any:
            os.write(descriptor, f"{request.method} {_UUID.sub('{id}', request.url.path)}\n".encode())
            return send(client, request, *rest, **options)

        return noted

    for kind in (httpx.AsyncClient, httpx.Client):
        kind.send = noting(kind.send)  # type: ignore[method-assign]


def noted_since(file: Path, start: int) -> tuple[Counter[str], int]:
    """The calls noted after byte `start`, by method and route, and where the file ends now."""
    if not file.exists():
        return Counter(), 0
    with file.open("rb") as lines:
        lines.seek(start)
        written = lines.read()
    return Counter(written.decode().splitlines()), start + len(written)
