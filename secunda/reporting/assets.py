"""What a page may load: the packaged typeface, the report's own pictures and `data:` addresses, nothing else."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from secunda.reporting.content import ReportContent
from secunda.reporting.typeface import FACES, FOLDER

_FONTS = {f"asset:fonts/{name}": FOLDER / name for name in FACES.values()}


def pictures(content: ReportContent) -> dict[str, bytes]:
    """The report's own pictures, by the addresses that its page names them by."""
    return {f"asset:images/{number}": b64decode(image.jpeg) for number, image in enumerate(content.key_images)}


class ForbiddenAddressError(FatalURLFetchingError):  # type: ignore[misc]
    """A page asked for an address outside the report; rendering stops, nothing was fetched."""


class PackagedAssets(URLFetcher):  # type: ignore[misc]
    """A deny-all fetcher: it opens no connection and no file but the packaged fonts. `pictures`: JPEG by address."""

    def __init__(self, pictures: Mapping[str, bytes] | None = None) -> None:
        self._pictures = pictures or {}
        super().__init__(allowed_protocols=("asset", "data"), allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """The asset at `url`; raises ForbiddenAddressError for anything that is not packaged or `data:`."""
        if url in _FONTS:
            return URLFetcherResponse(url, _FONTS[url].read_bytes(), {"Content-Type": "font/ttf"})
        if url in self._pictures:
            return URLFetcherResponse(url, self._pictures[url], {"Content-Type": "image/jpeg"})
        if url.startswith("data:"):
            return super().fetch(url, headers)
        raise ForbiddenAddressError("a report may not load anything from outside itself")
