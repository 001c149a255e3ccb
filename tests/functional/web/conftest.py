"""One real system for everybody's day in a browser: `secunda up` with cases on their way, and headless Chromium."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from models.user_status import Role
from secunda import background, db, migrating
from secunda.background import Running
from secunda.postgres import EmbeddedPostgres
from secunda.settings import settings
from tests.conftest import use_settings
from tests.functional.conftest import free_port
from tests.functional.web.world import World, build

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE = 60_000  # milliseconds; generous, since nothing here measures speed
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}

expect.set_options(timeout=PATIENCE)


@dataclass
class System:
    """`address` is where it is reached; `token` is a coordinator's session; `world` the cases that are under way."""

    address: str
    browser: Browser
    running: Running
    world: World
    script_errors: list[str] = field(default_factory=list)

    @property
    def case(self) -> str:
        return self.world.case

    @property
    def token(self) -> str:
        return self.world.token

    def context(
        self, *, javascript: bool = True, phone: bool = False, language: str = "en", **more: Any
    ) -> BrowserContext:
        """A browser of one's own: nothing is shared with another context."""
        shape = PHONE if phone else DESKTOP
        context = self.browser.new_context(java_script_enabled=javascript, locale=language, **{**shape, **more})
        context.set_default_timeout(PATIENCE)
        return context

    def page(
        self,
        *,
        javascript: bool = True,
        signed_in: bool = True,
        role: Role | None = None,
        phone: bool = False,
        language: str = "en",
        **more: Any,
    ) -> Page:
        """A page in a context of its own; `signed_in`: as the coordinator, or as who has that role at the desk."""
        context = self.context(javascript=javascript, phone=phone, language=language, **more)
        if signed_in:
            token = self.world.desk.tokens[role] if role else self.token
            context.add_cookies([{"name": "secunda-session", "value": token, "url": self.address}])
        page = context.new_page()
        page.on("pageerror", lambda error: self.script_errors.append(f"{page.url}: {error}"))
        return page


@pytest.fixture(scope="package")
def system(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("PREFECT_")]:
            patch.delenv(name)
        home, port = tmp_path_factory.mktemp("home"), free_port()
        address = f"http://127.0.0.1:{port}"
        ports = {"api_port": port, "prefect_port": free_port()}
        use_settings(patch, environment="test", home=home, public_url=address, expert_fee="180 €", **ports)
        with databases(postgres, patch):
            world = build()
            with background.system(settings()) as running, sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
                yield System(address, browser, running, world)
                browser.close()
    settings.cache_clear()


@contextmanager
def databases(postgres: EmbeddedPostgres, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """A domain store as migrations make it, and an empty database for Prefect."""
    postgres.create_database("browsed")
    postgres.create_database("browsed_prefect")
    migrating.upgrade(postgres.url("browsed"))
    patch.setenv("PREFECT_API_DATABASE_CONNECTION_URL", postgres.url("browsed_prefect", driver="postgresql+asyncpg"))
    use_settings(patch, database_url=postgres.url("browsed"))
    yield
    db.engine().dispose()
    db.engine.cache_clear()
