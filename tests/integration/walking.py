"""Carrying cases as the flow does, without Prefect and without waiting: time is set, and a wake-up is a call.

The flow's own function runs, with its own steps in its own order. What is replaced is Prefect alone: an effect is
called as the plain function that it wraps, and a run that would be parked is remembered here with its time.
"""

import asyncio
import hashlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import ModuleType
from typing import TypeVar
from uuid import NAMESPACE_URL, uuid5

import pytest
from sqlalchemy import literal
from sqlmodel import Session

import flows.second_opinion  # noqa: F401 - used as a module below; the package's attribute of this name is the flow
import tasks.gather
import tasks.messages
import tasks.overview
import tasks.render
from models import Case
from secunda import cases, clock, lease
from secunda.adapters.signing.seal import SealedReport
from secunda.db import transaction
from secunda.report_sealing import ReportSheet
from secunda.reporting.completeness import check_complete
from secunda.reporting.content import ReportContent
from secunda.reporting.render import RenderedReport
from tasks.execution import Ended, Execution, Waits
from tests.factories import NOW

T = TypeVar("T")

FLOW: ModuleType = sys.modules["flows.second_opinion"]
MOST_EXECUTIONS = 40  # of one case while no time passes; more is a case that never comes to rest


class Died(Exception):  # noqa: N818 - what happens to a process, not an error of ours
    """The worker was killed."""


@dataclass
class HandClock:
    """A clock that stands still until it is moved."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Death:
    """Where the worker dies: in its transaction number `write` (from 1), before or after it is committed."""

    write: int
    committed: bool


@dataclass
class MortalExecution(Execution):
    """An execution that may be killed in the middle."""

    death: Death | None = None
    writes: int = 0

    def _write(self, change: Callable[[Session, Case, datetime], T]) -> T:
        self.writes += 1
        death = self.death if self.death and self.death.write == self.writes else None
        if death and not death.committed:
            change = _fatal(change)
        result = super()._write(change)
        if death:
            self._commit()
            raise Died
        return result


def _fatal(change: Callable[[Session, Case, datetime], T]) -> Callable[[Session, Case, datetime], T]:
    def die(session: Session, case: Case, now: datetime) -> T:
        change(session, case, now)
        session.flush()
        raise Died

    return die


def _once(function: Callable[..., T]) -> Callable[..., Awaitable[T]]:
    """An effect without its retries."""

    async def carry_out(*arguments: object) -> T:
        return await asyncio.to_thread(function, *arguments)

    return carry_out


@dataclass
class Walker:
    """Executes cases. `parked`: when each case that waits looks again by itself, None when only an event can move it.

    `settles`: whether messages leave and ops' overview is written after each execution, as in the real flow.
    """

    time: HandClock = field(default_factory=HandClock)
    settles: bool = False
    parked: dict[str, datetime | None] = field(default_factory=dict)
    badges: dict[str, str] = field(default_factory=dict)
    _death: Death | None = None

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put this clock and this way of executing in the place of the wall's and of Prefect's."""
        monkeypatch.setattr(clock, "wall", self.time)
        monkeypatch.setattr(lease, "now", lambda: literal(self.time()))
        monkeypatch.setattr(FLOW, "executing", self._executing)
        for module, name in (
            (tasks.render, "render_report"),
            (tasks.gather, "fetch_document"),
            (tasks.messages, "send_messages"),
        ):
            monkeypatch.setattr(module, name, _once(getattr(module, name).__wrapped__))

    def execute(self, reference: str, death: Death | None = None) -> None:
        """Wake the case's run once; raises Died when the worker was killed, whose lease then runs on."""
        self._death = death
        asyncio.run(FLOW.second_opinion.fn(reference))

    @asynccontextmanager
    async def _executing(self, reference: str) -> AsyncIterator[Execution]:
        execution = MortalExecution(reference, uuid5(NAMESPACE_URL, reference), death=self._death)
        self.parked.pop(reference, None)
        try:
            yield execution
        except Ended:
            pass
        except Waits as wait:
            self.parked[reference], self.badges[reference] = wait.until, wait.badge
        except Died as death:
            await execution.leave(death)
            raise
        if execution.lease is None:
            return
        to_send = self.settles and await execution.write(tasks.messages.count_due)
        if self.settles:
            await execution.write(tasks.overview.shown)
        await execution.commit()
        if to_send:
            await tasks.messages.send_messages(execution.held.case_id, to_send)
        with transaction() as session:
            lease.release(session, execution.lease)

    def settle(self, reference: str) -> None:
        """Execute the case as long as something has happened to it or its time has come."""
        for _ in range(MOST_EXECUTIONS):
            if not self._is_due(reference):
                return
            self.execute(reference)
        raise AssertionError(f"{reference} does not come to rest: {self.badges.get(reference)}")

    def _is_due(self, reference: str) -> bool:
        with transaction() as session:
            marked = cases.by_reference(session, reference).wake_requested_at is not None
        until = self.parked.get(reference)
        return marked or (until is not None and until <= self.time.at)

    def pass_time(self, *, to: datetime | None = None, **span: float) -> None:
        """Let time pass (`hours=4`, or up to a moment); every case wakes when its time has come, as in Prefect."""
        end = to or self.time.at + timedelta(**span)
        while due := [(until, name) for name, until in self.parked.items() if until is not None and until <= end]:
            until, reference = min(due)
            self.time.at = max(self.time.at, until)
            self.settle(reference)
        self.time.at = max(self.time.at, end)


def print_quickly(content: ReportContent, language: str) -> RenderedReport:
    """A stand-in for the PDF where the report is not under test: as strict about gaps, a hundred times as fast."""
    check_complete(content)
    page = content.model_dump_json().encode()
    return RenderedReport(page, hashlib.sha256(page).hexdigest(), 1, content.sha256)


def leave_unsigned(pdf: bytes, sheet: ReportSheet, at: datetime) -> SealedReport:
    """A stand-in for the signatures, where they are not under test."""
    return SealedReport(pdf, sheet.signatories)
