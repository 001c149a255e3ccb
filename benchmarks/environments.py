"""Virtual environments of what is measured beside or measured with, and is no dependency of Secunda; made on demand."""

import subprocess
import sys
from pathlib import Path

from benchmarks.installation import ROOM

DBOS = ("dbos==3.4.0", "psycopg[binary,pool]>=3.3")
PY_SPY = ("py-spy==0.4.3",)


def programs(packages: tuple[str, ...]) -> Path:
    """The folder with the programs of an environment that has these packages."""
    folder = _folder(packages)
    if not is_there(packages):
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        install = [str(folder / "bin" / "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        subprocess.run([*install, *packages], check=True)
        (folder / "complete").touch()
    return folder / "bin"


def is_there(packages: tuple[str, ...]) -> bool:
    """Whether it was made before."""
    return (_folder(packages) / "complete").exists()


def _folder(packages: tuple[str, ...]) -> Path:
    return ROOM / "environments" / packages[0]
