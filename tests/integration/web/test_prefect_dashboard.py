"""Prefect's dashboard behind our sign-in: what reaches Prefect, what comes back, and what is refused."""

import json
import re
from collections.abc import Iterator

import pytest

from models.user_status import Role
from secunda.web.ops.dashboard_calls import is_allowed
from tests.conftest import use_settings
from tests.integration.web.attacks import routes
from tests.integration.web.browsing import Browser, signed_in
from tests.integration.web.prefect_peer import PrefectPeer, prefect_peer

RUN = "00000000-0000-4000-8000-000000000001"
API = "/ops/prefect/api"
OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def prefect(store: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrefectPeer]:
    use_settings(monkeypatch, prefect_auth_string="secunda:swordfish")
    with prefect_peer() as peer:
        monkeypatch.setenv("PREFECT_API_URL", peer.api_url)
        yield peer


@pytest.fixture
def ops(prefect: PrefectPeer) -> Browser:
    browser = signed_in(Role.OPS)
    prefect.asked.clear()
    return browser


def test_prefect_is_shown_its_password_and_no_cookie_of_ours(ops: Browser, prefect: PrefectPeer) -> None:
    prefect.answers["/api/flow_runs/filter"] = (200, {}, [{"id": RUN}])
    answer = ops.http.post(f"{API}/flow_runs/filter?x=1", json={"limit": 1}, headers=OURS)
    assert answer.json() == [{"id": RUN}]
    asked = prefect.last
    assert (asked.method, asked.path, json.loads(asked.body)) == ("POST", "/api/flow_runs/filter?x=1", {"limit": 1})
    assert asked.headers["authorization"] == "Basic c2VjdW5kYTpzd29yZGZpc2g="
    assert "cookie" not in asked.headers
    assert "theirs" not in str(answer.headers) and "swordfish" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
    ],
    ids=["unsaid", "cross-site", "same-site", "none", "another origin", "null origin", "contradicting"],
)
def test_a_change_asked_for_from_elsewhere_is_refused(
    ops: Browser, prefect: PrefectPeer, headers: dict[str, str]
) -> None:
    answer = ops.http.post(f"{API}/flow_runs/{RUN}/set_state", json={"state": {"type": "CANCELLING"}}, headers=headers)
    assert answer.status_code == 403
    assert prefect.asked == []


@pytest.mark.parametrize("headers", [OURS, {"origin": "http://testserver"}], ids=["fetch metadata", "origin"])
def test_a_run_is_cancelled_from_our_own_page(ops: Browser, prefect: PrefectPeer, headers: dict[str, str]) -> None:
    answer = ops.http.post(f"{API}/flow_runs/{RUN}/set_state", json={"state": {"type": "CANCELLING"}}, headers=headers)
    assert answer.status_code == 200
    assert prefect.last.path == f"/api/flow_runs/{RUN}/set_state"


def test_nobody_else_reaches_prefect(prefect: PrefectPeer) -> None:
    for role in set(Role) - {Role.OPS}:
        browser = signed_in(role, f"{role}@example.org", payer="mutua" if role is Role.PAYER_VIEWER else "")
        prefect.asked.clear()
        for address in ("/ops/prefect/", "/ops/prefect/ui-settings", f"{API}/flow_runs/{RUN}"):
            assert browser.http.get(address).status_code == 403, (role, address)
        assert browser.http.post(f"{API}/flow_runs/filter", json={}, headers=OURS).status_code == 403
        assert prefect.asked == []
    stranger = Browser()
    assert stranger.open(f"{API}/flow_runs/{RUN}").url.path == "/sign-in"
    assert prefect.asked == []


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("POST", "deployments/", {"entrypoint": "evil.py:flow"}),
        ("PATCH", f"deployments/{RUN}", {"entrypoint": "evil.py:flow"}),
        ("PATCH", f"deployments/{RUN}", {"paused": True, "pull_steps": [{"run_shell_script": {}}]}),
        ("POST", f"deployments/{RUN}/create_flow_run", {"job_variables": {"env": {"PYTHONPATH": "/tmp"}}}),
        ("PATCH", "work_pools/pathways", {"base_job_template": {"job_configuration": {}}}),
        ("DELETE", "work_pools/pathways", {}),
        ("POST", "block_documents/", {}),
        ("POST", "variables/", {"name": "x", "value": "y"}),
        ("POST", "automations/", {}),
        ("POST", "admin/database/clear", {"confirm": True}),
        ("POST", "admin/database/clear/", {"confirm": True}),
        ("POST", "flow_runs/", {}),
        ("PUT", f"flow_runs/{RUN}/set_state", {}),
    ],
)
def test_what_decides_which_code_runs_is_not_changed_here(method: str, address: str, body: dict[str, object]) -> None:
    assert not is_allowed(method, address, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("GET", "admin/version", None),
        ("POST", "flow_runs/filter", {"limit": 10}),
        ("POST", "ui/flow_runs/history", {}),
        ("POST", "events/count-by/day", {}),
        ("POST", "flow_runs/bulk_set_state", {"flow_runs": {}}),
        ("DELETE", f"flow_runs/{RUN}", None),
        ("POST", f"deployments/{RUN}/create_flow_run", {"state": {"type": "SCHEDULED"}, "job_variables": None}),
        ("PATCH", "work_pools/pathways", {"is_paused": True}),
        ("PATCH", f"deployments/{RUN}/schedules/{RUN}", {"active": False}),
    ],
)
def test_runs_are_moved_and_schedules_paused(method: str, address: str, body: dict[str, object] | None) -> None:
    assert is_allowed(method, address, b"" if body is None else json.dumps(body).encode())


