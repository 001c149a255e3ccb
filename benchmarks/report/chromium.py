"""A warm headless Chromium that prints HTML, spoken to over its DevTools protocol."""

import base64
import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.request import Request, urlopen

import psutil
from websockets.sync.client import connect

LARGEST_MESSAGE = 2**26


class Page:
    """One page of the browser, by the address of its DevTools."""

    def __init__(self, address: str) -> None:
        self._number = 0
        self._socket = connect(address, max_size=LARGEST_MESSAGE)
        self._ask("Page.enable")
        self._frame = self._ask("Page.getFrameTree")["frameTree"]["frame"]["id"]

    def _ask(self, method: str, **parameters: Any) -> Any:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == self._number:
                return answer["result"]

    def print(self, html: str) -> bytes:
        self._ask("Page.setDocumentContent", frameId=self._frame, html=html)
        printed = self._ask("Page.printToPDF", preferCSSPageSize=True, generateTaggedPDF=True, printBackground=True)
        return base64.b64decode(printed["data"])

    def close(self) -> None:
        self._socket.close()


class Chromium:
    """Raises FileNotFoundError on a machine without it."""

    def __init__(self) -> None:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        if program is None:
            raise FileNotFoundError("chromium")
        self._home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-extensions", "--remote-debugging-port=0"]
        self.process = subprocess.Popen(
            [program, *flags, f"--user-data-dir={self._home.name}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._first = Page(self._waits_for_us())

    def _waits_for_us(self) -> str:
        """The address of its first page, once it is there."""
        said = Path(self._home.name) / "DevToolsActivePort"
        for _ in range(600):
            if said.exists() and (lines := said.read_text().split()):
                self._address = f"http://127.0.0.1:{lines[0]}/json"
                with urlopen(self._address) as answer:
                    targets = json.load(answer)
                if found := [one["webSocketDebuggerUrl"] for one in targets if one["type"] == "page"]:
                    return str(found[0])
            time.sleep(0.1)
        raise TimeoutError("Chromium did not start.")

    def print(self, html: str) -> bytes:
        """The page as a tagged PDF, in the one page that was opened at first: the fastest that there is."""
        return self._first.print(html)

    def print_in_new_page(self, html: str) -> bytes:
        """The same in a page of its own, closed afterwards: no report shares a page with the one before it."""
        with urlopen(Request(f"{self._address}/new?about:blank", method="PUT")) as answer:
            opened = json.load(answer)
        page = Page(opened["webSocketDebuggerUrl"])
        try:
            return page.print(html)
        finally:
            page.close()
            urlopen(f"{self._address}/close/{opened['id']}").close()

    def cpu(self) -> float:
        """CPU seconds so far of all its processes, of those that have ended too."""
        family = [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]
        return sum(sum(one.cpu_times()[:4]) for one in family)

    def __enter__(self) -> "Chromium":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._first.close()
        self.process.terminate()
        self.process.wait(20)
        self._home.cleanup()
