"""A small supervisor of child processes: starts a table of them in order, restarts what dies, stops in reverse order.

Everything happens in one thread, in `run()`. A child starts when those it comes `after` have been ready once. One that
dies is started again after a pause that doubles; one that cannot even start a few times in a row ends the whole.
"""

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from secunda.children import Child, Process, State, rotate
from secunda.errors import SecundaError
from secunda.guardian import Guardian

ATTEMPTS = 4  # starts in a row without ever being ready, before the whole is given up
SHORTEST_PAUSE, LONGEST_PAUSE = 0.25, 30.0
STEADY_SECONDS = 60.0  # a child that ran this long is healthy again: its pauses begin anew
STOPPING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Change:
    """One change of one child, for the person who watches."""

    name: str
    state: State
    detail: str = ""


class Supervisor:
    """Runs `children`; `report` hears every change, `up` is called once when all are ready."""

    def __init__(
        self,
        children: Sequence[Child],
        logs: Path,
        report: Callable[[Change], None],
        up: Callable[[], None] = lambda: None,
        held: tuple[int, ...] = (),
    ) -> None:
        """`held`: file descriptors that stay open until the last child is gone, whatever happens to this process."""
        self.logs = logs
        self.processes = {child.name: Process(child, logs / f"{child.name}.log") for child in children}
        self._report = report
        self._up = up
        self._guardian = Guardian(held)
        self._signals = 0

    def run(self) -> int:
        """Run until a signal says stop (returns 0) or a child cannot be started (returns 1)."""
        with self._listening() as bell:
            try:
                self._watch(bell)
            finally:
                self.stop()
        return 1 if self._failed() else 0

    def _watch(self, bell: int) -> None:
        announced = False
        while not self._signals and not self._failed():
            self._guardian.mind()
            for process in self.processes.values():
                self._step(process)
                rotate(process.log)
            if not announced and all(p.state in (State.READY, State.DONE) for p in self.processes.values()):
                announced = True
                self._up()
            ringing, _, _ = select.select([bell], [], [], 0.5 if announced else 0.1)
            if ringing:
                os.read(bell, 4096)

    def _failed(self) -> bool:
        return any(process.state is State.FAILED for process in self.processes.values())

    @contextlib.contextmanager
    def _listening(self) -> Iterator[int]:
        """Every signal, the death of a child included, ends a wait at once. Yields what to wait on."""
        bell, striker = os.pipe()
        os.set_blocking(striker, False)
        before = {number: signal.signal(number, self._hear) for number in STOPPING_SIGNALS}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        wakeup = signal.set_wakeup_fd(striker)
        try:
            yield bell
        finally:
            signal.set_wakeup_fd(wakeup)
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(bell)
            os.close(striker)

    def _hear(self, *_: object) -> None:
        self._signals += 1

    # One child

    def _change(self, process: Process, state: State, detail: str = "") -> None:
        process.state = state
        self._report(Change(process.child.name, state, detail))

    def _step(self, process: Process) -> None:
        if process.state is State.WAITING and self._may_start(process):
            self._start(process)
        elif process.state in (State.STARTING, State.READY):
            status = process.exit_status()
            if status is not None:
                self._ended(process, status)
            elif process.state is State.STARTING:
                self._await_readiness(process)
            elif process.age() > STEADY_SECONDS:
                process.failures = 0

    def _may_start(self, process: Process) -> bool:
        earlier = (self.processes[name] for name in process.child.after)
        return time.monotonic() >= process.not_before and all(other.was_ready for other in earlier)

    def _start(self, process: Process) -> None:
        try:
            process.child.prepare()
            process.start()
        except Exception as error:  # noqa: BLE001 - whatever hinders a start is reported and tried again
            text = str(error) if isinstance(error, SecundaError | OSError) else type(error).__name__
            self._again(process, f"could not be started: {text}")
            return
        self._guardian.watch(process.group, process.child.stop_signal)
        self._change(process, State.STARTING, f"process {process.group}")

    def _await_readiness(self, process: Process) -> None:
        child = process.child
        if not child.once and child.ready():
            process.was_ready = True
            self._change(process, State.READY, f"{process.age():.1f} s")
        elif process.age() > child.ready_within:
            self._end(process)
            self._again(process, f"was not ready within {child.ready_within:g} s")

    def _ended(self, process: Process, status: int) -> None:
        self._guardian.forget(process.group)
        if process.child.once and status == 0:
            process.was_ready = True
            self._change(process, State.DONE, f"{process.age():.1f} s")
            return
        how = f"was ended by {signal.Signals(-status).name}" if status < 0 else f"exited with {status}"
        self._again(process, how)

    def _again(self, process: Process, why: str) -> None:
        """Plan the next start, or give up on what has never been ready."""
        process.failures += 1
        if not process.was_ready and process.failures >= ATTEMPTS:
            words = process.last_words()
            self._change(process, State.FAILED, f"{why}; see {process.log}" + (f": {words}" if words else ""))
            return
        pause = min(SHORTEST_PAUSE * 2 ** (process.failures - 1), LONGEST_PAUSE)
        process.not_before = time.monotonic() + pause
        self._change(process, State.WAITING, f"{why}; starts again in {pause:g} s")

    # The end

    def stop(self) -> None:
        """Stop every child, the last of the table first. A second signal meanwhile stops the patience."""
        signals_before = self._signals
        for process in reversed(self.processes.values()):
            if process.state in (State.STARTING, State.READY):
                self._end(process, lambda: self._signals > signals_before)
                self._change(process, State.STOPPED)
        self._guardian.dismiss()

    def _end(self, process: Process, hurried: Callable[[], bool] = lambda: False) -> None:
        """Stop one child: its own signal, and SIGKILL when its grace is over."""
        process.signal(process.child.stop_signal)
        until = time.monotonic() + process.child.grace
        while process.exit_status() is None:
            if time.monotonic() > until or hurried():
                process.signal(signal.SIGKILL)
            time.sleep(0.02)
        self._guardian.forget(process.group)
