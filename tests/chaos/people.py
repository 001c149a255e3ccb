"""The scripted people around all cases. The database may go away under their hands; then they try again."""

import threading
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from models import Case
from models.status import CaseStatus
from pathways.vocabulary import Specialty
from secunda.actions.experts import import_experts
from secunda.actions.launch import Request, launch
from secunda.db import transaction
from secunda.demo.people import act
from secunda.demo.scenario import DemoCase
from secunda.demo.writing import example_questions
from tests.conftest import CHECKOUT

EXAMPLES = CHECKOUT / "examples"
ROUND_SECONDS = 0.8
RECORDS_OF = {  # whose example records serve a specialty that has none of its own
    Specialty.NEUROLOGY: Specialty.RARE_DISEASE,
    Specialty.RADIOLOGY: Specialty.ONCOLOGY,
    Specialty.CHRONIC_DISEASE: Specialty.CARDIOLOGY,
}


def records(specialty: Specialty) -> Path:
    own = EXAMPLES / "bundles" / f"{specialty}.json"
    return own if own.exists() else records(RECORDS_OF[specialty])


class People(threading.Thread):
    """Launches one case after the other, `open_at_once` together, and lets everybody do what they should."""

    def __init__(self, scripts: list[DemoCase], open_at_once: int) -> None:
        super().__init__(name="people", daemon=True)
        self.references: dict[str, str] = {}  # by the script's key
        self.interrupted = 0  # how often the database went away under somebody's hands
        self.failed: Exception | None = None
        self._scripts = scripts
        self._open_at_once = open_at_once
        self._home = threading.Event()

    def run(self) -> None:
        try:
            self._retried(lambda: import_experts(EXAMPLES / "experts.csv"))
            while not self._home.is_set():
                self._retried(self._round)
                self._home.wait(ROUND_SECONDS)
        except Exception as error:  # noqa: BLE001 - told by go_home
            self.failed = error

    def go_home(self) -> None:
        self._home.set()
        self.join()
        if self.failed is not None:
            raise self.failed

    @property
    def all_launched(self) -> bool:
        return len(self.references) == len(self._scripts)

    def _retried(self, what: "object") -> None:
        while not self._home.is_set():
            try:
                what()  # type: ignore[operator]
            except DBAPIError:
                self.interrupted += 1
                self._home.wait(ROUND_SECONDS)
            else:
                return

    def _round(self) -> None:
        under_way = open_cases()
        waiting = [script for script in self._scripts if script.key not in self.references]
        for script in waiting[: max(self._open_at_once - len(under_way), 0)]:
            self.references[script.key] = self._launch(script)
        for script in self._scripts:
            if self.references.get(script.key) in under_way:
                act(script, self.references[script.key])

    def _launch(self, script: DemoCase) -> str:
        request = Request(
            specialty=script.specialty,
            requester=f"Hospital {script.key}",
            requester_email="requester@example.org",
            questions=example_questions(script.specialty, script.language),
            language=script.language,
        )
        return launch(records(script.specialty).read_bytes(), request, "chaos").reference


def open_cases() -> set[str]:
    with transaction() as session:
        return set(session.exec(select(Case.reference).where(col(Case.status) != CaseStatus.CLOSED)))
