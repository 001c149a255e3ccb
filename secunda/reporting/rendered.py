"""A report as it comes from the press."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RenderedReport:
    """A report as it is stored: the bytes, their SHA-256, the number of pages, and the hash of what was rendered."""

    pdf: bytes
    sha256: str
    pages: int
    content_sha256: str
