"""Every figure that is read at the scrape: its name, what it says, its labels. The documented table is made of it."""

from collections.abc import Mapping
from typing import Final

#: name (after `secunda_`) → what it says, and its labels. All are gauges.
FAMILIES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "component_up": ("1 when the part answers and can work, as /health/ready sees it.", ("component",)),
    "open_cases": ("Open cases.", ("stage", "specialty")),
    "cases_executing": ("Cases that a worker executes at this moment.", ()),
    "cases_failing": ("Open cases whose last step failed; they are tried again.", ()),
    "cases_stopped": ("Cases on hold until a fault of the machinery is mended.", ()),
    "wakeups_due": ("Cases that something happened to and that no worker has taken up yet.", ()),
    "wakeups_overdue": ("Cases past their deadline by more than ten seconds that nobody executes.", ()),
    "wakeup_lag_seconds": ("How long the oldest of these has waited.", ()),
    "outbox_waiting": ("Messages and webhooks that are queued, later ones included.", ("channel",)),
    "outbox_due": ("Of these, those that should have left.", ("channel",)),
    "outbox_lag_seconds": ("How long the oldest of these has waited.", ("channel",)),
    "messages_failed": (
        "Messages that failed for good, or may have left: somebody must decide.",
        ("channel", "reason"),
    ),
    "webhooks_failed": ("Webhooks whose schedule is exhausted.", ()),
    "webhook_endpoints_disabled": ("Endpoints that are told nothing any more.", ()),
    "workers": ("Workers heard of in the last day.", ("state",)),
    "worker_heartbeat_age_seconds": ("Since Prefect last heard of the worker.", ("worker",)),
    "worker_cases": ("Cases that the worker executes.", ("worker",)),
    "incidents_last_day": ("Faults of the machinery that were found and mended in 24 hours.", ("kind",)),
    "disk_free_bytes": ("Free space where the folder lies.", ("folder",)),
    "disk_size_bytes": ("Size of that disk.", ("folder",)),
    "database_size_bytes": ("What the domain store takes.", ()),
    "backup_age_seconds": ("Since the last `secunda backup`.", ()),
    "certificate_expiry_seconds": (
        "Until the first certificate of that purpose ends; 0 when one cannot be read.",
        ("purpose",),
    ),
    "scrape_duration_seconds": ("How long these figures took to find out.", ()),
    "build_info": ("1; the version stands in the label.", ("version",)),
}
