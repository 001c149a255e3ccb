"""Short questions to Prefect's API for those who only want to know: plain HTTP, without importing Prefect.

Each raises OSError when nothing answers or what answers is not Prefect, HTTPError (which is one) for a refusal;
`probes.refusal` puts that into words.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from secunda import prefect_environment, probes
from secunda.settings import Settings

ONLINE = "ONLINE"
T = TypeVar("T")


@dataclass(frozen=True)
class HeardOf:
    """A worker of our pool as Prefect knows it. `online`: it was heard of within three of its heartbeats."""

    name: str
    heard_at: datetime | None
    online: bool


def workers(using: Settings) -> list[HeardOf]:
    """Every worker of the pool that Prefect has ever heard of."""
    return _ask(
        using, f"/work_pools/{using.work_pool}/workers/filter", {}, lambda said: [_heard_of(one) for one in said]
    )


def deployments(using: Settings) -> set[str]:
    """The names of what is deployed."""
    return _ask(using, "/deployments/filter", {}, lambda said: {one["name"] for one in said})


def server_version(using: Settings) -> str:
    return _ask(using, "/admin/version", None, str)


def pool_is_paused(using: Settings) -> bool:
    """Whether somebody paused the work pool in the dashboard: then no case is taken up."""
    return _ask(using, f"/work_pools/{using.work_pool}", None, lambda said: bool(said["is_paused"]))


def runs_past(using: Settings, moment: datetime) -> int:
    """How many runs should have begun before a wall time, and have not."""
    late = {
        "state": {"type": {"any_": ["SCHEDULED"]}},
        "next_scheduled_start_time": {"before_": moment.isoformat()},
    }
    return _ask(using, "/flow_runs/count", {"flow_runs": late}, int)


def _ask(using: Settings, path: str, body: object, read: Callable[[Any], T]) -> T:
    """What `read` makes of the answer to a GET, or to a POST where there is a body; `path` begins behind `/api`."""
    headers = probes.basic(using.prefect_auth_string.get_secret_value())
    try:
        return read(probes.ask(prefect_environment.api_url(using) + path, headers, body))
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, OSError):
            raise
        raise OSError("what answers is not Prefect's API") from None


def _heard_of(said: dict[str, Any]) -> HeardOf:
    at = said["last_heartbeat_time"]
    return HeardOf(said["name"], datetime.fromisoformat(at) if at else None, said["status"] == ONLINE)
