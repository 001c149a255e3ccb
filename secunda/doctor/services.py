"""What runs: database, Prefect, deployments. What nobody has started is no fault."""

from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from secunda import clock, home_lock, prefect_environment, prefect_questions, probes
from secunda.doctor.finding import Finding
from secunda.postgres import database_url
from secunda.settings import Settings

LARGEST_SKEW_SECONDS = 2.0
INCIDENTS_OF = timedelta(days=1)
NOT_STARTED = "not running here; `secunda up` starts it"
NO_ANSWER = "Check PREFECT_API_URL and SECUNDA_PREFECT_AUTH_STRING, and see the log of prefect."
STARTING = "Ask again in a few seconds."
DEPLOYMENTS = Path(__file__).resolve().parents[2] / "prefect.yaml"


def database(using: Settings) -> Finding:
    from sqlalchemy.exc import OperationalError

    from secunda import migrating

    if not (using.database_url or home_lock.running(using.home)):
        return Finding("Database", ok=True, what=NOT_STARTED)
    try:
        state = migrating.state(database_url(using))
    except OperationalError:
        remedy = "Check SECUNDA_DATABASE_URL and the server." if using.database_url else "See the log of postgresql."
        return _fault(using, "Database", "does not answer", remedy)
    if not state.up_to_date:
        what = f"at revision {state.current or 'none'}, {state.head} is needed"
        return _fault(using, "Database", what, "Run `secunda migrate`.")
    return Finding("Database", ok=True, what=f"reachable, at revision {state.current}")


def clock_skew(using: Settings) -> Finding:
    """Leases and wake-ups compare this machine's clock with the times in the database."""
    if not (using.database_url or home_lock.running(using.home)):
        return Finding("Clock", ok=True, what="nothing to compare with")
    from sqlalchemy import create_engine, text

    engine = create_engine(database_url(using), hide_parameters=True, connect_args={"connect_timeout": 5})
    with engine.connect() as connection:
        began = clock.wall()
        theirs: datetime = connection.execute(text("select clock_timestamp()")).scalar_one()
        ours = began + (clock.wall() - began) / 2
    engine.dispose()
    skew = abs((theirs - ours).total_seconds())
    ok = skew <= LARGEST_SKEW_SECONDS
    remedy = "" if ok else "Set both clocks by NTP."
    return Finding("Clock", ok, f"{skew:.1f} s apart from the database's", remedy)


def incidents(using: Settings) -> Finding:
    """What Secunda had to mend by itself; often, and something is wrong with machine, network or Prefect."""
    if not (using.database_url or home_lock.running(using.home)):
        return Finding("Incidents", ok=True, what="nothing to count from")
    from secunda import incidents
    from secunda.db import transaction

    with transaction() as session:
        found = incidents.counted(session, clock.wall() - INCIDENTS_OF)
    told = ", ".join(f"{count} {kind.value.replace('_', ' ')}" for kind, count in found.items())
    return Finding("Incidents", ok=True, what=f"mended in the last 24 hours: {told or 'none'}")


def prefect_server(using: Settings) -> Finding:
    if prefect_environment.serves_itself(using) and not home_lock.running(using.home):
        return Finding("Prefect", ok=True, what=NOT_STARTED)
    try:
        found = prefect_questions.server_version(using)
    except OSError as error:
        return _fault(using, "Prefect", probes.refusal(error), NO_ANSWER)
    ours = version("prefect")
    if found != ours:
        return Finding(
            "Prefect", ok=False, what=f"{found}, tested with {ours}", remedy=f"Install prefect=={ours} there."
        )
    return Finding("Prefect", ok=True, what=found)


def deployments(using: Settings) -> Finding:
    """Work pool, deployments of prefect.yaml, and a worker that is online."""
    if prefect_environment.serves_itself(using) and not home_lock.running(using.home):
        return Finding("Deployments", ok=True, what=NOT_STARTED)
    try:
        there = prefect_questions.deployments(using)
        workers = prefect_questions.workers(using)
    except OSError as error:
        return _fault(using, "Deployments", probes.refusal(error), NO_ANSWER)
    if lacking := sorted(wanted_deployments() - there):
        return _fault(using, "Deployments", f"missing: {', '.join(lacking)}", "Run `secunda deploy`.")
    online = sum(worker.online for worker in workers)
    what = f"{len(there)} deployments; workers online: {online}"
    if not online:
        start = f"Start one: `prefect worker start --pool {using.work_pool} --type pathway`."
        return _fault(using, "Deployments", what, start)
    return Finding("Deployments", ok=True, what=what)


def _fault(using: Settings, name: str, what: str, remedy: str) -> Finding:
    """A fault; or, while `secunda up` starts, what it has not come to yet."""
    if home_lock.is_starting(using.home):
        return Finding(name, ok=False, what=f"still starting: {what}", remedy=STARTING)
    return Finding(name, ok=False, what=what, remedy=remedy)


def wanted_deployments() -> set[str]:
    """Those that prefect.yaml describes."""
    from ruamel.yaml import YAML

    written = YAML(typ="safe").load(DEPLOYMENTS.read_text(encoding="utf-8"))
    return {deployment["name"] for deployment in written["deployments"]}
