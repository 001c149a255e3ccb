"""`secunda pathway …`: the pathway files, which need no database, and the versions that cases are pinned to."""

from pathlib import Path
from typing import Annotated

import typer

from secunda.cli import pathway_versions
from secunda.cli.options import known_word
from secunda.cli.output import AsJson, print_findings, print_json, print_rows
from secunda.settings import settings

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="SPECIALTY", help="A specialty, or a pathway file.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the pathways with version, hash and whether a clinician has approved them."""
    from pathways import loader

    loaded = loader.load_all(settings().pathway_folder).values()
    rows = [
        {
            "specialty": one.pathway.pathway,
            "version": one.pathway.version,
            "title": one.pathway.title.en,
            "hash": one.hash if as_json else one.hash[:12],
            "approved_on": one.pathway.review.approved_on if as_json else one.pathway.review.approved_on or "draft",
            "adjudication": one.pathway.panel.adjudication,
            "documents": len(one.pathway.documents),
            "roles": len(one.pathway.panel.roles),
        }
        for one in loaded
    ]
    columns = {
        "specialty": "Pathway",
        "version": "Version",
        "title": "Title",
        "hash": "Hash",
        "approved_on": "Approved",
        "adjudication": "Adjudication",
    }
    print_rows(rows, columns, as_json=as_json)


@app.command()
def show(name: Name, as_json: AsJson = False) -> None:
    """Show one pathway: whom it takes, what it asks for, its triage, panel and deadlines."""
    from pathways import loader
    from secunda.cli.pathway_page import print_pathway

    loaded = loader.load(_name(name), settings().pathway_folder)
    if as_json:
        print_json({"hash": loaded.hash, "path": loaded.path, "pathway": loader.content(loaded.pathway)})
    else:
        print_pathway(loaded)


@app.command()
def check(
    files: Annotated[list[Path] | None, typer.Argument(metavar="[FILE]...", help="Without any, all pathways.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check pathway files: schema, codes, rules, deadlines, panels, sections, examples. Exits 1 on problems."""
    from pathways import check as checking
    from pathways.loader import paths

    found = checking.check_all(files or None, settings().pathway_folder)
    count = len(files or paths(settings().pathway_folder))
    raise typer.Exit(print_findings(found, count, "pathway", as_json=as_json))


@app.command()
def draw(
    name: Name,
    form: Annotated[str, typer.Option("--format", metavar="svg|mermaid")] = "svg",
    language: Annotated[str, typer.Option(metavar="LANGUAGE", help="es, ca, en, fr, de or pt.")] = "en",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Without it, to standard output.")] = None,
) -> None:
    """Draw a pathway as SVG or Mermaid."""
    from pathways import loader
    from pathways.draw import draw as draw_mermaid
    from pathways.draw import draw_svg
    from pathways.draw.words import WORDS
    from secunda.web.refusals import say
    from secunda.web.rules import RuleTeller

    drawing = {"svg": draw_svg, "mermaid": draw_mermaid}[known_word(form, ("svg", "mermaid"), "--format")]
    loaded = loader.load(_name(name), settings().pathway_folder)
    spoken = known_word(language, tuple(WORDS), "--language")
    drawn = drawing(loaded.pathway, spoken, say, RuleTeller(loaded.pathway, spoken))
    if output is None:
        print(drawn)
    else:
        output.write_text(drawn, encoding="utf-8")


@app.command()
def schema() -> None:
    """Print the JSON Schema of pathway files, for completion in editors."""
    from pathways.jsonschema import written

    print(written(), end="")


def _name(written: str) -> str:
    from pathways.loader import paths

    if written.endswith((".yaml", ".yml")):
        return written
    return known_word(written, [path.stem for path in paths(settings().pathway_folder)], "SPECIALTY")


for _name_of, _command in pathway_versions.COMMANDS.items():
    app.command(_name_of)(_command)
