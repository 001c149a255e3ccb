"""How often a client may call (RateLimit header fields, draft-ietf-httpapi-ratelimit-headers)."""

import math
from functools import lru_cache

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from secunda import clock
from secunda.api.problems import ProblemError
from secunda.settings import settings

SIGN_INS_A_MINUTE = 60


@lru_cache(maxsize=1)
def _limiter() -> FixedWindowRateLimiter:
    return FixedWindowRateLimiter(MemoryStorage())


def forget() -> None:
    """Begin anew, for tests."""
    _limiter.cache_clear()


def hit(client_id: str) -> dict[str, str]:
    """Count a call; returns the headers that say what is left. Raises ProblemError 429."""
    item = RateLimitItemPerMinute(settings().api_requests_per_minute)
    return _hit(item, "client", client_id)


def hit_sign_in(who: str) -> None:
    """Count an attempt to sign in. Raises ProblemError 429."""
    _hit(RateLimitItemPerMinute(SIGN_INS_A_MINUTE), "sign-in", who)


def _hit(item: RateLimitItem, policy: str, who: str) -> dict[str, str]:
    limiter = _limiter()
    allowed = limiter.hit(item, policy, who)
    left = limiter.get_window_stats(item, policy, who)
    reset = max(1, math.ceil(left.reset_time - clock.wall().timestamp()))
    headers = {
        "RateLimit-Policy": f'"{policy}";q={item.amount};w={item.get_expiry()}',
        "RateLimit": f'"{policy}";r={left.remaining};t={reset}',
    }
    if allowed:
        return headers
    headers["Retry-After"] = str(reset)
    detail = f"More than {item.amount} calls in {item.get_expiry()} seconds."
    raise ProblemError(429, "too-many-requests", detail, f"Go on in {reset} seconds.", headers=headers)
