"""How long requests took, by the route that answered them: never by the path, which may hold a reference or a token."""

from typing import Final

from prometheus_client import Histogram

NAME: Final = "secunda_http_request_duration_seconds"
TOLD: Final = "How long a request took until its answer was out, by the route's template and the class of status."
LABELS: Final = ("method", "route", "status")
BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
#: Asked by machines all day long, they would drown the rest.
LEFT_OUT: Final = ("/health/", "/metrics", "/static/")

DURATIONS: Final = Histogram(
    NAME,
    TOLD,
    LABELS,
    buckets=BUCKETS,
    registry=None,
)


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count one request. `route` is the template of the address, empty where no route answered."""
    if not route.startswith(LEFT_OUT):
        known = method if method in METHODS else "other"
        DURATIONS.labels(known, route or "none", f"{status // 100}xx").observe(seconds)
