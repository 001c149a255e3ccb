"""Uploads in parts: their rows and part files. Bytes count once they are on the disk and the row says so."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlmodel import Session, col, func, select

from models import Case, Review, Upload
from models.door_status import UPLOAD_TRANSITIONS, UploadStatus
from secunda import cases, clock
from secunda.actions.attach import check_loinc
from secunda.errors import BadInputError, ConflictError, NotFoundError
from secunda.settings import settings

CLAIM_FOR = timedelta(seconds=120)  # renewed while bytes come; a process that died loses it after that
MOST = 50  # uploads of one case that are open at the same time


@dataclass(frozen=True)
class Announced:
    """What the sender says will come. `length` in bytes."""

    filename: str = ""
    media_type: str = ""
    loinc: str = ""
    title: str = ""
    length: int | None = None
    sha256: str = ""


def begin(session: Session, case: Case, client: UUID, announced: Announced) -> Upload:
    """A new upload. Raises BadInputError for one that is too large, ConflictError for a closed case."""
    cases.check_is_open(case)
    check_loinc(announced.loinc)
    check_length(announced.length or 0)
    open_ones = select(func.count()).where(Upload.case_id == case.id, Upload.status == UploadStatus.OPEN)
    if session.exec(open_ones).one() >= MOST:
        raise ConflictError(f"{MOST} uploads are open already.", "Finish or cancel one first.")
    now = clock.wall()
    upload = Upload(
        case_id=case.id,
        client_id=client,
        filename=announced.filename,
        media_type=announced.media_type,
        loinc=announced.loinc,
        title=announced.title,
        length=announced.length,
        expected_sha256=announced.sha256,
        created_at=now,
        expires_at=now + timedelta(hours=settings().upload_hours),
    )
    session.add(upload)
    session.flush()
    return upload


def check_length(length: int) -> None:
    """Raises BadInputError beyond `max_upload_bytes`."""
    limit = settings().max_upload_bytes
    if length > limit:
        raise BadInputError(
            f"The upload is larger than {limit / 2**20:.6g} MiB.", "Send a smaller file.", place="length"
        )


def own_upload(session: Session, payer: str, key: UUID, *, locked: bool = False) -> Upload:
    """The payer's upload. Raises NotFoundError, also for another payer's."""
    query = select(Upload).join(Review, col(Review.case_id) == col(Upload.case_id))
    query = query.where(Upload.id == key, Review.payer == payer)
    if locked:
        query = query.with_for_update(of=Upload).execution_options(populate_existing=True)
    found = session.exec(query).first()
    if found is None:
        raise NotFoundError("There is no such upload.", "Begin one at the review.")
    return found


def take(session: Session, upload: Upload) -> None:
    """Be the only one who appends. Raises ConflictError when it is over, or somebody else is at it."""
    now = clock.wall()
    if upload.status is not UploadStatus.OPEN or upload.expires_at <= now:
        raise ConflictError(f"The upload is {upload.status.value}, or its time is over.", "Begin a new one.")
    if upload.claimed_until is not None and upload.claimed_until > now:
        raise ConflictError("Another part is arriving.", "Wait for it, then ask how far the upload is.")
    renew(session, upload)


def renew(session: Session, upload: Upload) -> None:
    upload.claimed_until = clock.wall() + CLAIM_FOR
    session.add(upload)


def move(session: Session, upload: Upload, to: UploadStatus, at: datetime) -> None:
    """Change the status along UPLOAD_TRANSITIONS. Raises ConflictError."""
    if to not in UPLOAD_TRANSITIONS[upload.status]:
        raise ConflictError(f"The upload is {upload.status.value} already.")
    upload.status, upload.claimed_until, upload.finished_at = to, None, at
    session.add(upload)


def cancel(session: Session, upload: Upload) -> None:
    """Throw away what came. Doing it twice is harmless; raises ConflictError for one that became a document."""
    if upload.status is not UploadStatus.CANCELLED:
        move(session, upload, UploadStatus.CANCELLED, clock.wall())
    part_file(upload.id).unlink(missing_ok=True)


def is_complete(upload: Upload) -> bool:
    return upload.status in (UploadStatus.FINISHED, UploadStatus.REFUSED)


def part_file(key: UUID) -> Path:
    """Where its bytes lie so far."""
    return settings().home / "uploads" / f"{key}.part"


def give_up_old(session: Session) -> int:
    """Expire what nobody finished in time; returns how many. For whoever keeps house."""
    query = select(Upload).where(Upload.status == UploadStatus.OPEN, Upload.expires_at < clock.wall())
    old = list(session.exec(query.with_for_update(skip_locked=True)))
    for upload in old:
        move(session, upload, UploadStatus.EXPIRED, clock.wall())
        part_file(upload.id).unlink(missing_ok=True)
    return len(old)
