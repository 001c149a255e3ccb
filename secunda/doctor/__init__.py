"""`secunda doctor`: looks at everything that an installation stands on, and says for each fault what to do."""

from collections.abc import Callable

from secunda.doctor import machine, services
from secunda.doctor.finding import Finding
from secunda.settings import Settings

__all__ = ["CHECKS", "Finding", "check_environment", "wrong_files"]

CHECKS: dict[str, Callable[[Settings], Finding]] = {
    "Python": machine.python_version,
    "System libraries": machine.system_libraries,
    "Fonts": machine.fonts,
    "Disk": machine.disk,
    "Settings": machine.settings_safe,
    "Pathways": machine.pathways,
    "Payers": machine.payers,
    "Expert directory": machine.expert_directory,
    "Ports": machine.ports,
    "Database": services.database,
    "Clock": services.clock_skew,
    "Incidents": services.incidents,
    "Prefect": services.prefect_server,
    "Deployments": services.deployments,
}
WRITTEN = ("Pathways", "Payers", "Expert directory")


def check_environment(using: Settings) -> list[Finding]:
    """Every finding, in the order of the table."""
    return [_asked(name, check, using) for name, check in CHECKS.items()]


def wrong_files(using: Settings) -> list[Finding]:
    """What is wrong in the files that people write; the rest of the system starts all the same."""
    found = [_asked(name, CHECKS[name], using) for name in WRITTEN]
    return [finding for finding in found if not finding.ok]


def _asked(name: str, check: Callable[[Settings], Finding], using: Settings) -> Finding:
    try:
        return check(using)
    except Exception as problem:  # noqa: BLE001 - a check that breaks is a finding, and the others still run
        from secunda import logs

        logs.unexpected("check_failed", problem, name=name.replace(" ", "_"))
        remedy = getattr(problem, "remedy", "") or f"See the end of {using.log_folder / 'secunda.log'}."
        return Finding(name, ok=False, what=getattr(problem, "message", type(problem).__name__), remedy=remedy)
