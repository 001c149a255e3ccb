"""The pathways: each one drawn and explained in words, and how a version that cases are pinned to differs from it."""

import re
from typing import Annotated

from fastapi import Depends, Request, Response

from pathways import loader
from pathways.draw import draw_svg
from pathways.draw.steps import steps
from pathways.loader import LoadedPathway
from pathways.vocabulary import Specialty
from secunda.errors import NotFoundError
from secunda.pathway_versions import find, pinned
from secunda.permissions import Permission
from secunda.settings import settings
from secunda.web.coordinator import words
from secunda.web.pages import language_of, page
from secunda.web.refusals import say
from secunda.web.routes import web_router
from secunda.web.rules import RuleTeller
from secunda.web.session import allowed
from secunda.web.versions import told

router = web_router(prefix="/pathways", dependencies=[Depends(allowed(Permission.SEE_PATHWAYS))])
HASH = re.compile(r"[0-9a-f]{12,64}")
Language = Annotated[str, Depends(language_of)]


@router.get("")
def list_all(request: Request) -> Response:
    """All of them, with who approved them."""
    found = loader.load_all(settings().pathway_folder)
    return page(request, "coordinator/pathways.html.j2", pathways=found, words=words)


@router.get("/{specialty}")
def show(specialty: str, request: Request, language: Language) -> Response:
    """One, step by step."""
    loaded = _loaded(specialty)
    older = [(version, count) for version, count in pinned(specialty) if version.hash != loaded.hash]
    return page(
        request,
        "coordinator/pathway.html.j2",
        loaded=loaded,
        pathway=loaded.pathway,
        specialty=specialty,
        steps=steps(loaded.pathway, language, say, RuleTeller(loaded.pathway, language)),
        older=older,
        words=words,
    )


@router.get("/{specialty}/drawing.svg")
def drawing(specialty: str, language: Language) -> Response:
    """The picture. It brings its own style and nothing else."""
    pathway = _loaded(specialty).pathway
    svg = draw_svg(pathway, language, say, RuleTeller(pathway, language))
    policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    headers = {"Content-Security-Policy": policy, "Cache-Control": "private, max-age=60", "Vary": "Cookie"}
    return Response(svg, headers=headers, media_type="image/svg+xml")


@router.get("/{specialty}/compare/{hash}")
def compare(specialty: str, hash: str, request: Request, language: Language) -> Response:
    """What a version that open cases are pinned to says differently from the file as it is now."""
    loaded = _loaded(specialty)
    if not HASH.fullmatch(hash):
        raise NotFoundError("There is no such version.")
    before = find(hash)
    if before.pathway.pathway != specialty:
        raise NotFoundError("There is no such version.")
    return page(
        request,
        "coordinator/compare.html.j2",
        specialty=specialty,
        before=before,
        after=loaded.pathway,
        parts=told(before.pathway, loaded.pathway, language),
    )


def _loaded(specialty: str) -> LoadedPathway:
    found = loader.load_all(settings().pathway_folder)
    if specialty not in set(Specialty) or Specialty(specialty) not in found:
        raise NotFoundError("There is no such pathway.")
    return found[Specialty(specialty)]
