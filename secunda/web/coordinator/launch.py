"""Launching a case: hand in what there is, see what was understood and what is missing, correct it, launch."""

from typing import Annotated, Any

from fastapi import Depends, File, Form, Request, Response, UploadFile
from fastapi.concurrency import run_in_threadpool

from pathways.overlay import load as load_overlay
from pathways.terminology import document_types
from pathways.vocabulary import Specialty, Text
from secunda import clock
from secunda.drafting import draft as drafts
from secunda.drafting.draft import Draft
from secunda.drafting.launching import launch_draft
from secunda.drafting.understanding import understand
from secunda.errors import BadInputError, SecundaError
from secunda.permissions import Permission
from secunda.settings import settings
from secunda.web.coordinator import words
from secunda.web.pages import language_of, page
from secunda.web.refusals import say
from secunda.web.routes import see_other, web_router
from secunda.web.session import SignedIn, allowed

router = web_router(prefix="/launch")
Launcher = Annotated[SignedIn, Depends(allowed(Permission.LAUNCH_CASES))]
#: The fields of the form that are kept as they were typed.
FIELDS = (
    "specialty", "requester", "requester_email", "payer", "language", "jurisdiction", "first_institution",
    "operating_site", "questions", "patient_questions", "planned_procedure", "procedure_on", "treatment_starts_on",
    "why_not_eligible", "family_name", "given_name", "birth_date", "sex", "identifier", "email", "phone", "diagnoses",
)  # fmt: skip
OVERLAYS = ("es", "es-an", "es-ar", "es-cl", "es-ct", "es-ga", "de-27b", "us-ca", "us-cms")


@router.get("")
def begin(request: Request, person: Launcher) -> Response:  # noqa: ARG001 - the permission
    """Where files are handed in."""
    return page(request, "coordinator/launch.html.j2")


@router.post("")
def hand_in(
    request: Request,
    person: Launcher,
    files: Annotated[list[UploadFile] | None, File()] = None,
    bundle: Annotated[str, Form(max_length=2**26)] = "",
) -> Response:
    """Begin a draft with files, or with a bundle that was pasted; or with nothing, to type it all."""
    draft = drafts.begin(person.user_id)
    _add(draft, files or [])
    if bundle.strip():
        (draft.folder / "pasted.bin").write_text(bundle, encoding="utf-8")
        draft.files["pasted.json"] = "pasted.bin"
    draft.keep()
    return _go(request, f"/launch/{draft.id}")


@router.get("/{id}")
def show(id: str, request: Request, person: Launcher) -> Response:
    """What was understood, what is missing, and the form to correct it."""
    return _shown(request, drafts.load(id, person.user_id))


@router.post("/{id}")
async def correct(id: str, request: Request, person: Launcher) -> Response:
    """Keep what was typed and show what follows from it."""
    draft = drafts.load(id, person.user_id)
    _keep(draft, await request.form())
    return see_other(f"/launch/{draft.id}")


@router.post("/{id}/files")
def add_files(
    id: str, request: Request, person: Launcher, files: Annotated[list[UploadFile] | None, File()] = None
) -> Response:
    """More files."""
    draft = drafts.load(id, person.user_id)
    _add(draft, files or [])
    draft.keep()
    return _go(request, f"/launch/{draft.id}")


@router.post("/{id}/discard")
def discard(id: str, person: Launcher) -> Response:
    """Throw the draft away."""
    drafts.load(id, person.user_id).discard()
    return see_other("/cases")


@router.post("/{id}/launch")
async def launch(id: str, request: Request, person: Launcher) -> Response:
    """Open the case from what the form says now; what stands against it is shown beside the form, nothing is lost."""
    draft = drafts.load(id, person.user_id)
    _keep(draft, await request.form())
    return await run_in_threadpool(_launched, draft, request, person)


def _launched(draft: Draft, request: Request, person: SignedIn) -> Response:
    try:
        launched = launch_draft(draft, person.actor, clock.now())
    except SecundaError as error:
        return _shown(request, draft, fault=error.message, status=422)
    if launched.refused:
        return page(request, "coordinator/launched.html.j2", launched=launched)
    return see_other(f"/cases/{launched.reference}")


def _add(draft: Draft, files: list[UploadFile]) -> None:
    for file in files:
        if file.filename:
            drafts.add_file(draft, file.filename, file.file)


def _keep(draft: Draft, form: Any) -> None:
    if "specialty" not in form:  # not the form of the draft: what was said before stays
        return
    for name in FIELDS:
        if name in form:
            draft.said[name] = str(form[name])[:4000]
    draft.said["flags"] = [str(one)[:40] for one in form.getlist("flags")]
    for name in draft.files:
        for part in ("loinc", "on"):
            if f"{part}:{name}" in form:
                draft.said[f"{part}:{name}"] = str(form[f"{part}:{name}"])[:10]
    draft.keep()


def _shown(request: Request, draft: Draft, *, fault: str = "", status: int = 200) -> Response:
    try:
        found = understand(draft, clock.now())
    except BadInputError as error:
        fault = fault or error.message
        draft.said |= dict.fromkeys(("procedure_on", "treatment_starts_on", "birth_date"), "")
        found = understand(draft, clock.now())
    language = language_of(request)
    said = {name: draft.said.get(name, "") for name in FIELDS} | {"flags": draft.said.get("flags", [])}
    return page(
        request,
        "coordinator/draft.html.j2",
        status=status,
        draft=draft,
        found=found,
        said=said,
        fault=fault or found.problem,
        words=words,
        specialties=list(Specialty),
        overlays=[(one, say(load_overlay(one).title, language)) for one in OVERLAYS],
        types=_types(language),
        default_jurisdiction=settings().jurisdiction,
        missing=[one for one, is_met in found.asked if not is_met and one.obligation != "recommended"],
    )


def _types(language: str) -> list[tuple[str, str]]:
    """LOINC code and name of every kind of document, by name."""
    known = document_types().items()
    return sorted(((code, say(Text(en=kind.en, es=kind.es), language)) for code, kind in known), key=lambda one: one[1])


def _go(request: Request, address: str) -> Response:
    if request.headers.get("HX-Request"):
        return Response(headers={"HX-Redirect": address})
    return see_other(address)
