"""Prefect's own settings as Secunda needs them, as environment variables: `prefect` reads them when it is imported.

A variable that the installation has set itself wins over ours.
"""

import os
from collections.abc import Mapping

from secunda.postgres import prefect_database_url
from secunda.settings import Settings

HOST = "127.0.0.1"
#: Where browsers find Prefect's dashboard: on our own address, behind our sign-in (`secunda.web.ops.prefect`).
DASHBOARD = "/ops/prefect"


def own_api_url(using: Settings) -> str:
    """The API of the Prefect server that `secunda up` starts."""
    return f"http://{HOST}:{using.prefect_port}/api"


def api_url(using: Settings, given: Mapping[str, str] = os.environ) -> str:
    """The Prefect API that this installation uses."""
    return given.get("PREFECT_API_URL") or own_api_url(using)


def server_url(using: Settings, given: Mapping[str, str] = os.environ) -> str:
    """Where Prefect's server is, without `/api`; its dashboard lies there under `DASHBOARD` too."""
    return api_url(using, given).rstrip("/").removesuffix("/api")


def run_page(run_id: object) -> str:
    """The dashboard's page of a flow run, for those who may operate."""
    return f"{DASHBOARD}/runs/flow-run/{run_id}"


def serves_itself(using: Settings, given: Mapping[str, str] = os.environ) -> bool:
    """Whether `secunda up` runs the Prefect server; not when PREFECT_API_URL names another."""
    return api_url(using, given) == own_api_url(using)


def client_environment(using: Settings) -> dict[str, str]:
    """For everything that talks to Prefect: worker, API, command line."""
    home = using.home.resolve() / "prefect"
    wanted = {
        "PREFECT_API_URL": own_api_url(using),
        "PREFECT_HOME": str(home),  # not the person's own ~/.prefect with its profiles
        "PREFECT_WORKER_QUERY_SECONDS": "5",  # 30 CPU-ms a look; cases do not wait for it (`secunda.taking`)
        "PREFECT_CLIENT_MAX_RETRIES": "3",  # 14 s in all; by default a call sleeps up to 32 s after the server is back
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",  # our log is structured, local and free of patient data
        "PREFECT_LOGGING_LOGGERS_PREFECT_FLOW_RUNS_LEVEL": "CRITICAL",  # it calls every parked run an error
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
        "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "false",  # off in the server: each client would ask first
    }
    if auth := using.prefect_auth_string.get_secret_value():
        wanted["PREFECT_API_AUTH_STRING"] = auth
    return _unset(wanted)


def server_environment(using: Settings) -> dict[str, str]:
    """For the Prefect server alone.

    Browsers may call it from its own pages only. Its CSRF tokens stay off: they cost a query a request, and nothing
    here carries credentials that a browser adds by itself. Raises SecundaError when its database is not named.
    """
    wanted = {
        "PREFECT_API_DATABASE_CONNECTION_URL": prefect_database_url(using),
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(using.prefect_port),
        "PREFECT_SERVER_UI_ENABLED": "true",
        "PREFECT_SERVER_UI_SERVE_BASE": DASHBOARD,
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(using.home.resolve() / "prefect" / "ui"),  # not among the packages
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_UI_V2_ENABLED": "false",  # the first dashboard cancels a parked run by a button of its page
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": server_url(using),
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",  # parked runs are scheduled, never paused
        "PREFECT_SERVER_DATABASE_SQLALCHEMY_POOL_SIZE": "20",  # beyond it each burst opens, and closes, connections
        "PREFECT_SERVER_DATABASE_SQLALCHEMY_MAX_OVERFLOW": "0",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",  # our log of events is the audit log
        "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",  # nothing here is an automation of Prefect's
        "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",  # it knows no parked run; `secunda.watching` looks
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",  # one transaction for several task runs
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "50",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",  # and none is shown later than a second
        # What looks for new schedules, leases, silent workers: a fifth of an idle server at the pace it comes with.
        "PREFECT_SERVER_SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS": "20",
        "PREFECT_SERVER_SERVICES_CLEANUP_RECONCILER_LOOP_SECONDS": "30",
        "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_LOOP_SECONDS": "60",
        "PREFECT_SERVER_SERVICES_REPOSSESSOR_LOOP_SECONDS": "60",
        "PREFECT_SERVER_SERVICES_FOREMAN_LOOP_SECONDS": "30",
        "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_RUNS": "10",  # not an hour of housekeeping among the upcoming runs
        "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_SCHEDULED_TIME": "PT5M",
    }
    if auth := using.prefect_auth_string.get_secret_value():
        wanted["PREFECT_SERVER_API_AUTH_STRING"] = auth
    return client_environment(using) | _unset(wanted)


def _unset(wanted: dict[str, str]) -> dict[str, str]:
    return {name: os.environ.get(name) or value for name, value in wanted.items()}


def apply(using: Settings) -> None:
    """Make this process a Prefect client of the installation; call before anything imports prefect."""
    os.environ.update(client_environment(using))
