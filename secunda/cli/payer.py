"""`secunda payer …`: payers' own files, which need no database."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from secunda.cli.options import day
from secunda.cli.output import AsJson, print_findings, print_json, print_rows, print_warning
from secunda.errors import BadInputError
from secunda.settings import settings

app = typer.Typer(no_args_is_help=True)

Slug = Annotated[str, typer.Argument(metavar="PAYER", help="The payer's slug, as its file is named.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the payers that have a file."""
    from pathways import payer_files
    from secunda.reviews.payers import payer_of

    rows = []
    for name in payer_files.names(settings().payer_folder):
        known = payer_of(name)
        if known is not None:
            rows.append(
                {
                    "payer": known.payer,
                    "version": known.version,
                    "title": known.title.en,
                    "jurisdiction": known.jurisdiction,
                    "rules": len(known.mandates.rules) if known.mandates else 0,
                    "clocks": [str(clock.duration) for clock in known.determination.clocks],
                    "agreement_certifies": known.certification.agreement_certifies,
                }
            )
    columns = {
        "payer": "Payer",
        "version": "Version",
        "title": "Title",
        "jurisdiction": "Jurisdiction",
        "rules": "Rules",
        "clocks": "Own clocks",
        "agreement_certifies": "Agreement certifies",
    }
    print_rows(rows, columns, as_json=as_json, empty="No payer has a file; the default lists hold for all.")


@app.command()
def check(
    files: Annotated[list[Path] | None, typer.Argument(metavar="[FILE]...", help="Without any, all payers.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check payers' files: every mistake with its line and column. Exits 1 on problems."""
    from pathways import payer_files

    folder = settings().payer_folder or payer_files.FOLDER
    paths = files or sorted(folder.glob("*.yaml"))
    found = payer_files.check(paths)
    raise typer.Exit(print_findings(found, len(paths), "payer", as_json=as_json))


@app.command()
def mandates(
    payer: Slug,
    code: Annotated[str, typer.Option(metavar="CODE", help="Ask about one procedure, like 27447.")] = "",
    system: Annotated[str, typer.Option(metavar="SYSTEM", help="Its code system: cpt, ops, snomed, or a URL.")] = "cpt",
    diagnosis: Annotated[list[str] | None, typer.Option(metavar="CODE", help="ICD-10; may be repeated.")] = None,
    on: Annotated[str | None, typer.Option(metavar="DATE", help="ISO 8601; without it, today.")] = None,
    jurisdiction: Annotated[str, typer.Option(metavar="OVERLAY", help="Instead of the payer's own.")] = "",
    as_json: AsJson = False,
) -> None:
    """List what a payer mandates, or say whether one procedure is, and why or why not."""
    _warn_without_file(payer)
    if code:
        _answer(payer, code, system, diagnosis or [], day(on, "--on"), jurisdiction, as_json=as_json)
        return
    from secunda.reviews.payers import mandates_of

    rows = [
        {
            "key": one.key,
            "title": one.title.en,
            "codes": [f"{procedure.system.value} {procedure.code}" for procedure in one.procedures],
            "source": f"{one.source.value} {one.source_name}",
            "pathway": one.pathway,
            "since": one.since,
            "until": one.until,
        }
        for one in mandates_of(payer, jurisdiction)
    ]
    columns = {"title": "What", "codes": "Codes", "pathway": "Pathway", "source": "List", "since": "Since"}
    print_rows(rows, columns | {"until": "Until"}, as_json=as_json, empty="This payer mandates nothing.")


@app.command()
def schema() -> None:
    """Print the JSON Schema of payers' files, for completion in editors."""
    from pathways.jsonschema import payer_written

    print(payer_written(), end="")


def _warn_without_file(payer: str) -> None:
    from pathways import payer_files
    from pathways.wording import suggestion

    there = payer_files.names(settings().payer_folder)
    if payer not in there:
        near = suggestion(payer, there, "").capitalize()
        print_warning(f"{payer} has no file of its own: the default lists hold. {near}".strip())


def _answer(
    payer: str, code: str, system: str, diagnoses: list[str], on: date | None, jurisdiction: str, *, as_json: bool
) -> None:
    from secunda import clock
    from secunda.adapters.review_columns import URLS, CellError, code_system, code_word
    from secunda.reviews.asked import Code
    from secunda.reviews.payers import mandate_of

    try:
        procedure = Code(code_system(system), code_word(code)).coding
        given = [coding for one in diagnoses if (coding := Code(URLS["icd-10"], code_word(one)).coding)]
    except CellError as error:
        raise BadInputError(f"A code {error.what}.", f"{error.remedy[:1].upper()}{error.remedy[1:]}.") from None
    if procedure is None:
        raise BadInputError("This is no code.", "Write one like 27447.", place="--code")
    said = mandate_of(payer, procedure, given, on or clock.now().date(), jurisdiction)
    if as_json:
        print_json(said)
    else:
        print(f"{'Mandated' if said.mandated else 'Not mandated'}: {said.reason.en}")
