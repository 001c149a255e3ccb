"""Reading the one file of a form into memory: it never touches a disk, and no more of it is read than may be."""

from collections.abc import AsyncGenerator

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from secunda.errors import BadInputError

OVERHEAD = 2**16  # bytes of the form around the file


class TooLargeError(BadInputError):
    """More arrived than may."""

    code = "too_large"


async def uploaded(request: Request, field: str, limit: int) -> bytes:
    """The bytes of the file in `field`; raises TooLargeError for more than `limit` bytes, BadInputError for none."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise _no_file()
    parser = MultiPartParser(request.headers, _limited(request, limit + OVERHEAD), max_files=1, max_fields=0)
    parser.spool_max_size = limit + OVERHEAD + 1  # more than arrives: nothing is written to a temporary file
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeDecodeError):
        raise _no_file() from None
    file = form.get(field)
    try:
        content = await file.read() if isinstance(file, UploadFile) else b""
    finally:
        await form.close()
    if not content:
        raise _no_file()
    return content


async def _limited(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise TooLargeError("The file is too large.", "Give the report itself.")
        yield chunk


def _no_file() -> BadInputError:
    return BadInputError("There is no file.", "Choose the report's PDF first.")
