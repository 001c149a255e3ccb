"""Shows the experts' and patients' pages with made-up cases: walks in by the link and the code, and takes pictures.

    .venv/bin/python scripts/show_people_pages.py FOLDER [--language es]

Needs Chromium (Playwright's, or the one that $CHROMIUM names). Nothing is kept but the pictures.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import uvicorn
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

PORT = 8963
WIDTHS = (390, 1280)


@contextmanager
def installation() -> Iterator[Path]:
    """An empty installation with a database of its own; gone when the block ends."""
    from secunda import migrating
    from secunda.postgres import EmbeddedPostgres

    with tempfile.TemporaryDirectory(prefix="secunda-") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "pg", {"fsync": "off"})
        server.initialise()
        process = subprocess.Popen(server.command(), user=server.user, stderr=subprocess.DEVNULL)
        try:
            while not server.ready():
                time.sleep(0.05)
            server.create_database("secunda")
            url = server.url("secunda")
            os.environ |= {
                "SECUNDA_ENVIRONMENT": "test",
                "SECUNDA_HOME": folder,
                "SECUNDA_DATABASE_URL": url,
                "SECUNDA_PUBLIC_URL": f"http://127.0.0.1:{PORT}",
            }
            migrating.upgrade(url)
            yield Path(folder)
        finally:
            process.terminate()
            process.wait(20)


def cases(patch: pytest.MonkeyPatch, language: str) -> dict[str, Any]:
    """Walks of several cases, each at another stage."""
    import tasks.render
    from pathways.vocabulary import Specialty
    from tests.integration.surroundings import employ, launch_case
    from tests.integration.walk import Walk
    from tests.integration.walking import Walker, leave_unsigned, print_quickly

    walker = Walker()
    walker.install(patch)
    patch.setattr(tasks.render, "print_report", print_quickly)
    patch.setattr(tasks.render, "seal_report", leave_unsigned)
    made = {}
    for specialty in (Specialty.CARDIOLOGY, Specialty.RADIOLOGY):
        employ(specialty)
    for name, specialty in (
        ("new", Specialty.CARDIOLOGY),
        ("offered", Specialty.CARDIOLOGY),
        ("read", Specialty.CARDIOLOGY),
        ("blind", Specialty.RADIOLOGY),
        ("delivered", Specialty.CARDIOLOGY),
    ):
        reference = launch_case(specialty, language=language, requester=f"Hospital {name.title()}")
        made[name] = Walk(walker, reference)
        walker.settle(reference)
    made["offered"].goes_to_the_panel()
    for name in ("read", "blind"):
        made[name].goes_to_the_readers()
    made["delivered"].goes_to_its_end()
    return made


class Visit:
    """One person in a browser; `shoot` takes a picture at each width."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self.folder = page, folder

    def comes_in(self, path: str, subject: UUID, name: str = "") -> None:
        from tests.integration.web.visiting import newest_code

        self.page.goto(f"http://127.0.0.1:{PORT}{path}")
        if name:
            self.shoot(f"{name}-link")
        self.page.click("main button.primary")
        if name:
            self.shoot(f"{name}-code")
        self.page.fill("#code", newest_code(subject))
        self.page.click("main button.primary")

    def shoot(self, name: str, path: str = "") -> None:
        if path:
            self.page.goto(f"http://127.0.0.1:{PORT}{path}")
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 844 if width < 500 else 900})
            self.page.screenshot(path=self.folder / f"{name}-{width}.png", full_page=True)


def walk_through(visit: Visit, made: dict[str, Any]) -> None:
    """Every page of both doors."""
    from secunda.recipients import RecipientKind
    from tests.integration.web.visiting import case_id, link

    new, delivered, offered = (case_id(made[name]) for name in ("new", "delivered", "offered"))
    visit.comes_in(link(RecipientKind.PATIENT, new), new, "patient")
    home = f"/patient/{new}"
    visit.shoot("patient-home")
    for name in ("consent", "documents", "questions", "who-looked", "rights"):
        visit.shoot(f"patient-{name}", f"{home}/{name}")
    visit.comes_in(link(RecipientKind.PATIENT, delivered), delivered)
    visit.shoot("patient-delivered")
    visit.comes_in(link(RecipientKind.REQUESTER, offered), offered)
    visit.shoot("requester-home")
    seat = next(iter(made["offered"].panel.values())).id
    visit.comes_in(link(RecipientKind.EXPERT, seat), seat, "expert")
    visit.shoot("expert-offer")
    for name in ("read", "blind"):
        role, assignment = sorted(made[name].panel.items())[0]
        visit.comes_in(link(RecipientKind.EXPERT, assignment.id), assignment.id)
        visit.shoot(f"expert-case-{name}")
        visit.shoot(f"expert-opinion-{name}-empty", f"/expert/{assignment.id}/opinion")
        made[name].writes(role)
        visit.shoot(f"expert-opinion-{name}", f"/expert/{assignment.id}/opinion")
        visit.shoot(f"expert-sign-{name}", f"/expert/{assignment.id}/sign")
        if name == "read":
            writing(visit, assignment.id)


def writing(visit: Visit, assignment: UUID) -> None:
    """What is typed is saved by itself, and the printed preview can be had."""
    page = visit.page
    page.goto(f"http://127.0.0.1:{PORT}/expert/{assignment}/opinion")
    page.fill("#diagnosis", "")
    page.locator("#gaps a").first.wait_for(timeout=30_000)
    visit.shoot("expert-opinion-saved")
    page.context.set_offline(True)
    page.fill("#diagnosis", "Stable angina")
    page.locator("#saving", has_text=re.compile(".{40,}")).wait_for(timeout=30_000)
    visit.shoot("expert-opinion-offline")
    page.context.set_offline(False)
    page.locator("#gaps a").first.wait_for(state="detached", timeout=30_000)
    answer = page.request.get(f"http://127.0.0.1:{PORT}/expert/{assignment}/preview")
    (visit.folder / "preview.pdf").write_bytes(answer.body())
    print("preview:", answer.status, answer.headers["content-type"], len(answer.body()), "bytes")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--language", default="en")
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    patch = pytest.MonkeyPatch()
    with installation():
        from secunda.api.app import create_app

        made = cases(patch, given.language)
        server = uvicorn.Server(uvicorn.Config(create_app(), port=PORT, log_level="warning"))
        threading.Thread(target=server.run, daemon=True).start()
        while not server.started:
            time.sleep(0.05)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM"), args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_context(locale=given.language, accept_downloads=True).new_page()
            page.on("console", lambda said: print("console:", re.sub(r"\s+", " ", said.text)))
            walk_through(Visit(page, given.folder), made)
            browser.close()
        server.should_exit = True
    patch.undo()


if __name__ == "__main__":
    main()
