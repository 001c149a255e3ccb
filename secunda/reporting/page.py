"""The report's page as WeasyPrint takes it.

Our templates write XML, so the page need not be read the way a browser reads the web's mistakes; and it needs a
handful of the rules that WeasyPrint knows for every element of HTML.
"""

from collections.abc import Sequence
from xml.etree.ElementTree import fromstring

from cssselect2 import ElementWrapper
from weasyprint import CSS, HTML

from secunda.reporting.assets import PackagedAssets


class Page(HTML):  # type: ignore[misc]
    """A page of well-formed XML without a namespace; raises xml.etree.ElementTree.ParseError for any other text."""

    def __init__(self, text: str, assets: PackagedAssets, elements: CSS) -> None:
        """`elements`: what the elements are before the style sheets say how they look."""
        self._elements = elements
        self.base_url = None
        self.url_fetcher = assets
        self.media_type = "print"
        # Our own template's text, in which everything foreign is escaped.
        root = fromstring(text)  # noqa: S314
        self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> Sequence[CSS]:  # noqa: ARG002 - a report has no forms
        return [self._elements]
