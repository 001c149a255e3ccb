"""What the people's pages cost: bytes of each person's first page, and the server's time for the busy ones.

    python -m benchmarks.pages --cases 100000 --each 100

Starts a PostgreSQL and the application of its own, durable as shipped, with the made-up caseload of the screenshots
and as many open cases as asked. Requests go one after the other; between them the floor is asked: a FastAPI and Jinja
page with one SELECT, so that both see the same machine. Bytes are counted by Chromium, with an empty cache.
"""

import argparse
import json
import os
import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import httpx
from playwright.sync_api import Browser, sync_playwright

from benchmarks import serving

FIRST = {
    "sign-in": ("nobody", "/sign-in"),
    "link": ("nobody", "{patient_link}"),
    "coordinator": ("coordinator", "/cases"),
    "expert": ("expert offered", "/expert/{offered}"),
    "patient": ("patient rare", "/patient/{rare}"),
    "requester": ("requester oncology", "/requester/{oncology}"),
}
#: Pages of the coordinator, by what they show.
TIMED = {
    "case": "/cases/{cardiology_reference}",
    "case, delivered": "/cases/{diabetes_reference}",
    "list, needs me": "/cases",
    "list, open": "/cases?part=open",
    "list, open, by due date": "/cases?part=open&sort=due",
    "list, open, by waiting": "/cases?part=open&sort=waiting",
    "list, open, newest": "/cases?part=open&sort=newest",
    "list, two filters": "/cases?part=open&specialty=neurology&urgency=P2",
    "list, a filter that few meet": "/cases?part=open&status=awaiting_panel&sort=newest",
    "search, a reference": "/cases?part=open&search=SO-1000-0F0F",
    "search, a surname": "/cases?part=open&search=" + quote("Núñez"),
    "search, name and surname": "/cases?part=open&search=" + quote("montserrat vidal"),
    "search, beginning of a word": "/cases?part=open&search=fe",
    "search, a hospital": "/cases?part=open&search=ponent",
    "search, nothing": "/cases?part=open&search=zzzz",
    "overview": "/overview",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--each", type=int, default=100, help="requests of each page")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="secunda-pages-") as folder:
        Path(folder).chmod(0o755)
        with serving.database(Path(folder)):
            from benchmarks.many_cases import fill
            from scripts.screenshots import caseload
            from secunda import db

            named, sessions = caseload.build(), caseload.sessions()
            fill(db.engine(), named["cardiology_reference"], asked.cases)
            with serving.api(1) as port, serving.bare_page() as floor:
                told = {
                    "load_average": os.getloadavg()[0],
                    "bytes": weighed(port, named, sessions),
                    "milliseconds": timed(port, floor, named, sessions["coordinator"], asked.each),
                }
    print(json.dumps(told, indent=2))


def timed(port: int, floor: int, named: dict[str, str], session: str, each: int) -> dict[str, dict[str, float]]:
    """Wall milliseconds from request to whole answer, and how many times the floor's that is."""
    pages = {name: path.format(**named) for name, path in TIMED.items()}
    took: dict[str, list[float]] = {name: [] for name in (*pages, "floor")}
    cookies = {"secunda-session": session}
    with (
        httpx.Client(base_url=f"http://127.0.0.1:{port}", cookies=cookies, timeout=60) as client,
        httpx.Client(base_url=f"http://127.0.0.1:{floor}", timeout=60) as beside,
    ):
        for number in range(each + 3):  # the first three warm up
            for name, path in pages.items():
                took[name].append(_asked(client, path))
                took["floor"].append(_asked(beside, "/"))
            if number == 2:
                took = {name: [] for name in took}
    base = _share(took["floor"], 50)
    return {
        name: {
            "p50": _share(times, 50),
            "p95": _share(times, 95),
            "most": _share(times, 100),
            "of_the_floor": round(_share(times, 50) / base, 1),
        }
        for name, times in took.items()
    }


def _asked(client: httpx.Client, path: str) -> float:
    began = time.perf_counter()
    client.get(path).raise_for_status()
    return 1000 * (time.perf_counter() - began)


def _share(times: list[float], share: int) -> float:
    return round(sorted(times)[min(len(times) - 1, len(times) * share // 100)], 1)


def weighed(port: int, named: dict[str, str], sessions: dict[str, str]) -> dict[str, dict[str, int]]:
    """Bytes of each first page with all that it loads, head and body, as they came."""
    from scripts.screenshots.__main__ import Studio
    from scripts.screenshots.table import NOBODY, Picture

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        studio = Studio(browser, f"http://127.0.0.1:{port}", named, sessions)
        for name, (who, path) in FIRST.items():
            cookie = None if who == NOBODY else studio.cookie_of(Picture(name, who, path))
            found[name] = _weight(browser, studio.address, path.format(**named), cookie)
        browser.close()
    return found


def _weight(browser: Browser, address: str, path: str, cookie: dict[str, str] | None) -> dict[str, int]:
    context = browser.new_context(locale="es")
    if cookie:
        context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": address}])
    page = context.new_page()
    protocol = context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    bytes_of: dict[str, int] = {}

    def answered(event: dict[str, object]) -> None:
        kinds[str(event["requestId"])] = str(event["type"]).lower()

    def finished(event: dict[str, object]) -> None:
        kind = kinds.get(str(event["requestId"]), "other")
        bytes_of[kind] = bytes_of.get(kind, 0) + int(str(event["encodedDataLength"]).partition(".")[0])

    protocol.on("Network.responseReceived", answered)
    protocol.on("Network.loadingFinished", finished)
    protocol.send("Network.enable")
    page.goto(address + path, wait_until="networkidle")
    context.close()
    return bytes_of | {"all": sum(bytes_of.values())}


if __name__ == "__main__":
    main()
