"""What takes long to find out is found out beside, and remembered: nobody who looks has to wait for it."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from secunda import logs

T = TypeVar("T")


class Remembered(Generic[T]):
    """The newest answer of `find`, which is asked again in a thread of its own once the answer is older than `good_for`
    seconds. Where it raises, that is logged, and the answer before stays."""

    def __init__(self, find: Callable[[], T], good_for: float) -> None:
        self._find = find
        self._good_for = good_for
        self._known: T | None = None
        self._asked_at = float("-inf")
        self._lock = threading.Lock()

    def known(self, patience: float = 0.0) -> T | None:
        """The newest answer; None where there is none yet, after waiting for the first one for so many seconds."""
        finding = self._start_if_old()
        if finding is not None and self._known is None:
            finding.join(patience)
        return self._known

    def _start_if_old(self) -> threading.Thread | None:
        with self._lock:
            if time.monotonic() - self._asked_at < self._good_for:
                return None
            self._asked_at = time.monotonic()
        finding = threading.Thread(target=self._ask, name="finding", daemon=True)
        finding.start()
        return finding

    def _ask(self) -> None:
        try:
            self._known = self._find()
        except Exception as problem:  # noqa: BLE001 - nobody waits for this thread
            logs.unexpected("finding_failed", problem)
