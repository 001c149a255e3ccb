"""One `secunda up` for all tests of this folder, as in life: an empty home, and a password for Prefect."""

import os
from collections.abc import Iterator

import pytest

from secunda import background
from secunda.background import Running
from secunda.settings import Settings, settings
from tests.conftest import use_settings
from tests.functional.conftest import free_port


@pytest.fixture(scope="package")
def using(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("PREFECT_")]:
            patch.delenv(name)
        patch.setenv("PREFECT_WORKER_HEARTBEAT_SECONDS", "2")  # a sign of life soon, where 30 s are usual
        port = free_port()
        yield use_settings(
            patch,
            environment="test",
            home=tmp_path_factory.mktemp("home"),
            api_port=port,
            public_url=f"http://127.0.0.1:{port}",
            prefect_port=free_port(),
            prefect_auth_string="secunda:swordfish",
            metrics_token="a-token-of-the-tests",
        )
    settings.cache_clear()


@pytest.fixture(scope="package")
def running(using: Settings) -> Iterator[Running]:
    with background.system(using) as running:
        yield running
