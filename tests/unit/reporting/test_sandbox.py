"""What templates cannot do, and what a page cannot load."""

from pathlib import Path

import pytest
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from secunda.reporting.assets import ForbiddenAddressError, PackagedAssets
from secunda.reporting.environment import ReportEnvironment
from secunda.reporting.typeface import FACES


@pytest.mark.parametrize(
    "template",
    [
        "{{ 'a' * 10**9 }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 9**9**9 }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ [].append(1) }}",
    ],
)
def test_a_template_cannot_reach_out_or_run_away(template: str) -> None:
    with pytest.raises((SecurityError, UndefinedError)):
        ReportEnvironment().from_string(template).render()


@pytest.mark.parametrize("template", ["{{ missing }}", "{{ known.missing }}", "{{ nothing }}"])
def test_a_missing_value_stops_the_document(template: str) -> None:
    with pytest.raises(UndefinedError):
        ReportEnvironment().from_string(template).render(known={}, nothing=None)


def test_text_is_escaped_and_never_read_as_a_template() -> None:
    printed = ReportEnvironment().from_string("{{ name }}").render(name="<b>{{ 7*7 }}</b>")
    assert printed == "&lt;b&gt;{{ 7*7 }}&lt;/b&gt;"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "https://example.org/x.png",
        "ftp://127.0.0.1/x",
        Path(__file__).as_uri(),
        "asset:fonts/../../../report.css",
        "asset:fonts/other.ttf",
        "asset:/etc/passwd",
    ],
)
def test_no_address_outside_the_report_is_opened(address: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        PackagedAssets().fetch(address)


@pytest.mark.parametrize("name", FACES.values())
def test_every_face_of_the_typeface_is_packaged(name: str) -> None:
    assert PackagedAssets().fetch(f"asset:fonts/{name}").read(4) == b"\x00\x01\x00\x00"


def test_data_addresses_hold_what_they_say() -> None:
    assert PackagedAssets().fetch("data:text/plain;base64,aGVsbG8=").read() == b"hello"
