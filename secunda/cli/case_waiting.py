"""`secunda case wait`: for scripts, and for people who would look again and again."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

from secunda.cli.options import Reference
from secunda.cli.output import AsJson, print_done
from secunda.cli.showing import words
from secunda.errors import ConflictError

if TYPE_CHECKING:
    from secunda.views.waiting import WaitingView

ROUND_SECONDS = 0.25


def wait(
    reference: Reference,
    seconds: Annotated[int, typer.Option("--seconds", min=1, help="How long at most.")] = 300,
    as_json: AsJson = False,
) -> None:
    """Wait until Secunda has done what it can: the case is closed, or somebody must act; says who."""
    from secunda.views.reading import reading
    from secunda.views.waiting import waiting

    until = time.monotonic() + seconds
    while True:
        with reading() as reader:
            found = waiting(reader, reference)
        if not found.is_at_work:
            return print_done(found, _told(found), as_json=as_json)
        if time.monotonic() > until:
            raise ConflictError(
                f"Secunda still works on {found.case} ({found.stage}).", "Does a worker run? `secunda doctor` says it."
            )
        time.sleep(ROUND_SECONDS)


def _told(found: "WaitingView") -> str:
    if found.outcome:
        return f"{found.case}: {found.stage}: {words(found.outcome)}."
    return f"{found.case}: {found.stage}; who must act: {found.must_act}."
