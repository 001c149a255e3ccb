"""`secunda opinion …`: writing an opinion in a file, saving it and signing it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from secunda.cli.options import Actor, Assignment, Reason, who
from secunda.cli.output import AsJson, print_done, print_json, print_rows

if TYPE_CHECKING:
    from models import Assignment as Row
    from pathways.opinion import OpinionContent
    from secunda.case_context import CaseContext
    from secunda.views.opinion_form import OpinionForm

app = typer.Typer(no_args_is_help=True)

File = Annotated[str, typer.Argument(metavar="FILE", help="YAML or JSON, as the template has it; - reads stdin.")]


@app.command()
def template(
    assignment: Assignment,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write it there; never over a file.")] = None,
    example: Annotated[
        bool, typer.Option("--example", help="Filled in with the invented example of the specialty, to try things out.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write an opinion to fill in: everything that is owed, with questions, documents and guidelines beside it."""
    key = _found(assignment)
    form = _form(key, _example(key) if example else None)
    if as_json:
        return print_json(form)
    from secunda.cli.opinion_template import template as written

    if output is None:
        return print(written(form), end="")
    from secunda.cli.files import write_new

    write_new(output, written(form).encode())
    return print(f"Written to {output}.")


@app.command()
def submit(assignment: Assignment, file: File, actor: Actor = "", as_json: AsJson = False) -> None:
    """Save an opinion as a draft; it may still have gaps."""
    from secunda.actions.opinion import submit as act
    from secunda.cli.opinion_file import read_opinion

    key = _found(assignment)
    version = act(key, read_opinion(file), who(actor))
    missing = _form(key).gaps
    told = f"Saved as version {version}; " + (
        f"{len(missing)} gaps block signing." if missing else "nothing is missing."
    )
    print_done({"version": version, "gaps": missing}, told, as_json=as_json)


@app.command()
def lock(assignment: Assignment, actor: Actor = "", as_json: AsJson = False) -> None:
    """Sign the draft. A blind reader's first lock shows them the first opinion; the second is final."""
    from models.status import OpinionStatus
    from secunda.actions.opinion import lock as act

    locked = act(_found(assignment), who(actor))
    follows = "the first opinion is shown now; confirm or change what you wrote, and lock it again."
    told = "Signed and final." if locked.status is OpinionStatus.FINAL else f"Signed as provisional: {follows}"
    print_done(locked, f"{told} SHA-256 {locked.content_sha256[:12]}…", as_json=as_json)


@app.command()
def reopen(assignment: Assignment, reason: Reason = "", actor: Actor = "", as_json: AsJson = False) -> None:
    """Ask the expert to correct a signed opinion; what was signed is kept beside the correction."""
    from secunda.actions.correction import ask_for_correction

    version = ask_for_correction(_found(assignment), who(actor), reason)
    print_done({"version": version}, f"Version {version} is a draft now; the expert is told.", as_json=as_json)


@app.command()
def gaps(
    assignment: Assignment,
    file: Annotated[str | None, typer.Argument(metavar="[FILE]", help="Without it, what was saved last.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say what still blocks signing; nothing is saved. Exits 1 when something does."""
    from secunda.cli.opinion_file import read_opinion

    found = _form(_found(assignment), read_opinion(file) if file else None).gaps
    rows = [{"place": gap.place, "message": gap.message if as_json else gap.message.en} for gap in found]
    print_rows(rows, {"place": "Place", "message": "What is missing"}, as_json=as_json, empty="Nothing blocks signing.")
    raise typer.Exit(1 if found else 0)


def _found(written: str) -> UUID:
    from secunda.views.assignments import find
    from secunda.views.reading import reading

    with reading() as reader:
        return find(reader, written)


def _example(assignment: UUID) -> "OpinionContent":
    """What the demonstration's expert would write in this place. Raises ConflictError in production."""
    from secunda.demo.writing import opinion_for
    from secunda.errors import ConflictError
    from secunda.settings import settings

    if settings().environment == "production":
        raise ConflictError("An invented opinion has no place among real patients.", "Leave --example away.")
    with _place(assignment) as (context, row):
        return opinion_for(context, row, None, None)


def _form(assignment: UUID, content: "OpinionContent | None" = None) -> "OpinionForm":
    from secunda.views.opinion_form import opinion_form

    with _place(assignment) as (context, row):
        return opinion_form(context, row, content)


@contextmanager
def _place(assignment: UUID) -> "Iterator[tuple[CaseContext, Row]]":
    """The assignment in its case, in one transaction."""
    from models import Assignment as Row
    from secunda import cases, clock
    from secunda.actions.assignment import reference_of
    from secunda.case_context import CaseContext
    from secunda.db import transaction

    reference = reference_of(assignment)
    with transaction() as session:
        context = CaseContext(session, cases.by_reference(session, reference), clock.now())
        yield context, session.get_one(Row, assignment)