def test_a_refused_change_reaches_nobody_and_says_why(ops: Browser, prefect: PrefectPeer) -> None:
    answer = ops.http.post(f"{API}/variables/", json={"name": "x", "value": "y"}, headers=OURS)
    assert answer.status_code == 403 and "where Secunda is installed" in answer.json()["detail"]
    assert prefect.asked == []


def test_the_dashboard_gets_a_policy_of_its_own(ops: Browser, prefect: PrefectPeer) -> None:
    page = ops.http.get("/ops/prefect/v2/runs")
    assert prefect.last.path == "/ops/prefect/v2/runs"
    policy = page.headers["content-security-policy"]
    assert "script-src 'self' 'unsafe-eval';" in policy and "frame-ancestors 'none'" in policy
    assert "connect-src 'self';" in policy and "default-src 'none';" in policy
    assert page.headers["x-frame-options"] == "DENY"
    said = ops.http.get(f"{API}/flow_runs/{RUN}")
    assert "sandbox" in said.headers["content-security-policy"] and said.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in ops.http.get("/ops/prefect/v2/assets/index-abc.js").headers["cache-control"]
    assert said.headers["cache-control"] == "no-store"


def test_nothing_else_may_make_code_from_text(ops: Browser, prefect: PrefectPeer) -> None:
    """The dashboard's graph needs it; no page of ours does, nor what its API answers."""
    loose = set()
    for method, route in routes():
        if method == "GET":
            address = re.sub(r"{[^}]*}", "1", route.path)
            answer = ops.http.get(address, follow_redirects=False)
            if "unsafe-eval" in answer.headers.get("content-security-policy", ""):
                loose.add(route.path)
    assert loose == {"/ops/prefect/{rest:path}"}
    assert "unsafe-eval" not in ops.http.get("/ops/prefect-or-not").headers["content-security-policy"]


def test_the_dashboard_asks_us_and_asks_nobody_for_a_password(ops: Browser, prefect: PrefectPeer) -> None:
    settings = {"api_url": "http://127.0.0.1:4200/api", "auth": "BASIC", "csrf_enabled": True, "default_ui": "v2"}
    prefect.answers["/ops/prefect/ui-settings"] = (200, {}, settings)
    said = ops.http.get("/ops/prefect/ui-settings").json()
    assert said == {"api_url": API, "auth": None, "csrf_enabled": False, "default_ui": "v2"}


@pytest.mark.parametrize(
    ("told", "here"),
    [
        ("/ops/prefect/v2/", "/ops/prefect/v2/"),
        ("http://127.0.0.1:4200/api/flows?x=1", f"{API}/flows?x=1"),
        ("https://evil.example/elsewhere", None),
        ("//evil.example/ops", None),
    ],
)
def test_redirects_stay_in_the_dashboard(ops: Browser, prefect: PrefectPeer, told: str, here: str | None) -> None:
    prefect.answers["/ops/prefect/"] = (307, {"Location": told}, {})
    answer = ops.http.get("/ops/prefect/", follow_redirects=False)
    assert answer.headers.get("location") == here


@pytest.mark.parametrize("address", ["..%2f..%2fapi/admin/version", "api/..%2f..%2fops", "a%5c..%5cb", "./%2e%2e/x"])
def test_no_address_leads_out_of_the_dashboard(ops: Browser, prefect: PrefectPeer, address: str) -> None:
    answer = ops.http.get(f"/ops/prefect/{address}")
    assert answer.status_code == 404
    assert prefect.asked == []
