"""What pages load: each file under an address that names its content, so that browsers may keep it for good."""

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response

from secunda.errors import NotFoundError

NPM: Final = Path(__file__).parent.parent.parent / "frontend" / "node_modules"
INTER: Final = "@fontsource-variable/inter/files/inter-{}-wght-normal.woff2"

#: name → file under frontend/node_modules. One that is not installed is left out, and pages do without it.
FOREIGN: Final[Mapping[str, str]] = {
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "cornerstone.js": "cornerstone-core/dist/cornerstone.min.js",
    "inter-latin.woff2": INTER.format("latin"),
    "inter-latin-ext.woff2": INTER.format("latin-ext"),
}
TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
}
STYLE: Final = "secunda.css"
_ASSET = re.compile(r"asset\(([a-z0-9.-]+)\)")

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Asset:
    """`address` changes with the content; `squeezed` is gzip, or empty where that gains nothing (fonts)."""

    address: str
    media_type: str
    content: bytes
    squeezed: bytes


@lru_cache
def asset(name: str) -> Asset | None:
    """The asset of that name; None where it is not installed."""
    content = _content(name)
    if content is None:
        return None
    digest = hashlib.sha256(content).hexdigest()[:16]
    media_type = TYPES[Path(name).suffix]
    squeezed = b"" if name.endswith(".woff2") else gzip.compress(content, 9, mtime=0)
    return Asset(f"/static/{digest}/{name}", media_type, content, squeezed)


def address_of(name: str) -> str:
    """Where a page finds it; empty where it is not installed."""
    found = asset(name)
    return found.address if found else ""


@router.get("/static/{digest}/{name}")
def serve(digest: str, name: str, request: Request) -> Response:
    """An asset, to be kept for a year; 404 for an address that is not today's."""
    found = asset(name) if name == STYLE or name in FOREIGN or name in own_files() else None
    if found is None or found.address != f"/static/{digest}/{name}":
        raise NotFoundError("There is no such file.")
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if found.squeezed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.squeezed, headers=headers | {"Content-Encoding": "gzip"}, media_type=found.media_type)
    return Response(found.content, headers=headers, media_type=found.media_type)


@lru_cache
def own_files() -> Mapping[str, str]:
    """Name → text of our own scripts and drawings."""
    folder = resources.files("secunda.web").joinpath("static", "js")
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".js")}


def _content(name: str) -> bytes | None:
    if name == STYLE:
        return _style().encode()
    if name in FOREIGN:
        path = NPM / FOREIGN[name]
        return path.read_bytes() if path.is_file() else None
    return own_files()[name].encode()


def _style() -> str:
    """All style sheets in the order of their names; `asset(name)` in them becomes an address."""
    folder = resources.files("secunda.web").joinpath("static", "css")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".css")), key=lambda file: file.name)
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return _ASSET.sub(lambda found: f'url("{address_of(found[1])}")', text)
