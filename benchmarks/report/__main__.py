"""`make bench-report`: one table of seconds a report, Chromium and Typst beside it; each round takes all in turn."""

import argparse
import base64
import io
import resource
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psutil
from pypdf import PdfReader

from benchmarks import measuring
from benchmarks.measuring import Yardsticks
from benchmarks.report.chromium import Chromium
from benchmarks.report.content import LANGUAGE, page, reference, typst_source
from secunda.reporting.content import ReportContent
from secunda.reporting.printing import Printer
from secunda.reporting.typeface import FOLDER

Work = Callable[[], bytes]
SECUNDA, UNTOUCHED, TYPST = "Secunda", "… untouched", "Typst (floor)"
CHROMIUM, NEW_PAGE = "Chromium", "… a new page"


#: What prints for us: as we do, and with WeasyPrint as it comes.
PROGRAMS = {SECUNDA: "secunda.reporting.printer", UNTOUCHED: "tests.functional.untouched_printer"}


def printed(printer: Printer, content: ReportContent) -> bytes:
    return printer.print(content, LANGUAGE).pdf


def child_cpu(printer: Printer) -> float:
    return measuring.own_cpu(printer.pid or 0)


def own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measure(work: dict[str, tuple[Work, Callable[[], float]]], rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Wall and CPU seconds of every round; the first round warms up and is not counted."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in work}
    yardsticks = Yardsticks()
    for number in range(rounds + 1):
        yardsticks.lay()
        for name, (do, cpu) in work.items():
            wall, used = time.perf_counter(), cpu()
            do()
            if number:
                found[name].append((time.perf_counter() - wall, cpu() - used))
    print(f"The yardstick (benchmarks/README.md): {yardsticks.median:.2f} CPU-ms.")
    return found


def memory(reports: int) -> tuple[list[float], set[str]]:
    """Resident megabytes of the child after each tenth of `reports` reports, and the hashes that it printed."""
    printer, content = Printer(), reference()
    sizes, hashes = [], set()
    for number in range(1, reports + 1):
        hashes.add(printer.print(content, LANGUAGE).sha256)
        if number % max(reports // 10, 1) == 0 and printer.pid:
            sizes.append(psutil.Process(printer.pid).memory_info().rss / 2**20)
    printer.close()
    return sizes, hashes


def typst_work(folder: Path) -> Work | None:
    """Typst from an environment of its own (PYTHONPATH), where there is one."""
    try:
        import typst
    except ImportError:
        return None
    content = reference()
    (folder / "photograph.jpg").write_bytes(base64.b64decode(content.key_images[0].jpeg))
    main = folder / "main.typ"
    main.write_text(typst_source(content), encoding="utf-8")
    return lambda: typst.compile(str(main), font_paths=[str(FOLDER)])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report", description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--reports", type=int, default=500, help="printed one after the other to watch the memory")
    asked = parser.parse_args()
    content = reference()
    work: dict[str, tuple[Work, Callable[[], float]]] = {}
    with ExitStack() as stack:
        for name, program in PROGRAMS.items():
            printer = Printer(program=program)
            stack.callback(printer.close)
            work[name] = (partial(printed, printer, content), partial(child_cpu, printer))
        try:
            browser = stack.enter_context(Chromium())
            html = page(content)
            work[CHROMIUM] = (lambda: browser.print(html), browser.cpu)
            work[NEW_PAGE] = (lambda: browser.print_in_new_page(html), browser.cpu)
        except FileNotFoundError:
            print("Chromium is not here.")
        if floor := typst_work(Path(stack.enter_context(TemporaryDirectory()))):
            work[TYPST] = (floor, own_cpu)
        pages = {name: len(PdfReader(io.BytesIO(do())).pages) for name, (do, _) in work.items()}
        found = measure(work, asked.rounds)
    print(f"{'':16}{'pages':>6}{'wall s':>9}{'CPU s':>9}{'least CPU':>11}")
    for name, rounds in found.items():
        walls, cpus = zip(*rounds, strict=True)
        print(f"{name:16}{pages[name]:>6}{median(walls):>9.3f}{median(cpus):>9.3f}{min(cpus):>11.3f}")
    for other in found.keys() - {SECUNDA}:
        for number, what in enumerate(("wall", "CPU")):
            ours, theirs = (median(one[number] for one in found[name]) for name in (SECUNDA, other))
            print(f"{other} takes {theirs / ours:.2f} times our {what} time.")
    sizes, hashes = memory(asked.reports)
    print(f"Resident MB over {asked.reports} reports: {', '.join(f'{size:.0f}' for size in sizes)}")
    print(f"The same input gave {len(hashes)} different file{'s' if len(hashes) > 1 else ''}.")
    sys.exit(len(hashes) != 1)


if __name__ == "__main__":
    main()
