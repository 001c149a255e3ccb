"""The page behind the links in messages. It says what the link is for; the portal itself comes later."""

from functools import lru_cache
from importlib import resources
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from ruamel.yaml import YAML

from secunda.api.languages import best_language
from secunda.api.security import policy_for_style
from secunda.errors import NotFoundError
from secunda.links import read_link
from secunda.recipients import RecipientKind

DEFAULT_LANGUAGE = "es"

router = APIRouter()


@lru_cache
def words() -> dict[str, Any]:
    """The texts: language → whom the link is for → title and paragraphs."""
    source = resources.files("templates").joinpath("web", "landing.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = YAML(typ="safe").load(source)
    return found


@lru_cache
def style() -> str:
    return resources.files("templates").joinpath("web", "landing.css").read_text(encoding="utf-8")


@lru_cache
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=PackageLoader("templates", "web"), undefined=StrictUndefined, autoescape=True, trim_blocks=True
    )


@router.get("/d/{token}", response_class=HTMLResponse, include_in_schema=False)
def follow_link(token: str, request: Request) -> HTMLResponse:
    """Say what the link is for, in the reader's language; 404 for a link that is not ours or no longer good."""
    try:
        reader = "expert" if read_link(token).kind is RecipientKind.EXPERT else "other"
    except NotFoundError:
        reader = "invalid"
    language = best_language(request.headers.get("accept-language", ""), words(), DEFAULT_LANGUAGE)
    page = _environment().get_template("landing.html.j2")
    return HTMLResponse(
        page.render(language=language, words=words()[language][reader], style=style()),
        status_code=404 if reader == "invalid" else 200,
        headers={
            "Content-Language": language,
            "Vary": "Accept-Language",
            "Content-Security-Policy": policy_for_style(style()),
        },
    )
