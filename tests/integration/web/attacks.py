"""What attackers put into every field, and where it must not have come out of its place."""

from collections.abc import Iterator
from typing import Any

from fastapi.routing import APIRoute

from secunda.web import assets
from secunda.web.app import ROUTERS
from tests.integration.web.browsing import Browser

#: Its result is so long that no digest on a page holds it by chance.
TEMPLATE, FILLED = "{{ 98765431*87654337 }}", str(98765431 * 87654337)
#: HTML, an attribute that is left, a template of ours, and one of a script's.
PAYLOADS = (
    '<script id="planted">alert(1)</script>',
    '"><img id="planted" src=x onerror=alert(1)>',
    "' onmouseover='alert(1)' id='planted",
    TEMPLATE + "{% for x in ().__class__.__mro__ %}{{ x }}{% endfor %}",
    "</textarea></title><svg id=planted onload=alert(1)>",
    "javascript:alert(1)",
)
WHOLE = " ".join(PAYLOADS)


def routes() -> Iterator[tuple[str, APIRoute]]:
    """Every route of the pages, with its method; the assets apart, which are the same for all."""
    for router in ROUTERS:
        if router is not assets.router:
            for route in router.routes:
                if isinstance(route, APIRoute):
                    yield from ((method, route) for method in sorted(route.methods))


def changes() -> list[APIRoute]:
    """Those that are not safe."""
    return [route for method, route in routes() if method not in ("GET", "HEAD", "OPTIONS")]


def broken_out(browser: Browser) -> list[str]:
    """Where something that was planted became a part of the page; a page has no script and no handler of its own."""
    tree: Any = browser.page
    found = [f"element {one.tag}" for one in tree.xpath("//*[@id='planted']")]
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "script" and not str(element.get("src", "")).startswith("/static/"):
            found.append("a script of its own")
        for name, value in element.attrib.items():
            if name.startswith("on") or name == "style":
                found.append(f"{element.tag} {name}")
            if name in ("href", "src", "action", "formaction") and value.strip().lower().startswith("javascript:"):
                found.append(f"{element.tag} {name} {value}")
    if FILLED in browser.answer.text:
        found.append("a template was filled")
    return found
