"""What pages load."""

import re

from fastapi.testclient import TestClient

from secunda.api.app import create_app
from secunda.web import assets
from tests.conftest import CHECKOUT


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


def test_a_room_s_style_sheet_does_not_restyle_what_another_sheet_has() -> None:
    """All sheets are one: a class that two of them style from its name alone looks different in the other's room."""
    owners: dict[str, set[str]] = {}
    for sheet in sorted((CHECKOUT / "secunda" / "web" / "static" / "css").glob("*.css")):
        text = re.sub(r"/\*.*?\*/|@[^{;]+{", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        for one in re.findall(r"([^{}]+){[^{}]*}", text):
            for found in re.findall(r"(?:^|,)\s*[a-z]*\.([\w-]+)(?![\w.:\[-])", one):
                owners.setdefault(found, set()).add(sheet.name)
    shared = {name: sheets for name, sheets in owners.items() if len(sheets) > 1}
    assert {name: sheets for name, sheets in shared.items() if any(sheet >= "50" for sheet in sheets)} == {}
