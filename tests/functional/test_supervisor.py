"""The supervisor on real processes: a script that runs a small table of children, killed in every way."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from secunda import children, home_lock
from secunda.errors import ConflictError

SLEEPER = "import time; print('awake', flush=True); time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
)
DEAF = "ready=lambda: 'deaf' in (folder / 'log/stubborn.log').read_text()"


class Run:
    """A supervisor in a process of its own, its changes read as they come."""

    def __init__(self, folder: Path, table: str) -> None:
        self.folder = folder
        script = folder / "supervise.py"
        script.write_text(textwrap.dedent(SCRIPT).replace("TABLE", table))
        self.output = folder / "changes"
        self.process = subprocess.Popen([sys.executable, str(script), str(folder)], stdout=self.output.open("w"))

    def changes(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.output.read_text().splitlines()]

    def wait_for(self, name: str, state: str, count: int = 1, seconds: float = 15) -> dict[str, str]:
        """The `count`-th time that the child comes to the state."""
        found = eventually(lambda: self._found(name, state)[count - 1 : count], seconds)
        return found[0]

    def _found(self, name: str, state: str) -> list[dict[str, str]]:
        return [change for change in self.changes() if (change["name"], change["state"]) == (name, state)]

    def pid_of(self, name: str) -> int:
        return int(self._found(name, "starting")[-1]["detail"].split()[-1])


SCRIPT = """
    import json, sys
    from pathlib import Path
    from secunda.children import Child
    from secunda.home_lock import HomeLock
    from secunda.supervisor import Supervisor

    folder = Path(sys.argv[1])
    python = sys.executable
    lock = HomeLock(folder)
    lock.acquire()

    def say(change):
        print(json.dumps({"name": change.name, "state": change.state, "detail": change.detail}), flush=True)

    def up():
        print(json.dumps({"name": "all", "state": "up", "detail": ""}), flush=True)

    sys.exit(Supervisor(TABLE, folder / "log", say, up, held=(lock.descriptor,)).run())
"""


def eventually(check: Callable[[], object], seconds: float = 15) -> object:
    """What `check` returns as soon as it is true."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := check():
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s")


def lives(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Callable[[str], Run]]:
    runs: list[Run] = []

    def start(table: str) -> Run:
        runs.append(Run(tmp_path, table))
        return runs[-1]

    yield start
    for run in runs:
        run.process.terminate()
        run.process.wait(20)


def child(name: str, program: str, more: str = "") -> str:
    return f"Child({name!r}, (python, '-c', {program!r}), {more})"


def test_children_start_in_order_and_a_finished_one_lets_the_next_begin(supervise: Callable[[str], Run]) -> None:
    once = child("prepare", "pass", "once=True")
    serve = child(
        "serve", SLEEPER, "after=('prepare',), ready=lambda: 'awake' in (folder / 'log/serve.log').read_text()"
    )
    run = supervise(f"[{serve}, {once}]")
    run.wait_for("all", "up")
    seen = [(change["name"], change["state"]) for change in run.changes()]
    assert seen == [
        ("prepare", "starting"),
        ("prepare", "done"),
        ("serve", "starting"),
        ("serve", "ready"),
        ("all", "up"),
    ]


def test_a_killed_child_is_started_again(supervise: Callable[[str], Run]) -> None:
    run = supervise(f"[{child('serve', SLEEPER)}]")
    run.wait_for("serve", "ready")
    first = run.pid_of("serve")
    os.kill(first, signal.SIGKILL)
    assert "SIGKILL" in run.wait_for("serve", "waiting")["detail"]
    run.wait_for("serve", "ready", count=2)
    assert run.pid_of("serve") != first
    assert lives(run.pid_of("serve"))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_all_in_reverse_order(supervise: Callable[[str], Run], how: signal.Signals) -> None:
    second = child("second", SLEEPER, "after=('first',)")
    run = supervise(f"[{child('first', SLEEPER)}, {second}]")
    run.wait_for("all", "up")
    pids = [run.pid_of("first"), run.pid_of("second")]
    run.process.send_signal(how)
    assert run.process.wait(10) == 0
    assert not any(lives(pid) for pid in pids)
    assert [change["name"] for change in run.changes()[-2:]] == ["second", "first"]


