"""What the door gives out is taken by a FHIR R4 server that is not ours (Medplum's, with its definitions of R4)."""

import fcntl
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from secunda.adapters.fhir.document.build import document_bundle
from tests.conftest import CHECKOUT
from tests.integration.door.conftest import Insurer
from tests.integration.door.test_fhir_answers import inquire, payer, walk
from tests.integration.door.test_fhir_door import SUBSCRIPTION, an_update, fhir, parameters, submit
from tests.integration.walk import Walk
from tests.unit.fhir_door.samples import Json, an_item
from tests.unit.reporting.samples import NAMES, sample

__all__ = ["payer", "walk"]  # fixtures
CONTRACT = CHECKOUT / "tests" / "contract"
READY_WITHIN = 60.0  # seconds; two on an idle machine

pytestmark = pytest.mark.xdist_group("fhir_peer")


@pytest.fixture(scope="module")
def peer(test_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The server, its packages installed from the lock file into an ignored folder the first time."""
    script = test_data.parent / "tools" / "fhir_peer.mjs"
    if shutil.which("node") is None or shutil.which("npm") is None or not script.exists():
        pytest.skip(f"node, npm and {script.name} are needed for the independent FHIR server")
    _install()
    beside = CONTRACT / "node_modules" / script.name  # a module finds its packages beside itself
    shutil.copy(script, beside)
    said = (tmp_path_factory.mktemp("peer") / "said").open("w+")
    process = subprocess.Popen(
        ["node", "--experimental-websocket", str(beside), str(_free_port())], stdout=said, stderr=said
    )
    try:
        yield httpx.Client(base_url=_address(process, Path(said.name)), timeout=30)
    finally:
        process.terminate()
        process.wait(20)
        said.close()


def _install() -> None:
    with (Path(tempfile.gettempdir()) / "secunda-prism.lock").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        if (CONTRACT / "node_modules" / "@medplum" / "fhir-router").exists():
            return
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=CONTRACT, capture_output=True, text=True, timeout=240, check=False)
        if done.returncode:
            pytest.skip(f"npm could not install the FHIR server: {done.stderr.strip()[-300:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _address(process: "subprocess.Popen[bytes]", said: Path) -> str:
    """As it says itself, once it listens."""
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        written = said.read_text()
        assert process.poll() is None, written
        if "http://" in written:
            return written[written.index("http://") :].split()[0]
        time.sleep(0.05)
    raise AssertionError(f"the FHIR server did not answer within {READY_WITHIN:.0f} s")


def pages(insurer: Insurer, *kinds: str) -> list[Json]:
    """The searches themselves, and everything that they find."""
    found: list[Json] = [fhir(insurer, "GET", kind).json() for kind in kinds]
    return [*found, *(entry["resource"] for page in found for entry in page["entry"])]


def test_everything_that_is_given_out_is_taken(peer: httpx.Client, walk: Walk, payer: Insurer) -> None:
    update = an_update(item=[an_item(1, "27447"), an_item(2, "29881")])
    pended = submit(payer, update).json()
    sent: list[Json] = [pended, *(entry["resource"] for entry in pended["entry"])]
    papers = parameters(walk.reference, ("24802-1", b"MRI of the knee."))
    sent.append(fhir(payer, "POST", "$submit-attachment", papers).json())
    sent.append(fhir(payer, "POST", "Subscription", SUBSCRIPTION).json())
    sent.append(fhir(payer, "GET", "metadata").json())
    walk.goes_to_its_end()
    sent += inquire(payer)
    kinds = ("ServiceRequest", "ClaimResponse", "Task", "DocumentReference", "Composition", "DiagnosticReport")
    sent += pages(payer, *kinds, "AuditEvent")
    composition = next(one for one in sent if one["resourceType"] == "Composition")
    sent.append(fhir(payer, "GET", f"Composition/{composition['id']}/$document").json())
    refused = []
    for resource in sent:
        told = {name: value for name, value in resource.items() if name != "id"}  # the server gives ids of its own
        answer = peer.post(f"/{resource['resourceType']}", json=told)
        if answer.status_code != 201:
            refused.append((resource["resourceType"], resource.get("id"), answer.status_code, answer.text[:500]))
    assert refused == []
    assert {*kinds, "AuditEvent", "Bundle", "CapabilityStatement", "OperationOutcome", "Subscription"} <= {
        resource["resourceType"] for resource in sent
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_document_inside_a_report_is_taken_whole_and_entry_by_entry(peer: httpx.Client, name: str) -> None:
    document = document_bundle(sample(name), "es")
    assert peer.post("/Bundle", json=document).status_code == 201
    kinds = [entry["resource"]["resourceType"] for entry in document["entry"]]
    for entry, kind in zip(document["entry"], kinds, strict=True):
        plain = {key: value for key, value in entry["resource"].items() if key != "id"}
        assert peer.post(f"/{kind}", json=plain).status_code == 201, kind
