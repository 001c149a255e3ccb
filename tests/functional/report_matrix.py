"""Every pathway, language and size of panel, printed and checked: `python -m tests.functional.report_matrix`.

Prints what is wrong, and ends with status 1 when something is. Where `SECUNDA_TEST_OUTLOUD` names the program,
`outloud` looks at them too. The suite takes a part that covers every pathway, every language and every size.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from pdfua import Severity, Validator

from secunda.reporting.content import ReportContent
from secunda.reporting.render import render
from secunda.reporting.words import languages
from tests.functional.pdf_structure import problems
from tests.functional.report_layout import faults
from tests.functional.shipped_reports import SPECIALTIES, shipped_report

#: A path to the `outloud` program. It rests on an AGPL library, so it is never a dependency of ours.
OUTLOUD = os.environ.get("SECUNDA_TEST_OUTLOUD", "")
PANELS = (1, 2, 3)
Combination = tuple[str, str, int]
ALL: list[Combination] = list(product(SPECIALTIES, languages(), PANELS))
#: Each pathway twice, each language twice, each size at least four times.
SAMPLE: list[Combination] = [
    (SPECIALTIES[number % len(SPECIALTIES)], languages()[number % len(languages())], PANELS[number // 2 % len(PANELS)])
    for number in range(2 * len(SPECIALTIES))
]


def with_panel(content: ReportContent, size: int) -> ReportContent:
    """The same report on a panel of `size` experts."""
    seats = [content.panel[number % len(content.panel)] for number in range(size)]
    return content.model_copy(
        update={"panel": tuple(seat.model_copy(update={"seat": number}) for number, seat in enumerate(seats, start=1))}
    )


def printed(specialty: str, language: str, size: int) -> bytes:
    written_in = language if language in {"en", "es"} else "es"
    return render(with_panel(shipped_report(specialty, written_in), size), language).pdf


def wrong(data: bytes, file: Path) -> list[str]:
    """Everything that our own checks and `pdfua` find."""
    file.write_bytes(data)
    said = Validator().validate(file).findings
    serious = [str(each) for each in said if each.severity in {Severity.ERROR, Severity.WARNING}]
    return [*problems(data), *faults(data), *serious]


def outloud(files: list[Path]) -> str:
    """What `outloud` says, empty when it finds no error and no warning."""
    command = [OUTLOUD, "--fail-on", "warning", "--json", "-", "-q", *map(str, files)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if said.returncode == 0 else said.stdout[-2000:] + said.stderr[-2000:]


def check(combinations: list[Combination], folder: Path) -> Iterator[str]:
    for specialty, language, size in combinations:
        name = f"{specialty}-{language}-{size}"
        for found in wrong(printed(specialty, language, size), folder / f"{name}.pdf"):
            yield f"{name}: {found}"
    if OUTLOUD and (said := outloud(sorted(folder.glob("*.pdf")))):
        yield said


def main() -> int:
    with TemporaryDirectory() as folder:
        found = []
        for each in check(ALL, Path(folder)):
            found.append(each)
            sys.stdout.write(each + "\n")
            sys.stdout.flush()
    by_outloud = " (outloud looked too)" if OUTLOUD else ""
    sys.stdout.write(f"{len(ALL)} reports, {len(found)} findings{by_outloud}.\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
