"""The front page, which leads everybody to their own, and what Secunda is made of."""

from dataclasses import dataclass
from typing import Final

from fastapi import Depends, Request, Response

from secunda import __version__
from secunda.web.navigation import PLACES
from secunda.web.pages import page
from secunda.web.routes import see_other, web_router
from secunda.web.session import open_to_all, who_is_it


@dataclass(frozen=True)
class Part:
    """Something of others that these pages load."""

    name: str
    licence: str
    holder: str


#: What browsers receive that is not ours; versions stand in frontend/package-lock.json.
PARTS: Final = (
    Part("htmx", "0BSD", "Big Sky Software"),
    Part("cornerstone-core", "MIT", "Chris Hafey"),
    Part("Inter", "OFL-1.1", "The Inter Project Authors"),
)

router = web_router(dependencies=[Depends(open_to_all("it says nothing about anybody"))])


@router.get("/")
def front(request: Request) -> Response:
    """Lead to the first place that the reader may see."""
    person = who_is_it(request)
    if person is None:
        return see_other("/sign-in")
    return see_other(next((place.path for place in PLACES if person.may(place.permission)), "/account"))


@router.get("/about")
def about(request: Request) -> Response:
    """Version and licences."""
    return page(request, "public/about.html.j2", version=__version__, parts=PARTS)
