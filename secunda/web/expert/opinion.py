"""Writing the opinion: the form of the pathway's sections, saved while one writes, and signed on a page of its own."""

import secrets
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request, Response

from pathways.gaps import Gap
from pathways.opinion import OpinionContent, SectionContent
from secunda.actions.opinion import Basis, OpinionIncompleteError, OvertakenError, lock, read_content, submit
from secunda.case_context import as_json
from secunda.errors import BadInputError, SecundaError
from secunda.events import digest
from secunda.views.opinion_form import OpinionForm, opinion_form
from secunda.visits.standing import Visitor
from secunda.web.catalogues import LANGUAGES
from secunda.web.expert import options
from secunda.web.expert.form_reading import content_of
from secunda.web.expert.home import Paper, papers
from secunda.web.expert.seat import Expert, check_is_writing, expert_page, seat_of
from secunda.web.routes import see_other, web_router

router = web_router(prefix="/expert/{subject}")
MOST_FIELDS = 5_000


async def _fields(request: Request) -> dict[str, str]:
    """What was written, field by field; of two fields of one name, the last."""
    sent = await request.form(max_fields=MOST_FIELDS)
    return {name: value for name, value in sent.items() if isinstance(value, str)}


@dataclass(frozen=True)
class Sheet:
    """The form as it stands. `saved`: digest of what was saved last, empty before the first time.

    `correction`: what is to be corrected in an opinion that was signed.
    """

    form: OpinionForm
    papers: list[Paper]
    saved: str
    correction: str


def sheet_of(visitor: Visitor, content: OpinionContent | None = None) -> Sheet:
    """Raises NotFoundError where there is nothing to write."""
    with seat_of(visitor) as seat:
        check_is_writing(seat)
        stored = opinion_form(seat.context, seat.assignment)
        form = opinion_form(seat.context, seat.assignment, content) if content else stored
        listed, correction = papers(seat), seat.correction
    return Sheet(form, listed, digest(as_json(stored.content)) if stored.version else "", correction)


@router.get("/opinion")
def show(request: Request, visitor: Expert) -> Response:
    """The form, as it was saved last."""
    return _shown(request, visitor, sheet_of(visitor))


@router.post("/opinion")
def save(request: Request, visitor: Expert, fields: dict[str, str] = Depends(_fields)) -> Response:  # noqa: B008
    """Save by a button; goes on to where the button leads."""
    sheet = sheet_of(visitor)
    try:
        content = _saved(visitor, sheet, fields)
    except OvertakenError:
        mine = read_content(content_of(fields, sheet.form))
        return _shown(request, visitor, sheet_of(visitor, mine), overtaken=True, status=409)
    home = f"/expert/{visitor.subject_id}"
    if fields.get("onward") == "sign":
        return see_other(f"{home}/sign")
    added = fields.get("more", "")
    return see_other(f"{home}/opinion?kept=1" + (f"#{_end_of(added, content)}" if added else ""))


@router.post("/opinion/draft")
def autosave(request: Request, visitor: Expert, fields: dict[str, str] = Depends(_fields)) -> Response:  # noqa: B008
    """Save while one writes; answers with what the page shows of it."""
    sheet, fault, overtaken = sheet_of(visitor), "", False
    try:
        _saved(visitor, sheet, fields)
        sheet = sheet_of(visitor)
    except OvertakenError:
        overtaken = True
    except BadInputError as error:
        fault = error.message
    return expert_page(
        request,
        visitor,
        "saved",
        fault=fault,
        overtaken=overtaken,
        gaps=told(sheet.form.gaps),
        options=options,
        basis=fields.get("basis", "") if fault or overtaken else sheet.saved,
    )


@router.get("/sign")
def ask_to_sign(request: Request, visitor: Expert) -> Response:
    """What still blocks signing, or the button."""
    return _signing(request, visitor)


@router.post("/sign")
def sign(request: Request, visitor: Expert, fields: dict[str, str] = Depends(_fields)) -> Response:  # noqa: B008
    """Lock what was shown."""
    if fields.get("attested") != "yes" or not fields.get("basis"):
        return _signing(request, visitor, fault="Please confirm that this is your opinion.", status=422)
    try:
        lock(visitor.subject_id, visitor.actor, seen=fields["basis"])
    except OpinionIncompleteError:
        return _signing(request, visitor, status=422)
    except SecundaError as error:
        return _signing(request, visitor, fault=error.message, status=409)
    return see_other(f"/expert/{visitor.subject_id}")


def told(gaps: tuple[Gap, ...]) -> list[tuple[str, Gap]]:
    """Each gap with the field that it is about."""
    return [(gap.place.strip("/").replace("/", "-"), gap) for gap in gaps]


def _saved(visitor: Visitor, sheet: Sheet, fields: dict[str, str]) -> OpinionContent:
    content = read_content(content_of(fields, sheet.form))
    basis = Basis(fields.get("basis", ""), fields.get("page", "")[:40])
    submit(visitor.subject_id, content, visitor.actor, basis)
    return content


def _end_of(added: str, content: OpinionContent) -> str:
    """The new row of a list."""
    rows: dict[str, int] = {
        "findings": len(content.findings),
        "recommendations": len(content.recommendations),
    }
    return f"{added}-{rows[added]}" if added in rows else f"sections-{added}"


def _signing(request: Request, visitor: Visitor, *, fault: str = "", status: int = 200) -> Response:
    sheet = sheet_of(visitor)
    return expert_page(
        request, visitor, "sign", status=status, sheet=sheet, gaps=told(sheet.form.gaps), options=options, fault=fault
    )


def _shown(request: Request, visitor: Visitor, sheet: Sheet, *, overtaken: bool = False, status: int = 200) -> Response:
    values: dict[str, Any] = {
        "sheet": sheet,
        "form": sheet.form,
        "content": sheet.form.content,
        "gaps": told(sheet.form.gaps),
        "options": options,
        "empty_section": SectionContent(),
        "written_in": LANGUAGES,
        "levels": list(dict.fromkeys(level for one in sheet.form.guidelines for level in one.levels)),
        "page_id": secrets.token_urlsafe(12),
        "overtaken": overtaken,
        "kept": request.query_params.get("kept") == "1",
    }
    return expert_page(request, visitor, "opinion", status=status, **values)
