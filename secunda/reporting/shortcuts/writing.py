"""Writing the objects of a file: each is put into bytes once, though they are asked for twice (once to be hashed)."""

import zlib
from typing import Any

import pydyf

_BEST = 9
_write = pydyf.PDF.write


def take() -> None:
    pydyf._to_bytes = to_bytes
    pydyf.PDF.write = write
    pydyf.PDF.page_references = property(_page_references)


class Written(pydyf.Object):  # type: ignore[misc]
    """An object that changes no more."""

    data = b""

    def __init__(self, found: Any) -> None:
        self.number, self.generation, self.free, self.offset = found.number, found.generation, found.free, found.offset
        self.data = _stream(found) if isinstance(found, pydyf.Stream) else found.data
        self._compressible = found.compressible

    @property
    def compressible(self) -> bool:
        return bool(self._compressible)


def write(self: Any, *given: Any, **options: Any) -> None:
    """Write the file, whose objects nobody changes any more."""
    self.objects = [each if each.free == "f" else Written(each) for each in self.objects]
    _write(self, *given, **options)


def to_bytes(item: Any) -> bytes:
    """A piece of PDF as bytes, most frequent kinds first; raises UnicodeEncodeError for text that is not ASCII."""
    kind = type(item)
    if kind is bytes:
        return item  # type: ignore[no-any-return]
    if kind is str:
        return item.encode("ascii")  # type: ignore[no-any-return]
    if kind is float:
        return (str(int(item)) if item.is_integer() else f"{item:f}".rstrip("0")).encode("ascii")
    if isinstance(item, pydyf.Object):
        return item.data  # type: ignore[no-any-return]
    return bytes(item) if isinstance(item, bytes) else str(item).encode("ascii")


def _page_references(self: Any) -> tuple[bytes, ...]:
    """Every tag asks for all of them to take one."""
    pages = self.pages["Kids"]
    known: tuple[bytes, ...] = self.__dict__.get("known_pages", ())
    if 3 * len(known) != len(pages):
        known = self.known_pages = tuple(b"%d 0 R" % number for number in pages[::3])
    return known


def _stream(found: Any) -> bytes:
    content = b"\n".join(map(to_bytes, found.stream))
    extra = pydyf.Dictionary(found.extra.copy())
    if found.compress:
        extra["Filter"] = "/FlateDecode"
        content = zlib.compress(content, _BEST)
    extra["Length"] = len(content)
    return b"\n".join((extra.data, b"stream", content, b"endstream"))
