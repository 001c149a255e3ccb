"""Probes for whoever watches the process: is it alive, can it work."""

from typing import Any

from fastapi import APIRouter, Response

from secunda import health
from secunda.settings import settings

router = APIRouter(prefix="/health", include_in_schema=False)  # for whoever runs it, not for those who call


@router.get("/live")
def live() -> dict[str, str]:
    """200 as long as the process answers: restart it when it does not."""
    return {"status": "alive"}


@router.get("/ready")
def ready(response: Response) -> dict[str, Any]:
    """200 when database, Prefect and disk are in order, else 503; which of them is not stands in `checks`."""
    checks = health.check(settings())
    ok = all(part.ok for part in checks)
    response.status_code = 200 if ok else 503
    return {"status": "ready" if ok else "not ready", "checks": {part.name: vars(part) for part in checks}}
