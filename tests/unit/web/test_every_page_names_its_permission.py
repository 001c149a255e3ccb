"""Completeness: no page without a permission, no role without a row, no place for nobody."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute

from models.user_status import Role
from secunda.permissions import PERMISSIONS, Permission
from secunda.web import assets
from secunda.web.app import ROUTERS
from secunda.web.by_link import ByLink
from secunda.web.navigation import PLACES
from secunda.web.session import Allowed, OpenToAll


def pages() -> Iterator[APIRoute]:
    for router in ROUTERS:
        if router is not assets.router:
            yield from (route for route in router.routes if isinstance(route, APIRoute))


def guards(dependant: Any) -> Iterator[Any]:
    for one in dependant.dependencies:
        if isinstance(one.call, Allowed | ByLink | OpenToAll):
            yield one.call
        yield from guards(one)


@pytest.mark.parametrize("route", list(pages()), ids=lambda route: f"{min(route.methods)} {route.path}")
def test_a_page_names_one_permission_or_says_why_it_is_open(route: APIRoute) -> None:
    assert len(list(guards(route.dependant))) == 1
    assert not route.include_in_schema


def test_every_role_has_its_row_and_every_permission_somebody() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert frozenset().union(*PERMISSIONS.values()) == set(Permission)


def test_every_place_in_the_head_is_for_somebody() -> None:
    assert all(any(place.permission in held for held in PERMISSIONS.values()) for place in PLACES)
