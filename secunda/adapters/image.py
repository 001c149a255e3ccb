"""Photographs and scans: PNG, JPEG and TIFF, decoded once to know that they are whole."""

import mmap
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageFile, JpegImagePlugin, PngImagePlugin, TiffImagePlugin

from secunda.adapters.file_facts import FileFacts
from secunda.adapters.signatures import HEAD, refuse_hidden_pdf, refuse_markup, refuse_program_after
from secunda.errors import BadInputError

MAX_PIXELS = 89_000_000  # one frame; an A3 page at 600 dpi has 70 million
MAX_FRAMES = 500  # pages of a scanned TIFF
#: The only decoders that are loaded and tried.
PLUGINS = (PngImagePlugin, JpegImagePlugin, TiffImagePlugin)
MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg", "TIFF": "image/tiff"}
SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

# A marker that ends a run of entropy-coded bytes: not a stuffed zero, a fill byte, TEM, a restart or SOI.
_MARKER = re.compile(rb"\xff+[\x02-\xcf\xd9-\xfe]", re.DOTALL)

_one_at_a_time = threading.Lock()

# What Pillow raises on damaged input, beside OSError: its decoders were written over twenty-five years.
_UNREADABLE = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, OverflowError, EOFError, MemoryError)


def is_image(head: bytes) -> bool:
    return head.startswith(SIGNATURES)


def examine(path: Path) -> FileFacts:
    """Decode every frame. Raises BadInputError for truncated, damaged, oversized and two-faced images."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    refuse_hidden_pdf(head)
    refuse_markup(head)
    try:
        kind, frames = _decode(path)
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except _UNREADABLE:
        raise BadInputError(
            "The image is truncated or damaged.", "Open it to see whether it is whole, then export or scan it again."
        ) from None
    if (end := END_OF[kind](path)) is not None:
        refuse_program_after(path, end)
    return FileFacts(media_type=MEDIA_TYPES[kind], pages=frames)


@contextmanager
def _truncation_refused() -> Iterator[None]:
    """Pillow's switch for the whole process: WeasyPrint turns it to forgiving when it is imported."""
    with _one_at_a_time:
        before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def _decode(path: Path) -> tuple[str, int]:
    with _truncation_refused(), Image.open(path, formats=["PNG", "JPEG", "TIFF"]) as picture:
        kind = picture.format or ""
        frames = getattr(picture, "n_frames", 1) if kind == "TIFF" else 1
        if frames > MAX_FRAMES:
            raise BadInputError(f"The TIFF has more than {MAX_FRAMES} pages.", "Send it in parts, or as PDF.")
        for frame in range(frames):
            if kind == "TIFF":
                picture.seek(frame)
            if picture.width * picture.height > MAX_PIXELS:
                raise _too_many_pixels()
            # JPEG decodes at an eighth of its size: the whole stream is read, in a fraction of the memory.
            picture.draft("L", (max(1, picture.width // 8), max(1, picture.height // 8)))
            picture.load()
    return kind, frames


def _too_many_pixels() -> BadInputError:
    return BadInputError(
        f"The image has more than {MAX_PIXELS // 10**6} million pixels.", "Scan it at 300 dpi, or scale it down."
    )


def _png_end(path: Path) -> int | None:
    """Where the IEND chunk ends."""
    with path.open("rb") as file:
        file.seek(8)
        while len(header := file.read(8)) == 8:
            file.seek(int.from_bytes(header[:4], "big") + 4, 1)
            if header[4:] == b"IEND":
                return file.tell()
    return None


def _jpeg_end(path: Path) -> int | None:
    """Where the first image's EOI marker ends (ITU-T T.81, B.1.1): segments are skipped, coded bytes searched."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        position = 2
        while found := _MARKER.search(content, position):
            if content[found.end() - 1] == 0xD9:
                return found.end()
            position = found.end() + int.from_bytes(content[found.end() : found.end() + 2], "big")
    return None


END_OF: dict[str, Callable[[Path], int | None]] = {
    "PNG": _png_end,
    "JPEG": _jpeg_end,
    "MPO": _jpeg_end,
    "TIFF": lambda _: None,
}

ImageFile.LOAD_TRUNCATED_IMAGES = False  # the default, stated: half an image is no image
