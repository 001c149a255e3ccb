"""What is looked at on every page: axe-core finds nothing, in light and dark, and nothing is wider than the screen.

On a phone nothing has to be moved sideways at all: tables are told row by row there.
"""

from dataclasses import dataclass, field

from playwright.sync_api import Page

from tests.conftest import CHECKOUT

PHONE = 480  # pixels
SIDEWAYS = """() => [...document.querySelectorAll('main *')].filter(part =>
    part.scrollWidth > part.clientWidth + 1 && ['auto', 'scroll'].includes(getComputedStyle(part).overflowX)
).map(part => part.closest('[id]')?.id ?? part.className)"""
AXE = CHECKOUT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Asked by the debugger, which the content policy does not bind: what the pages themselves may do stays as it is.
FIND = """async tags => (await axe.run({runOnly: tags})).violations.map(
    violation => [violation.id, violation.nodes.map(node => node.html.slice(0, 120))])"""
CONTRAST = FIND.replace("runOnly: tags", "runOnly: {type: 'rule', values: tags}")


@dataclass
class Looks:
    """Collects what is wrong on the pages that somebody comes through; without axe-core only their width."""

    found: list[str] = field(default_factory=list)

    def at(self, page: Page, *, dark: bool = True) -> None:
        """Look at the page as it stands; `dark`: in the dark too."""
        width = page.viewport_size["width"] if page.viewport_size else 0
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.found.append(f"{page.url} is wider than {width} pixels")
        if width <= PHONE and (hidden := page.evaluate(SIDEWAYS)):
            self.found.append(f"{page.url} has to be moved sideways at {hidden}")
        if not AXE.is_file():
            return
        page.evaluate(f"() => {{ {AXE.read_text(encoding='utf-8')} }}")
        self._note(page, "", page.evaluate(FIND, WCAG))
        if not dark:
            return
        page.emulate_media(color_scheme="dark")
        self._note(page, " in the dark", page.evaluate(CONTRAST, ["color-contrast"]))
        page.emulate_media(color_scheme="light")

    def _note(self, page: Page, how: str, violations: list[tuple[str, list[str]]]) -> None:
        self.found += [f"{page.url}{how}: {rule} {nodes[:3]}" for rule, nodes in violations]
