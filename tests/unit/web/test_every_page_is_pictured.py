"""`make screenshots` shows every page that there is, and no other."""

import re
from collections.abc import Iterator

from fastapi.routing import APIRoute

from scripts.screenshots.table import NO_PAGE, PICTURES
from secunda.api import checking
from secunda.web.app import ROUTERS

#: What a whole address in the table leads to.
LEADS_TO = {"{draft}": "/launch/1", "{patient_link}": "/d/1", "{expert_link}": "/d/1", "{expired_link}": "/d/1"}
#: Shown on purpose: what somebody sees who mistypes an address.
NOWHERE = "/nothing-here"


def routes() -> Iterator[APIRoute]:
    for router in (*ROUTERS, checking.router):
        yield from (one for one in router.routes if isinstance(one, APIRoute) and "GET" in one.methods)


def pictured() -> set[str]:
    """The addresses in the table, with something in the place of each name."""
    found = set()
    for picture in PICTURES:
        address = picture.address
        for name, path in LEADS_TO.items():
            address = address.replace(name, path)
        found.add(re.sub(r"{\w+}", "1", address).partition("?")[0])
    return found - {NOWHERE}


def test_every_page_has_a_picture_or_is_none() -> None:
    shown = pictured()
    without = {route.path for route in routes() if not any(route.path_regex.match(one) for one in shown)}
    assert without == set(NO_PAGE)


def test_every_picture_is_of_a_page_that_there_is() -> None:
    known = [route.path_regex for route in routes()]
    assert {one for one in pictured() if not any(path.match(one) for path in known)} == set()


def test_every_picture_has_a_name_of_its_own() -> None:
    names = [picture.name for picture in PICTURES]
    assert len(names) == len(set(names))
