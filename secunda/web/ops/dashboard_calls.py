"""Which of Prefect's API may be called from its dashboard: reading all of it, and moving runs, and no more.

Whoever changes a deployment, a work pool's template or a block decides what code workers run, with all that they may
read. That is for those who deploy (`secunda deploy`), not for everybody who operates.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
NEW_RUN: Final = ("state", "parameters", "name", "tags", "enforce_parameter_schema")  # no variables of the job
KEY: Final = r"[0-9A-Za-z_.% -]+"
#: Prefect asks by POST for what it reads; these words end, or stand in, such an address.
ASKS: Final = re.compile(
    rf"(?:{KEY}/)*(?:filter|paginate|count|history|lateness|next-runs|count-task-runs|count-deployments|counts"
    rf"|validate|count-by/{KEY})"
)


@dataclass(frozen=True)
class Change:
    """`keys`: what the body may say; None: whatever the address takes."""

    method: str
    address: re.Pattern[str]
    keys: frozenset[str] | None = None


def _change(method: str, address: str, *keys: str) -> Change:
    return Change(method, re.compile(address.replace("*", KEY)), frozenset(keys) if keys else None)


CHANGES: Final = (
    _change("POST", r"flow_runs/*/set_state"),
    _change("POST", r"flow_runs/*/resume"),
    _change("POST", r"flow_runs/bulk_set_state"),
    _change("POST", r"flow_runs/bulk_delete"),
    _change("DELETE", r"flow_runs/*"),
    _change("POST", r"task_runs/*/set_state"),
    _change("DELETE", r"task_runs/*"),
    _change("POST", r"deployments/*/create_flow_run", *NEW_RUN),
    _change("POST", r"deployments/*/(?:pause|resume)_deployment"),
    _change("POST", r"deployments/*/set_schedule_(?:in)?active"),
    _change("PATCH", r"deployments/*/schedules/*", "active"),
    _change("PATCH", r"deployments/*", "paused"),
    _change("PATCH", r"work_pools/*", "is_paused", "concurrency_limit"),
    _change("PATCH", r"work_pools/*/queues/*", "is_paused", "concurrency_limit", "priority"),
    _change("PATCH", r"work_queues/*", "is_paused", "concurrency_limit", "priority"),
    _change("DELETE", r"work_pools/*/workers/*"),
)


def reads(method: str, address: str) -> bool:
    """Whether this changes nothing."""
    return method in READS or (method == "POST" and ASKS.fullmatch(address) is not None)


def is_allowed(method: str, address: str, body: bytes) -> bool:
    """Whether the dashboard may ask this of Prefect; `address` is what comes after `/api/`, decoded."""
    return reads(method, address) or any(
        change.method == method and change.address.fullmatch(address) and _says_only(body, change.keys)
        for change in CHANGES
    )


def _says_only(body: bytes, keys: frozenset[str] | None) -> bool:
    if keys is None or not body:
        return True
    try:
        said = json.loads(body)
    except ValueError:
        return False
    return isinstance(said, Mapping) and {key for key, value in said.items() if value not in (None, {}, [])} <= keys
