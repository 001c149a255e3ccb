"""`secunda review …`: the reviews that payers asked for."""

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from secunda.cli.options import Actor, Reference, who, word_of
from secunda.cli.output import AsJson, print_facts, print_json, print_rows
from secunda.cli.showing import length, moment, words
from secunda.errors import BadInputError

app = typer.Typer(no_args_is_help=True)

RESULT = ("line", "payer_reference", "outcome", "reference", "reason")


@app.command("list")
def list_(
    payer: Annotated[str | None, typer.Option(metavar="PAYER", help="Only this payer's.")] = None,
    stage: Annotated[str | None, typer.Option(metavar="STAGE", help="Like awaiting_documents.")] = None,
    open_only: Annotated[bool, typer.Option("--open", help="Without those that are closed.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List reviews, the newest first, with the time that is left to answer."""
    from models.status import CaseStatus
    from secunda import clock
    from secunda.db import transaction
    from secunda.reviews.listing import ReviewFilter, list_reviews

    wanted = ReviewFilter(stage=word_of(CaseStatus, stage, "--stage"), open_only=open_only)
    with transaction() as session:
        found = list_reviews(session, payer, clock.now(), wanted, limit=limit).items
    if as_json:
        return print_json(found)
    rows = [
        {
            "reference": one.reference,
            "payer": one.payer,
            "payer_reference": one.payer_reference,
            "stage": words(one.stage),
            "answer": words(one.certification),
            "due": moment(one.due_at),
            "left": "" if one.time_left is None else length(one.time_left),
        }
        for one in found
    ]
    columns = {
        "reference": "Case",
        "payer": "Payer",
        "payer_reference": "Its reference",
        "stage": "Stage",
        "answer": "Answer",
        "due": "Answer due",
        "left": "Left",
    }
    return print_rows(rows, columns, as_json=False, empty="No review.")


@app.command()
def show(reference: Reference, as_json: AsJson = False) -> None:
    """Show where a review stands: stage, clock, answer, what is missing, what happened."""
    from secunda import cases, clock
    from secunda.case_context import CaseContext
    from secunda.db import transaction
    from secunda.errors import NotFoundError
    from secunda.reviews.standing import standing_of

    with transaction() as session:
        context = CaseContext(session, cases.by_reference(session, reference), clock.now())
        if context.review is None:
            raise NotFoundError(f"{reference} is no payer's review.", "`secunda case show` shows other cases.")
        stands = standing_of(context, context.review)
    if as_json:
        return print_json(stands)
    running = stands.clock
    facts: dict[str, Any] = {
        "case": stands.reference,
        "payer": f"{stands.payer}, {stands.payer_reference}",
        "procedure": f"{stands.procedure['code']} ({stands.procedure['system']})",
        "planned on": stands.planned_on,
        "mandate": stands.mandate.get("reason", {}).get("en", "–"),
        "stage": f"{stands.stage_title.en}; must act: {words(stands.must_act)}",
        "clock": "–" if running is None else f"{running.title.en} ({running.source or 'the usual one'})",
        "due": "–" if running is None else moment(running.due_at or running.earliest_at),
        "left": "–" if running is None else f"{length(running.left)}, {running.share:.0%} used",
        "stopped": "" if running is None or not running.stopped_for else length(running.stopped_for),
        "answer": words(stands.certification),
        "reason": stands.reason.en if stands.reason else "",
        "missing": [line.key for line in stands.checklist if line.status == "pending"],
    }
    labels = {name: name.capitalize() for name in facts if facts[name]}
    print_facts(facts, labels, as_json=False)
    print()
    lines = [{"at": moment(one.at), "by": one.by, "text": one.text.en} for one in stands.history]
    return print_rows(lines, {"at": "When", "by": "Who", "text": "What"}, as_json=False)


@app.command("import")
def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="CSV in UTF-8; - reads standard input.")],
    payer: Annotated[str, typer.Option(metavar="PAYER", help="Slug of the payer whose reviews these are.")],
    check: Annotated[bool, typer.Option("--check", help="Only say what would become of each line.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the results as CSV, too.")] = None,
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Import reviews from a CSV file: each line is accepted or refused with its reason. Exits 1 if any is refused.

    Columns: payer_reference, procedure_code, family_name, given_names and birth_date are owed; procedure_system (cpt),
    planned_on, diagnosis_codes, sex, member_id, patient_email, patient_phone, patient_language, requester,
    requester_email, operating_site, first_institution, questions. Doing it twice launches nothing twice.
    """
    from secunda.adapters.review_file import as_csv
    from secunda.cli.files import write_new
    from secunda.reviews.importing import LineOutcome, import_reviews
    from secunda.reviews.payers import payer_of

    if output is not None and output.exists():
        raise BadInputError("There is a file of that name already.", "Name another one.", place=str(output))
    results = list(import_reviews(_content(file), payer.strip(), who(actor), check_only=check))
    rows: list[dict[str, object]] = [{name: getattr(one, name) for name in RESULT} for one in results]
    if output is not None:
        write_new(output, as_csv(rows, RESULT).encode())
    if as_json:
        print_json(rows)
    else:
        print_rows(
            rows, {name: name.replace("_", " ").capitalize() for name in RESULT}, as_json=False, empty="No line."
        )
        if payer_of(payer.strip()) is None:
            print(f"{payer.strip()} has no file of its own: the default lists hold, and nothing certifies.")
        counts = Counter(one.outcome for one in results)
        print(
            ", ".join(f"{counts[outcome]} {outcome}" for outcome in LineOutcome) + (" (nothing done)" if check else "")
        )
    raise typer.Exit(1 if any(one.outcome is LineOutcome.REFUSED for one in results) else 0)


def _content(file: str) -> bytes:
    from secunda.adapters.review_file import LARGEST

    if file == "-":
        return sys.stdin.buffer.read(LARGEST + 1)
    try:
        with Path(file).open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError:
        raise BadInputError("The file cannot be read.", "Check its name.", place=file) from None