def test_a_stubborn_child_is_killed_after_its_grace(supervise: Callable[[str], Run]) -> None:
    run = supervise(f"[{child('stubborn', STUBBORN, DEAF + ', grace=0.5')}]")
    run.wait_for("stubborn", "ready")
    pid = run.pid_of("stubborn")
    run.process.terminate()
    assert run.process.wait(10) == 0
    assert not lives(pid)


def test_a_second_signal_ends_the_patience(supervise: Callable[[str], Run]) -> None:
    run = supervise(f"[{child('stubborn', STUBBORN, DEAF + ', grace=60')}]")
    run.wait_for("stubborn", "ready")
    run.process.terminate()
    time.sleep(0.3)
    assert run.process.poll() is None
    run.process.terminate()
    assert run.process.wait(5) == 0


def test_no_child_survives_a_killed_supervisor(supervise: Callable[[str], Run], tmp_path: Path) -> None:
    family = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEPER!r}])"
    run = supervise(f"[{child('serve', SLEEPER)}, {child('family', family)}]")
    run.wait_for("all", "up")
    family_pid = run.pid_of("family")
    grandchild = eventually(lambda: psutil.Process(family_pid).children())
    assert isinstance(grandchild, list)
    pids = [run.pid_of("serve"), family_pid, grandchild[0].pid]
    run.process.kill()
    run.process.wait()
    eventually(lambda: not any(lives(pid) for pid in pids), 8)
    eventually(lambda: not home_lock.running(tmp_path), 8)


def test_a_killed_guardian_is_replaced(supervise: Callable[[str], Run]) -> None:
    run = supervise(f"[{child('serve', SLEEPER)}]")
    run.wait_for("serve", "ready")
    guardian = next(p for p in psutil.Process(run.process.pid).children() if "guardian" in " ".join(p.cmdline()))
    guardian.kill()
    eventually(lambda: _guardians(run.process.pid) not in ([], [guardian.pid]))
    run.process.kill()
    run.process.wait()
    eventually(lambda: not lives(run.pid_of("serve")))


def _guardians(supervisor: int) -> list[int]:
    family = psutil.Process(supervisor).children()
    return [p.pid for p in family if p.status() != psutil.STATUS_ZOMBIE and "guardian" in " ".join(p.cmdline())]


def test_a_child_that_cannot_start_ends_the_whole_and_says_where_to_look(supervise: Callable[[str], Run]) -> None:
    broken = child("broken", "raise SystemExit('the port is taken')", "ready=lambda: False")
    run = supervise(f"[{child('serve', SLEEPER)}, {broken}]")
    assert run.process.wait(30) == 1
    failure = run.wait_for("broken", "failed")["detail"]
    assert "broken.log" in failure
    assert "the port is taken" in failure
    assert not lives(run.pid_of("serve"))


def test_two_supervisors_in_one_home_are_refused(supervise: Callable[[str], Run], tmp_path: Path) -> None:
    run = supervise(f"[{child('serve', SLEEPER)}]")
    run.wait_for("serve", "ready")
    with pytest.raises(ConflictError, match=f"process {run.process.pid}"):
        home_lock.HomeLock(tmp_path).acquire()
    assert home_lock.running(tmp_path)["pid"] == run.process.pid


def test_a_large_log_is_rotated_while_it_is_written(tmp_path: Path) -> None:
    log = tmp_path / "serve.log"
    with log.open("ab", buffering=0) as writer:
        for round_ in range(5):
            writer.write(f"round {round_}".encode() * 20)
            assert children.rotate(log, largest=50, keep=2)
    assert log.stat().st_size == 0
    assert log.with_name("serve.log.1").read_bytes().startswith(b"round 4")
    assert log.with_name("serve.log.2").read_bytes().startswith(b"round 3")
    assert not log.with_name("serve.log.3").exists()
