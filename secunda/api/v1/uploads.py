"""Large documents in parts (after draft-ietf-httpbis-resumable-upload): begin an upload, append, ask how far it is."""

from typing import Annotated
from uuid import UUID

from fastapi import Header, Path, Request, Response
from pydantic import Field, StringConstraints

from models import Upload
from secunda.api import bodies, patterns
from secunda.api.authentication import caller
from secunda.api.door_route import claim_of
from secunda.api.idempotency import Answer
from secunda.api.v1 import examples
from secunda.api.v1.appending import append
from secunda.api.v1.door import READ, WRITE, ReferenceInPath, post, problems, router
from secunda.api.v1.shapes import Asked, DocumentsIn, Told, Utc
from secunda.db import transaction
from secunda.reviews import uploading
from secunda.reviews.finding import own_review

routes = router("uploads")
PARTIAL = "application/partial-upload"
UploadKey = Annotated[UUID, Path(alias="upload")]
Offset = Annotated[int, Header(ge=0, le=2**53, description="Where this part begins: as many bytes as came so far.")]
Complete = Annotated[str, Header(pattern=patterns.COMPLETE, description="`?1` with the last part, else `?0`.")]


class UploadIn(Asked):
    """What will come. `length` in bytes; `sha256` is compared when all of it is there."""

    filename: Annotated[str, StringConstraints(max_length=255, pattern=patterns.FILENAME)] = ""
    media_type: Annotated[str, StringConstraints(max_length=100, pattern=patterns.MEDIA_TYPE)] = ""
    loinc: Annotated[str, StringConstraints(pattern=patterns.LOINC_OR_NOTHING)] = ""
    title: Annotated[str, StringConstraints(max_length=200, pattern=patterns.LINE_OR_NOTHING)] = ""
    length: Annotated[int, Field(ge=1, le=2**53)] | None = None
    sha256: Annotated[str, StringConstraints(pattern=patterns.SHA256)] = ""


class UploadOut(Told):
    """How far an upload is. `offset` and `length` in bytes."""

    id: UUID
    status: str
    offset: int
    length: int | None
    expires_at: Utc
    refusal: str


_HEADERS = {"Upload-Offset": {"schema": {"type": "string"}}, "Upload-Complete": {"schema": {"type": "string"}}}


@routes.post(
    "/reviews/{reference}/uploads",
    status_code=201,
    response_model=UploadOut,
    operation_id="begin_upload",
    responses=problems(*WRITE) | {201: {"headers": {"Location": {"schema": {"type": "string"}}}}},
    openapi_extra=post(examples.UPLOAD_IN),
)
def begin_upload(
    reference: ReferenceInPath,
    body: UploadIn,
    request: Request,
    who: caller("documents:write"),  # type: ignore[valid-type]
) -> Response:
    """Announce a large document; its bytes go to the address in Location."""
    with transaction() as session:
        _, case = own_review(session, who.payer, reference)
        upload = uploading.begin(session, case, who.client_key, uploading.Announced(**body.model_dump()))
        answer = Answer.of_json(201, _out(upload).model_dump(mode="json"), Location=f"/api/v1/uploads/{upload.id}")
        claim_of(request).finish(session, answer)
    return answer.response()


@routes.get(
    "/uploads/{upload}",
    response_model=UploadOut,
    operation_id="see_upload",
    responses=problems(*READ) | {200: {"headers": _HEADERS}},
)
def see_upload(upload: UploadKey, who: caller("documents:write")) -> Response:  # type: ignore[valid-type]
    """How many bytes are here: go on from there."""
    with transaction() as session:
        found = uploading.own_upload(session, who.payer, upload)
        return Response(_out(found).model_dump_json(), 200, headers_of(found), "application/json")


@routes.head("/uploads/{upload}", status_code=204, operation_id="head_upload", responses=problems(*READ))
def head_upload(upload: UploadKey, who: caller("documents:write")) -> Response:  # type: ignore[valid-type]
    """The same, in headers alone."""
    with transaction() as session:
        return Response(status_code=204, headers=headers_of(uploading.own_upload(session, who.payer, upload)))


@routes.patch(
    "/uploads/{upload}",
    response_model=DocumentsIn,
    operation_id="append_to_upload",
    responses=problems(*WRITE) | {204: {"description": "It is here; more is to come", "headers": _HEADERS}},
    openapi_extra={
        "requestBody": {"required": True, "content": {PARTIAL: {"schema": {"type": "string", "format": "binary"}}}}
    },
)
async def append_to_upload(
    upload: UploadKey,
    request: Request,
    who: caller("documents:write"),  # type: ignore[valid-type]
    upload_offset: Offset,
    upload_complete: Complete,
) -> Response:
    """Append a part. With the last one the file is examined and becomes a document, or is refused with the reason."""
    bodies.check_media_type(request, (PARTIAL,))
    return await append(request, who, upload, upload_offset, is_last=upload_complete == "?1")


@routes.delete("/uploads/{upload}", status_code=204, operation_id="cancel_upload", responses=problems(*READ, 409))
def cancel_upload(upload: UploadKey, who: caller("documents:write")) -> Response:  # type: ignore[valid-type]
    """Give it up; what came so far is thrown away."""
    with transaction() as session:
        uploading.cancel(session, uploading.own_upload(session, who.payer, upload, locked=True))
    return Response(status_code=204)


def _out(upload: Upload) -> UploadOut:
    return UploadOut.model_validate(upload)


def headers_of(upload: Upload) -> dict[str, str]:
    """How far it is (structured fields: an integer, a boolean)."""
    length = {} if upload.length is None else {"Upload-Length": str(upload.length)}
    is_complete = uploading.is_complete(upload)
    return {"Upload-Offset": str(upload.offset), "Upload-Complete": "?1" if is_complete else "?0", **length}
