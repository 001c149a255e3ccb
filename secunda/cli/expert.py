"""`secunda expert …`: the directory of experts."""

from pathlib import Path
from typing import Annotated

import typer

from secunda.cli.options import known_word, word_of
from secunda.cli.output import AsJson, print_done, print_json, print_rows

app = typer.Typer(no_args_is_help=True)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or YAML; examples/experts.csv shows the columns.")],
    as_json: AsJson = False,
) -> None:
    """Add and update experts by their code: all of the file or nothing."""
    from secunda.actions.experts import import_experts

    done = import_experts(file)
    told = f"{done.added} added, {done.changed} changed, {done.unchanged} as they were."
    print_done(done, told, as_json=as_json)


@app.command("list")
def list_(
    subspecialty: Annotated[str | None, typer.Option(metavar="KEY", help="Like medical_oncology.")] = None,
    language: Annotated[str | None, typer.Option(metavar="LANGUAGE", help="Like es.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the experts with their load."""
    from pathways.terminology import subspecialties
    from pathways.vocabulary import Language
    from secunda import clock
    from secunda.views.experts import expert_list
    from secunda.views.reading import reading

    asked = known_word(subspecialty, subspecialties(), "--subspecialty") if subspecialty else None
    spoken = word_of(Language, language, "--language")
    with reading() as reader:
        found = expert_list(reader, clock.now().date(), subspecialty=asked, language=spoken)
    if as_json:
        return print_json(found)
    columns = {
        "code": "Code",
        "name": "Name",
        "subspecialties": "Subspecialties",
        "languages": "Languages",
        "institution": "Institution",
        "countries": "Licensed in",
        "load": "Load",
        "note": "",
    }
    rows = [
        one.model_dump(include={"code", "name", "subspecialties", "languages", "institution", "countries"})
        | {
            "load": f"{one.load}/{one.capacity}",
            "note": "inactive" if not one.active else "on leave" if one.is_on_leave else "",
        }
        for one in found
    ]
    empty = "No such expert." if asked or spoken else "No expert. `secunda expert import FILE` adds them."
    return print_rows(rows, columns, as_json=False, empty=empty)
