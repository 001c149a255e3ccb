"""The file that looks for system libraries before anything is installed."""

import subprocess
import sys

import pytest

from secunda import system_packages
from secunda.system_packages import NEEDS, Need
from tests.conftest import CHECKOUT

ABSENT = Need("Gothic script", lambda: False, "libgothic1 fonts-gothic", "gothic", "gothic")


def test_a_library_that_is_there_is_found_and_one_that_is_not_is_not() -> None:
    assert system_packages.library("c", 6)()
    assert not system_packages.library("gothic-script-1.0")()


def test_the_remedy_is_one_command_with_every_package_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages.shutil, "which", lambda name: name == "apt-get")
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 1000)
    assert system_packages.remedy([ABSENT, ABSENT]) == "sudo apt-get install -y fonts-gothic libgothic1"


def test_who_may_not_install_reads_one_line_that_names_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system_packages, "missing", lambda: [ABSENT])
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 1000)
    assert system_packages.main() == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "Gothic script" in line
    assert "install" in line


def test_the_file_runs_on_a_bare_python() -> None:
    """Isolated and without site-packages, as `make setup` runs it."""
    command = [sys.executable, "-I", "-S", str(CHECKOUT / "secunda" / "system_packages.py")]
    code = "import runpy, sys; runpy.run_path(sys.argv[1]); print(sorted(m for m in sys.modules if m == 'pydantic'))"
    done = subprocess.run([*command[:3], "-c", code, command[3]], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]")


def test_every_need_has_a_package_for_every_installer() -> None:
    assert all(need.apt and need.dnf and need.brew for need in NEEDS)
