"""The whole OpenAPI file against the running API: schemathesis finds nothing.

`make fuzz` lets it go on for longer than the suite can wait (`SECUNDA_FUZZ_SECONDS`).
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import CHECKOUT
from tests.functional.door.serving import a_key, served

HERE = Path(__file__).parent
SECONDS = int(os.environ.get("SECUNDA_FUZZ_SECONDS", "12"))


def test_the_api_does_what_its_openapi_file_says(database: str, home: Path) -> None:
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml")),
        *("run", "{address}/openapi.json", "--checks", "all", "--phases", "examples,coverage,fuzzing"),
        *("--continue-on-failure", "--suppress-health-check", "all", "--no-shrink", "--warnings", "off"),
        *("--max-time", str(SECONDS), "--report-dir", str(home / "schemathesis")),
    ]
    with served(home, database, api_requests_per_minute=10**6) as address:
        done = subprocess.run(
            [part.format(address=address) for part in command],
            cwd=CHECKOUT,
            env=os.environ | {"SECUNDA_TEST_API_KEY": a_key()},
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS + 240,
        )
    assert done.returncode == 0, done.stdout[-12000:] + done.stderr[-2000:]
    assert "Serialization not possible" not in done.stdout
