"""One document for the expert; what may be read is decided here, for every request anew."""

from fastapi import Request, Response

from models import Document
from secunda.errors import NotFoundError
from secunda.visits.standing import Visitor
from secunda.web.expert.seat import Expert, Seat, expert_page, seat_of
from secunda.web.pictures import DICOM, file_answer, frame_answer
from secunda.web.routes import web_router

router = web_router(prefix="/expert/{subject}/documents/{number}")
MOST_FRAMES = 2000


@router.get("")
def show(number: int, request: Request, visitor: Expert) -> Response:
    """Pictures in the viewer, everything else as a file."""
    with seat_of(visitor) as seat:
        found = _readable(seat, number)
        frames = _frames(seat, found, f"/expert/{visitor.subject_id}/documents")
    if found.media_type != DICOM:
        return _file(visitor, number, keep=False)
    with seat_of(visitor, "document", number=number):
        return expert_page(request, visitor, "picture", document=found, frames=frames)


@router.get("/file")
def keep(number: int, visitor: Expert) -> Response:
    """The bytes, to keep."""
    return _file(visitor, number, keep=True)


@router.get("/frames/{frame}")
def frame(number: int, frame: int, visitor: Expert) -> Response:
    """One frame for the viewer; looking at its page was the event."""
    with seat_of(visitor) as seat:
        found = _readable(seat, number)
    return frame_answer(found, frame)


def _file(visitor: Visitor, number: int, *, keep: bool) -> Response:
    with seat_of(visitor) as seat:
        found = _readable(seat, number)
    with seat_of(visitor, "document", number=number):
        return file_answer(found, f"{visitor.reference}-{number}", keep=keep)


def _readable(seat: Seat, number: int) -> Document:
    """404 for one that there is not, and for one that is not to be read now: nothing tells them apart."""
    found = next((row for row in seat.documents if row.number == number), None)
    if found is None:
        raise NotFoundError("There is no such document.", "The first page lists those that you may read.")
    return found


def _frames(seat: Seat, document: Document, at: str) -> list[str]:
    """Addresses of all frames of the study that may be read, this object's first."""
    if document.media_type != DICOM:
        return []
    same = [row for row in seat.documents if row.media_type == DICOM and row.study_uid == document.study_uid]
    others = [row for row in same if row.number != document.number] if document.study_uid else []
    return [
        f"{at}/{row.number}/frames/{one}" for row in (document, *others) for one in range(1, (row.frames or 1) + 1)
    ][:MOST_FRAMES]
