"""The child that prints reports, with WeasyPrint as it comes: its own rules for elements, its own way through them."""

from typing import Any

from weasyprint import HTML

from secunda.reporting import shortcuts


def main() -> None:
    shortcuts.take = lambda: False
    from secunda.reporting import printer, render

    def page(text: str, assets: Any, _: Any) -> Any:
        return HTML(string=text, url_fetcher=assets)

    vars(render)["Page"] = page
    printer.main()


if __name__ == "__main__":
    main()
