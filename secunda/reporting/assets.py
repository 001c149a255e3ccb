"""What a page may load: the packaged typeface and `data:` addresses, nothing else."""

from typing import Any

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from secunda.reporting.typeface import FACES, FOLDER

_FONTS = {f"asset:fonts/{name}": FOLDER / name for name in FACES.values()}


class ForbiddenAddressError(FatalURLFetchingError):  # type: ignore[misc]
    """A page asked for an address outside the report; rendering stops, nothing was fetched."""


class PackagedAssets(URLFetcher):  # type: ignore[misc]
    """A deny-all fetcher: it opens no connection and no file but the packaged fonts."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("asset", "data"), allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """The asset at `url`; raises ForbiddenAddressError for anything that is not packaged or `data:`."""
        if url in _FONTS:
            return URLFetcherResponse(url, _FONTS[url].read_bytes(), {"Content-Type": "font/ttf"})
        if url.startswith("data:"):
            return super().fetch(url, headers)
        raise ForbiddenAddressError("a report may not load anything from outside itself")
