"""Appending one part to an upload: as far as it came, it counts, also when the line breaks."""

import os
from hashlib import file_digest
from typing import Any, BinaryIO
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import Request, Response
from starlette.requests import ClientDisconnect

from models import Case, Upload
from models.door_status import UploadStatus
from secunda import clock
from secunda.actions.attach import Attached, attach
from secunda.api import bodies
from secunda.api.problems import ProblemError, header_problem
from secunda.clients.caller import Caller
from secunda.db import transaction
from secunda.documents import Said
from secunda.errors import BadInputError
from secunda.reviews import uploading
from secunda.settings import settings

SAVED_EVERY = 16 * 2**20  # bytes: what a crash may cost the sender at most
MISMATCH = "https://iana.org/assignments/http-problem-types#mismatching-upload-offset"


async def append(request: Request, who: Caller, key: UUID, offset: int, *, is_last: bool) -> Response:
    """Take the part in; 204 while more is to come, 200 with the document when it was the last one."""
    file, length = await run_sync(_begin, who, key, offset)
    try:
        upload = await _receive(request, file, key, offset, length)
        if not is_last:
            return Response(status_code=204, headers=_headers(upload, complete=False))
        _check_whole(upload)
        attached = await run_sync(_finish, who, upload)
    finally:
        await run_sync(_release, key)
    from secunda.api.v1.documents import received

    content = received(attached).model_dump_json()
    return Response(content, 200, _headers(upload, complete=True), "application/json")


def _headers(upload: Upload, *, complete: bool) -> dict[str, str]:
    return {"Upload-Offset": str(upload.offset), "Upload-Complete": "?1" if complete else "?0"}


def _begin(who: Caller, key: UUID, offset: int) -> tuple[BinaryIO, int | None]:
    """The part file at the offset, and the announced length; what a crash left behind the offset is cut off."""
    with transaction() as session:
        upload = uploading.own_upload(session, who.payer, key, locked=True)
        if upload.status is UploadStatus.OPEN and upload.offset != offset:
            raise _mismatch(upload.offset, offset)
        uploading.take(session, upload)
    bodies.part_folder()
    path = uploading.part_file(key)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    os.ftruncate(handle, offset)
    os.lseek(handle, offset, os.SEEK_SET)
    return os.fdopen(handle, "wb"), upload.length


def _mismatch(expected: int, provided: int) -> ProblemError:
    problem = header_problem(
        409, "mismatching-upload-offset", "Upload-Offset", f"{expected} bytes are here.", f"Go on from {expected}."
    )
    problem.type = MISMATCH
    problem.more = {"expected-offset": expected, "provided-offset": provided}
    problem.headers = {"Upload-Offset": str(expected)}
    return problem


async def _receive(request: Request, file: BinaryIO, key: UUID, offset: int, length: int | None) -> Upload:
    """Write what comes. Whatever breaks off, what is on the disk is said in the row.

    A part that goes beyond the announced length is another file's: nothing of it counts.
    """
    at, saved = offset, offset
    room = settings().max_upload_bytes - offset
    try:
        async for block in bodies.blocks(bodies.pieces(request, room)):
            if length is not None and at + len(block) > length:
                at = offset
                raise _too_long(length, offset)
            await run_sync(file.write, block)
            at += len(block)
            if at - saved >= SAVED_EVERY:
                await run_sync(_save, file, key, at)
                saved = at
    except ClientDisconnect:
        raise ProblemError(400, "incomplete", "The part ended before its end.", "Ask how far the upload is.") from None
    finally:
        with file:
            upload = await run_sync(_save, file, key, at)
    return upload


def _too_long(length: int, offset: int) -> ProblemError:
    detail = f"The part goes beyond the {length} bytes that were announced."
    remedy = f"Send what is left from {offset}, or begin a new upload with the file's own length."
    return ProblemError(422, "invalid", detail, remedy, headers={"Upload-Offset": str(offset)})


def _save(file: BinaryIO, key: UUID, at: int) -> Upload:
    file.flush()
    os.fsync(file.fileno())
    with transaction() as session:
        upload = session.get_one(Upload, key, with_for_update=True)
        upload.offset = at
        uploading.renew(session, upload)
        return upload


def _release(key: UUID) -> None:
    with transaction() as session:
        upload = session.get_one(Upload, key, with_for_update=True)
        upload.claimed_until = None
        session.add(upload)


def _check_whole(upload: Upload) -> None:
    if upload.length is not None and upload.length != upload.offset:
        detail = f"{upload.offset} bytes are here, and {upload.length} were announced."
        raise header_problem(422, "invalid", "Upload-Complete", detail, "Send the rest, or begin a new upload.")


def _finish(who: Caller, upload: Upload) -> Attached:
    """Examine and attach the file; a refusal is kept, and raised as BadInputError."""
    path = uploading.part_file(upload.id)
    with transaction() as session:
        reference = session.get_one(Case, upload.case_id).reference
    try:
        _check_hash(upload)
        said = Said(loinc=upload.loinc, title=upload.title or upload.filename, source=who.payer)
        attached = attach(reference, path, who.actor, said, settings().max_upload_bytes)
    except BadInputError as refusal:
        _end(upload, UploadStatus.REFUSED, refusal=refusal.message)
        raise
    _end(upload, UploadStatus.FINISHED, document_id=attached.documents[0].id if attached.documents else None)
    return attached


def _check_hash(upload: Upload) -> None:
    if upload.expected_sha256:
        with uploading.part_file(upload.id).open("rb") as file:
            found = file_digest(file, "sha256").hexdigest()
        if found != upload.expected_sha256:
            raise BadInputError("The bytes are not those that were announced.", "Send the file again.", place="sha256")


def _end(upload: Upload, status: UploadStatus, **values: Any) -> None:
    with transaction() as session:
        row = session.get_one(Upload, upload.id, with_for_update=True)
        uploading.move(session, row, status, clock.wall())
        for name, value in values.items():
            setattr(row, name, value)
    uploading.part_file(upload.id).unlink(missing_ok=True)
