"""`secunda doctor` on real parts that are missing, old or wrong."""

import os
import socket
import time
from datetime import timedelta
from pathlib import Path

import pytest

from models import Incident
from models.status import IncidentKind
from secunda import clock, incidents, migrating
from secunda.db import transaction
from secunda.doctor import CHECKS, Finding, check_environment, wrong_files
from secunda.home_lock import STARTING_SECONDS, HomeLock
from secunda.settings import Settings, settings
from tests.conftest import use_settings


def finding(name: str, using: Settings | None = None) -> Finding:
    return next(found for found in check_environment(using or settings()) if found.name == name)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def test_an_installation_that_nobody_started_is_in_order(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    using = use_settings(monkeypatch, api_port=free_port(), prefect_port=free_port())
    faults = [found for found in check_environment(using) if not found.ok]
    assert not faults
    assert "secunda up" in finding("Database").what


def test_every_fault_comes_with_a_remedy(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:9/none"
    using = use_settings(monkeypatch, database_url=nowhere, pathway_folder=home, expert_directory=home / "none.csv")
    findings = check_environment(using)
    assert [found.name for found in findings] == list(CHECKS)
    faults = {found.name: found for found in findings if not found.ok}
    assert {"Database", "Prefect", "Deployments", "Pathways", "Expert directory"} <= set(faults)
    assert all(fault.remedy for fault in faults.values())


def test_a_start_tells_of_wrong_files_and_of_nothing_else(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert wrong_files(settings()) == []
    (home / "payers").mkdir()
    (home / "payers" / "acme.yaml").write_text("payer: acme\n")
    (wrong,) = wrong_files(use_settings(monkeypatch, payer_folder=home / "payers"))
    assert (wrong.name, "acme.yaml:1:1" in wrong.what) == ("Payers", True)


def test_tables_of_another_version_are_a_fault(database: str) -> None:
    """The fixture makes the tables without migrations, so the database is at no revision."""
    found = finding("Database")
    assert not found.ok
    assert "secunda migrate" in found.remedy


def test_a_migrated_database_with_the_same_clock_is_in_order(database: str) -> None:
    from secunda import db

    with db.transaction() as session:
        session.connection().exec_driver_sql("drop schema public cascade")
        session.connection().exec_driver_sql("create schema public")
    migrating.upgrade(database)
    assert finding("Database").ok
    assert finding("Clock").ok
    assert "apart" in finding("Clock").what


def test_a_taken_port_is_named_with_its_setting(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        using = use_settings(monkeypatch, api_port=other.getsockname()[1])
        found = finding("Ports", using)
    assert not found.ok
    assert "SECUNDA_API_PORT" in found.remedy


def test_what_had_to_be_mended_today_is_counted(database: str) -> None:
    assert finding("Incidents").what == "mended in the last 24 hours: none"
    for _ in range(2):
        incidents.note_finding("worker_lost", "SO-0000-0000")
    incidents.note_finding("fine", "SO-0000-0000")
    incidents.note(IncidentKind.PREFECT_UNREACHABLE, lasted=timedelta(minutes=3))
    incidents.note(IncidentKind.PREFECT_UNREACHABLE, lasted=timedelta(minutes=2))  # another worker saw it too
    with transaction() as session:
        session.add(Incident(kind=IncidentKind.RUN_REBUILT, found_at=clock.wall() - timedelta(days=2)))
    assert finding("Incidents").what == "mended in the last 24 hours: 2 worker lost, 1 prefect unreachable"


def test_what_a_start_has_not_come_to_yet_is_no_fault_to_look_into(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fixture's database has not the tables of any revision, as in the first seconds of a start."""
    lock = HomeLock(home)
    lock.acquire()
    try:
        starting = finding("Database")
        assert (starting.ok, starting.what.startswith("still starting: at revision none")) == (False, True)
        assert "secunda" not in starting.remedy
        lock.write_ready()
        assert "secunda migrate" in finding("Database").remedy
        lock.write(pid=os.getpid(), started_at=time.time() - STARTING_SECONDS)
        assert "secunda migrate" in finding("Database").remedy, "it has been starting for too long"
    finally:
        lock.release()
