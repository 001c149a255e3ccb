"""What pages load."""

import re

from fastapi.testclient import TestClient

from secunda.api.app import create_app
from secunda.web import assets


def test_an_asset_may_be_kept_for_good_because_its_address_names_its_content() -> None:
    browser = TestClient(create_app())
    address = assets.address_of("secunda.css")
    answer = browser.get(address)
    assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]
    assert browser.get(address.replace("/static/", "/static/0")).status_code == 404


def test_nothing_else_of_the_machine_is_served() -> None:
    browser = TestClient(create_app())
    for name in ("..%2f..%2fpyproject.toml", "%2e%2e/secret", "10-tokens.css", "package.json"):
        assert browser.get(f"/static/0123456789abcdef/{name}").status_code == 404


def test_style_sheets_load_nothing_from_elsewhere() -> None:
    style = assets.asset("secunda.css")
    assert style is not None
    addresses = re.findall(r"url\(([^)]*)\)", style.content.decode())
    assert all(one.strip('"') == "" or one.startswith('"/static/') for one in addresses)
