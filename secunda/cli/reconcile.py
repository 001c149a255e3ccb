"""`secunda reconcile`."""

from secunda.cli.output import AsJson, print_done
from secunda.settings import settings

FINDINGS = {
    "fine": "as they should be",
    "executing": "being executed now",
    "not_started": "whose run is about to be made",
    "run_rebuilt": "whose run was lost and made again",
    "overdue": "that no worker has picked up",
    "cancelled_in_prefect": "put on hold, because their run was cancelled",
    "ended_too_early": "woken, because their run had ended too early",
    "not_deployed": "that wait for `secunda deploy`: their deployment is missing",
    "slept_too_long": "woken, because their deadline had passed",
    "housekeeping_lost": "runs that keep house and had lost their worker, ended",
    "worker_lost": "woken, because their worker was lost",
    "clock_set_back": "woken, because the clock was set back since they should have been",
}


def command(as_json: AsJson = False) -> None:
    """Bring Prefect's runs in line with the cases, once; `secunda up` does it all the time."""
    import asyncio

    from secunda import prefect_environment

    prefect_environment.apply(settings())
    from secunda.reconciling import reconcile_once

    found = asyncio.run(reconcile_once())
    told = "\n".join(f"{count} {FINDINGS.get(finding, finding)}" for finding, count in sorted(found.items()))
    print_done(found, told or "There is no open case.", as_json=as_json)
