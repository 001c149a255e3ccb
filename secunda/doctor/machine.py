"""What the machine and the installation's own files must have, whether anything runs or not."""

import sys

from secunda import health, home_lock, prefect_environment, probes, system_packages
from secunda.doctor.finding import Finding
from secunda.settings import Settings

ENOUGH_FREE_BYTES = 2 * 2**30
SUPPORTED_PYTHON = ((3, 11), (3, 12))


def python_version(_using: Settings) -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info[:2] in SUPPORTED_PYTHON
    return Finding("Python", ok, found, "" if ok else "Install Python 3.11 and run `make clean setup`.")


def system_libraries(_using: Settings) -> Finding:
    lacking = system_packages.missing([need for need in system_packages.NEEDS if need.name != "fonts"])
    what = f"missing: {', '.join(need.name for need in lacking)}" if lacking else "Pango, HarfBuzz and Fontconfig found"
    return Finding("System libraries", not lacking, what, system_packages.remedy(lacking) if lacking else "")


def fonts(_using: Settings) -> Finding:
    lacking = system_packages.missing([need for need in system_packages.NEEDS if need.name == "fonts"])
    return Finding(
        "Fonts", not lacking, "none" if lacking else "found", system_packages.remedy(lacking) if lacking else ""
    )


def disk(using: Settings) -> Finding:
    free = health.free_bytes(using.home)
    ok = free >= ENOUGH_FREE_BYTES
    remedy = "" if ok else f"Free some space, or move SECUNDA_HOME ({using.home}) to a larger disk."
    return Finding("Disk", ok, f"{free / 2**30:.1f} GiB free", remedy)


def settings_safe(using: Settings) -> Finding:
    """Production settings refuse to load when they are unsafe, so that only the other environments are left to name."""
    if using.environment == "production":
        return Finding("Settings", ok=True, what="production")
    return Finding("Settings", ok=True, what=f"{using.environment}: not for real patients")


def ports(using: Settings) -> Finding:
    if home_lock.running(using.home):
        return Finding("Ports", ok=True, what="in use by `secunda up`")
    wanted = {"SECUNDA_API_PORT": (using.api_host, using.api_port)}
    if prefect_environment.serves_itself(using):
        wanted["SECUNDA_PREFECT_PORT"] = (prefect_environment.HOST, using.prefect_port)
    taken = {name: port for name, (host, port) in wanted.items() if not probes.is_free(host, port)}
    if not taken:
        return Finding("Ports", ok=True, what=", ".join(f"{port} free" for _, port in wanted.values()))
    what = ", ".join(f"{port} is taken" for port in taken.values())
    if "SECUNDA_API_PORT" in taken and probes.answers(f"http://{using.api_host}:{using.api_port}/health/live"):
        remedy = f"Set SECUNDA_HOME to its home, or {' and '.join(taken)} for one of your own."
        return Finding("Ports", ok=False, what=f"{what}: a Secunda of another home runs", remedy=remedy)
    return Finding("Ports", ok=False, what=what, remedy=f"Stop what listens there, or set {' and '.join(taken)}.")


def pathways(using: Settings) -> Finding:
    from pathways import loader

    loaded = loader.load_all(using.pathway_folder)
    return Finding(
        "Pathways", ok=bool(loaded), what=", ".join(loaded), remedy="" if loaded else "Set SECUNDA_PATHWAY_FOLDER."
    )


def payers(using: Settings) -> Finding:
    from pathways import payer_files

    folder = using.payer_folder or payer_files.FOLDER
    if not folder.is_dir():
        return Finding("Payers", ok=False, what=f"there is no folder {folder}", remedy="Set SECUNDA_PAYER_FOLDER.")
    paths = sorted(folder.glob("*.yaml"))
    if wrong := payer_files.check(paths):
        return Finding("Payers", ok=False, what=str(wrong[0]), remedy="Mend it; `secunda payer check` lists them all.")
    return Finding("Payers", ok=True, what=", ".join(path.stem for path in paths) or "none has a file")


def expert_directory(using: Settings) -> Finding:
    if using.expert_directory is None:
        return Finding("Expert directory", ok=True, what="none set; `secunda expert import` reads one")
    from secunda.adapters.expert_directory import read_directory

    experts = read_directory(using.expert_directory)
    return Finding("Expert directory", ok=True, what=f"{len(experts)} experts in {using.expert_directory}")
