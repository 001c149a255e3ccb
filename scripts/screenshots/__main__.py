"""Take the pictures: `python -m scripts.screenshots [--only NAME …] [--language es …] [--dark] [--look]` into
var/screenshots.

Runs all of Secunda in an installation of its own, which is gone afterwards. Needs Chromium.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import Browser, sync_playwright

from scripts.screenshots.table import NOBODY, PICTURES, Picture
from tests.functional.conftest import free_port
from tests.functional.web.looking import Looks

FOLDER = Path(__file__).resolve().parents[2] / "var" / "screenshots"
SHAPES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True},
}

#: What stays in sight while one scrolls would lie in the middle of a picture of the whole page; what is loaded only
#: when one comes to it would be missing.
UNSTUCK = """() => {
  document.querySelectorAll('.sticky, .beside, .head').forEach(part => { part.style.position = 'static' });
  document.querySelectorAll('img[loading]').forEach(picture => { picture.loading = 'eager' });
}"""


@contextmanager
def installation() -> Iterator[str]:
    """An empty installation with its database server; yields its address."""
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
            for name in ("secunda", "prefect"):
                server.create_database(name)
            port = free_port()
            os.environ |= {
                "SECUNDA_ENVIRONMENT": "test",
                "SECUNDA_HOME": folder,
                "SECUNDA_DATABASE_URL": server.url("secunda"),
                "SECUNDA_PUBLIC_URL": f"http://127.0.0.1:{port}",
                "SECUNDA_API_PORT": str(port),
                "SECUNDA_PREFECT_PORT": str(free_port()),
                "SECUNDA_EXPERT_FEE": "180 €",
                "PREFECT_API_DATABASE_CONNECTION_URL": server.url("prefect", driver="postgresql+asyncpg"),
            }
            migrating.upgrade(server.url("secunda"))
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown: open connections are closed
            process.wait(30)


class Studio:
    """Takes the pictures of one installation. `named`: what stands for the names in addresses.

    `looks`: collects what axe-core finds, where it is asked.
    """

    looks: Looks | None = None

    def __init__(self, browser: Browser, address: str, named: dict[str, str], sessions: dict[str, str]) -> None:
        self.browser, self.address, self.named = browser, address, named
        self.cookies = {who: {"name": "secunda-session", "value": token} for who, token in sessions.items()}

    def take(self, picture: Picture, language: str, shape: str, *, dark: bool) -> Path:
        context = self.browser.new_context(
            locale=language, color_scheme="dark" if dark else "light", **SHAPES[shape], reduced_motion="reduce"
        )
        if picture.who != NOBODY:
            context.add_cookies([{**self.cookie_of(picture), "url": self.address}])
        context.add_cookies([{"name": "secunda-language", "value": language, "url": self.address}])
        page = context.new_page()
        page.goto(self.address + picture.address.format(**self.named))
        if page.locator(".picture").count():
            page.wait_for_selector(".picture.is-shown")
        if self.looks:
            self.looks.at(page)
        page.evaluate(UNSTUCK)
        page.wait_for_load_state("networkidle")
        file = FOLDER / f"{picture.name}-{language}-{shape}{'-dark' if dark else ''}.png"
        page.screenshot(path=file, full_page=True)
        context.close()
        return file

    def cookie_of(self, picture: Picture) -> Any:
        """Of whoever looks at that page, who comes in once."""
        if picture.who not in self.cookies:
            self.cookies[picture.who] = self._comes_in(picture)
        return self.cookies[picture.who]

    def _comes_in(self, picture: Picture) -> Any:
        """By the link and the code, as people do."""
        from secunda.recipients import RecipientKind
        from tests.integration.web.visiting import link, newest_code

        kind, name = picture.who.split(" ", 1)
        subject = UUID(self.named[name])
        context = self.browser.new_context()
        page = context.new_page()
        page.goto(self.address + link(RecipientKind(kind), subject))
        page.click("main button.primary")
        page.fill("#code", newest_code(subject))
        page.click("main button.primary")
        page.wait_for_selector(".leave")
        found = next(one for one in context.cookies() if one["name"].startswith("secunda-link"))
        context.close()
        return {"name": found["name"], "value": found["value"]}


def main() -> int:
    asked = argparse.ArgumentParser(description="Pictures of every page, into var/screenshots.")
    asked.add_argument("--only", nargs="*", default=[], help="names that begin so")
    asked.add_argument("--language", nargs="*", default=["es", "en"])
    asked.add_argument("--shape", nargs="*", default=list(SHAPES), choices=list(SHAPES))
    asked.add_argument("--dark", action="store_true")
    asked.add_argument("--look", action="store_true", help="ask axe-core too; exit status 1 when it finds something")
    given = asked.parse_args()
    wanted = [one for one in PICTURES if not given.only or one.name.startswith(tuple(given.only))]
    FOLDER.mkdir(parents=True, exist_ok=True)
    looks = Looks()
    with installation() as address:
        from scripts.screenshots import caseload
        from secunda import background
        from secunda.settings import settings

        named = caseload.build()
        sessions = caseload.sessions()
        named["draft"] = caseload.a_draft()
        chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        with background.system(settings()), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            studio = Studio(browser, address, named, sessions)
            studio.looks = looks if given.look else None
            for picture in wanted:
                for language in given.language:
                    for shape in given.shape:
                        studio.take(picture, language, shape, dark=given.dark)
            browser.close()
    print(f"{len(wanted) * len(given.language) * len(given.shape)} pictures are in {FOLDER}.", *looks.found, sep="\n")
    return 1 if looks.found else 0


if __name__ == "__main__":
    sys.exit(main())
