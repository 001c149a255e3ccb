"""How often a client may call (RateLimit header fields, draft-ietf-httpapi-ratelimit-headers).

A window is counted in the domain store, for however many processes serve the API. A process takes numbers in blocks of
half a percent of what is allowed and hands them out by itself: never more than allowed, and few asks of the store.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from threading import Lock

from sqlalchemy import text

from secunda import clock
from secunda.api.problems import ProblemError
from secunda.db import glance
from secunda.settings import settings

SIGN_INS_A_MINUTE = 60
WINDOW = 60  # seconds
BLOCKS = 200  # a window's numbers are taken in so many blocks
MOST = 10_000  # windows that a process remembers


@dataclass
class _Block:
    """Numbers that this process may hand out until `ends_at` (seconds since 1970): after `given`, up to `last`."""

    ends_at: float
    given: int
    last: int


_TAKEN = text(
    "insert into rate_window as known (key, ends_at, taken) values (:key, :ends_at, :size) on conflict (key) do update"
    " set taken = case when known.ends_at between :now and :ends_at then known.taken + :size else :size end,"
    " ends_at = case when known.ends_at between :now and :ends_at then known.ends_at else excluded.ends_at end"
    " returning taken, ends_at"
)
_blocks: dict[str, _Block] = {}
_lock = Lock()


def forget() -> None:
    """Begin anew, for tests."""
    _blocks.clear()


def hit(client_id: str) -> dict[str, str]:
    """Count a call; returns the headers that say what is left. Raises ProblemError 429. May ask the database."""
    return _hit("client", settings().api_requests_per_minute, client_id)


def hit_sign_in(who: str) -> None:
    """Count an attempt to sign in. Raises ProblemError 429. Asks the database."""
    _hit("sign-in", SIGN_INS_A_MINUTE, who)


def _hit(policy: str, amount: int, who: str) -> dict[str, str]:
    now = clock.wall().timestamp()
    number, ends_at = _number(sha256(f"{policy} {who}".encode()).hexdigest(), amount, now)
    reset = max(1, math.ceil(ends_at - now))
    headers = {
        "RateLimit-Policy": f'"{policy}";q={amount};w={WINDOW}',
        "RateLimit": f'"{policy}";r={max(0, amount - number)};t={reset}',
    }
    if number <= amount:
        return headers
    headers["Retry-After"] = str(reset)
    detail = f"More than {amount} calls in {WINDOW} seconds."
    raise ProblemError(429, "too-many-requests", detail, f"Go on in {reset} seconds.", headers=headers)


def _number(key: str, amount: int, now: float) -> tuple[int, float]:
    """Which call of its window this is, and when the window ends."""
    with _lock:
        block = _blocks.get(key)
        if block is None or block.ends_at <= now or block.ends_at > now + WINDOW:
            block = _blocks[key] = _Block(0.0, 0, 0)
        if block.given >= block.last and block.given <= amount:
            _blocks[key] = block = _take(key, max(1, amount // BLOCKS), now)
        block.given = min(block.given + 1, max(block.last, amount + 1))
        if len(_blocks) > MOST:
            _forget_ended(now)
        return block.given, block.ends_at


def _take(key: str, size: int, now: float) -> _Block:
    at = datetime.fromtimestamp(now, UTC)
    asked = {"key": key, "now": at, "ends_at": at + timedelta(seconds=WINDOW), "size": size}
    with glance() as connection:
        taken, ends_at = connection.execute(_TAKEN, asked).one()
    return _Block(ends_at.timestamp(), taken - size, taken)


def _forget_ended(now: float) -> None:
    for key in [key for key, block in _blocks.items() if block.ends_at <= now]:
        del _blocks[key]
