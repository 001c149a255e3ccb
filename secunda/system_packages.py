"""Finds which libraries of the operating system are missing, and installs them where it may.

`make setup` runs this file before the virtual environment exists, so it imports the standard library only; `secunda
doctor` asks it too.
WeasyPrint needs Pango, HarfBuzz and Fontconfig to set reports; the fonts are the fallback for scripts that the report's
own typeface lacks.
"""

import ctypes
import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    """One thing, how to see whether it is there, and the packages that bring it."""

    name: str
    present: Callable[[], bool]
    apt: str
    dnf: str
    brew: str


def library(name: str, version: int = 0) -> Callable[[], bool]:
    """Whether the dynamic linker finds the library, by any of the names that WeasyPrint tries."""

    def present() -> bool:
        for file in (f"lib{name}.so.{version}", f"lib{name}.{version}.dylib", f"lib{name}.dylib"):
            try:
                ctypes.CDLL(file)
            except OSError:
                continue
            return True
        return ctypes.util.find_library(name) is not None

    return present


def fonts() -> bool:
    """Whether Fontconfig knows any font."""
    program = shutil.which("fc-list")
    if program is None:
        return False
    return bool(subprocess.run([program, ":", "family"], capture_output=True, check=False).stdout.strip())


def ensurepip() -> bool:
    """Whether this Python can make virtual environments (Debian splits that off)."""
    return importlib.util.find_spec("ensurepip") is not None


VENV = f"python3.{sys.version_info.minor}-venv"

NEEDS: tuple[Need, ...] = (
    Need("Python's venv module", ensurepip, VENV, "python3", "python"),
    Need("Pango", library("pango-1.0"), "libpango-1.0-0", "pango", "pango"),
    Need("PangoFT2", library("pangoft2-1.0"), "libpangoft2-1.0-0", "pango", "pango"),
    Need("HarfBuzz", library("harfbuzz"), "libharfbuzz0b", "harfbuzz", "harfbuzz"),
    Need("HarfBuzz Subset", library("harfbuzz-subset"), "libharfbuzz-subset0", "harfbuzz", "harfbuzz"),
    Need("Fontconfig", library("fontconfig", 1), "libfontconfig1", "fontconfig", "fontconfig"),
    Need("fonts", fonts, "fontconfig fonts-dejavu-core", "fontconfig dejavu-sans-fonts", "fontconfig"),
)

INSTALLERS = {"apt-get": "apt-get install -y", "dnf": "dnf install -y", "brew": "brew install"}


def missing(needs: Sequence[Need] = NEEDS) -> list[Need]:
    return [need for need in needs if not need.present()]


def _packages(needs: Sequence[Need], installer: str) -> list[str]:
    column = {"apt-get": "apt", "dnf": "dnf", "brew": "brew"}[installer]
    return sorted({package for need in needs for package in getattr(need, column).split()})


def remedy(needs: Sequence[Need]) -> str:
    """The command that brings what is missing, for the package manager that is here; as root where it needs that."""
    installer = next((name for name in INSTALLERS if shutil.which(name)), "apt-get")
    sudo = "" if installer == "brew" or os.geteuid() == 0 else "sudo "
    return f"{sudo}{INSTALLERS[installer]} {' '.join(_packages(needs, installer))}"


def install(needs: Sequence[Need]) -> bool:
    """Install by apt as root, refreshing its lists only when they lack a package; True when it worked."""
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *_packages(needs, "apt-get")]
    for refresh in (False, True):
        if refresh:
            subprocess.run(["apt-get", "update", "-qq"], env=quiet, stdout=subprocess.DEVNULL, check=False)
        done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return True
    print(done.stderr.strip(), file=sys.stderr)
    return False


def main() -> int:
    lacking = missing()
    if not lacking:
        return 0
    names = ", ".join(need.name for need in lacking)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing from the operating system's packages: {names}", flush=True)
        if install(lacking) and not missing():
            return 0
    print(f"Missing on this machine: {names}. Install with: {remedy(lacking)}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
