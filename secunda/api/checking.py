"""The public page behind the QR code of a report: what was issued, and whether a file that somebody has is that.

It works without JavaScript, names no patient, keeps no file, and tells nothing to whom does not hold a report.
"""

import asyncio
from datetime import UTC, datetime
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from babel.dates import format_date
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from ruamel.yaml import YAML

from secunda.api.upload_form import uploaded
from secunda.db import transaction
from secunda.errors import BadInputError, NotFoundError
from secunda.verifying.child import LARGEST, examine_safely
from secunda.verifying.issued import IssuedReport, check_issued, issued_by_token
from secunda.verifying.verdict import CheckedReport, Finding, Standing
from secunda.web.pages import language_of, page

AT_ONCE: Final = 2  # files examined at the same time; each takes a process and about a second
WAITING: Final = 8  # more callers than these are asked to come back

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


class _Desk:
    """A few are served at once, a few wait, the others are sent away: strangers may call here."""

    def __init__(self) -> None:
        self.here = 0
        self.served: dict[int, asyncio.Semaphore] = {}

    async def examine(self, pdf: bytes) -> CheckedReport | None:
        if self.here >= AT_ONCE + WAITING:
            return None
        self.here += 1
        loop = id(asyncio.get_running_loop())
        try:
            async with self.served.setdefault(loop, asyncio.Semaphore(AT_ONCE)):
                return await asyncio.to_thread(_checked, pdf)
        finally:
            self.here -= 1


_desk = _Desk()


@router.get("/v")
def ask(request: Request) -> HTMLResponse:
    """The form alone, for somebody who has the file and not the address."""
    return _page(request, 200)


@router.get("/v/{token}")
def tell(token: str, request: Request) -> HTMLResponse:
    """What was issued under this address; 404 where nothing was."""
    issued = _issued(token)
    return _page(request, 200 if issued else 404, issued=issued, unknown=issued is None)


@router.post("/v")
async def check(request: Request) -> HTMLResponse:
    """Whether the file is a report as it was issued."""
    return await _answer(request, None)


@router.post("/v/{token}")
async def check_against(token: str, request: Request) -> HTMLResponse:
    """Whether the file is the report of this address."""
    return await _answer(request, await asyncio.to_thread(_issued, token))


async def _answer(request: Request, issued: IssuedReport | None) -> HTMLResponse:
    try:
        found = await _desk.examine(await uploaded(request, "report", LARGEST))
    except BadInputError as error:
        return _page(request, 422, issued=issued, verdict=PROBLEMS.get(error.code, "no_file"))
    if found is None:
        return _page(request, 503, issued=issued, verdict="busy")
    return _page(request, 200, issued=issued, verdict=verdict_of(found, issued), found=found)


#: Codes of errors, and what the page says of them.
PROBLEMS = {"unreadable_pdf": "unreadable", "not_examined": "unreadable", "too_large": "too_large"}


def verdict_of(found: CheckedReport, issued: IssuedReport | None) -> str:
    """Which of the page's answers it is; a genuine file of another address is that, and not this one."""
    if found.finding is not Finding.INTACT:
        return found.finding.value
    if found.standing is Standing.NOT_ISSUED:
        return "not_issued"
    if issued is not None and issued.sha256 != found.sha256:
        return "another"
    return found.standing.value


def _checked(pdf: bytes) -> CheckedReport:
    found = examine_safely(pdf)
    with transaction() as session:
        return check_issued(session, found)


def _issued(token: str) -> IssuedReport | None:
    try:
        with transaction() as session:
            return issued_by_token(session, token)
    except NotFoundError:
        return None


def _page(request: Request, status: int, **values: Any) -> HTMLResponse:
    language = language_of(request)
    given = {"issued": None, "unknown": False, "verdict": "", "found": None} | values
    said = {"words": words()[language], "moment": _moment_in(language), "in_groups": _in_groups}
    answer = page(request, "checking.html.j2", status=status, **said, **given)
    if status == 503:
        answer.headers["Retry-After"] = "30"
    return answer


def _in_groups(digest: str) -> str:
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def _moment_in(language: str) -> Any:
    def moment(at: datetime) -> str:
        here = at.astimezone(UTC)
        locale = {"en": "en_GB", "pt": "pt_PT"}.get(language, language)
        return f"{format_date(here, 'long', locale)}, {here:%H:%M} UTC"

    return moment


@lru_cache
def words() -> dict[str, Any]:
    """The texts: language → key → text; `verdict` holds a title and a sentence for each answer."""
    source = resources.files("templates").joinpath("web", "checking.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = YAML(typ="safe").load(source)
    return found
