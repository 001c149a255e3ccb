"""The text that Prometheus reads (exposition format 0.0.4, or OpenMetrics where it asks for that)."""

import os

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector

from secunda.metrics.collector import Figures
from secunda.metrics.requests import DURATIONS

#: Set by `secunda up` where several processes serve the API: each writes its durations there, and any can tell all.
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def exposition(accept: str) -> tuple[bytes, str]:
    """The text and its media type, by the header `Accept`."""
    registry = CollectorRegistry()
    registry.register(Figures())
    if os.environ.get(SHARED_FOLDER):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(DURATIONS)
        ProcessCollector(registry=registry)
    encode, media_type = choose_encoder(accept)
    return encode(registry), media_type
