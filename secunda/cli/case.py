"""`secunda case …`: looking at cases, and everything that people do to one."""

from typing import Annotated

import typer

from secunda.cli import case_acting, case_launching, case_waiting
from secunda.cli.options import Limit, Reference, known_word, word_of
from secunda.cli.output import AsJson, print_json, print_rows
from secunda.cli.showing import moment, words

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_(
    everything: Annotated[bool, typer.Option("--all", help="Closed cases too.")] = False,
    specialty: Annotated[str | None, typer.Option("--pathway", metavar="SPECIALTY")] = None,
    status: Annotated[str | None, typer.Option(metavar="STATUS", help="Like awaiting_documents.")] = None,
    must_act: Annotated[str | None, typer.Option(metavar="WHO", help="Like coordinator.")] = None,
    payer: Annotated[str | None, typer.Option(help="The payer's slug.")] = None,
    late: Annotated[bool, typer.Option("--late", help="Only those whose report is overdue.")] = False,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """List the cases: the most urgent and the soonest due first."""
    from models.status import CaseStatus, Owner
    from pathways.vocabulary import Specialty
    from secunda import clock
    from secunda.views.case_list import CaseFilter, case_list
    from secunda.views.reading import reading

    wanted = CaseFilter(
        closed_too=everything,
        specialty=word_of(Specialty, specialty, "--pathway"),
        status=word_of(CaseStatus, status, "--status"),
        must_act=word_of(Owner, must_act, "--must-act"),
        payer=payer,
        late_only=late,
        limit=limit,
    )
    with reading() as reader:
        found = case_list(reader, wanted, clock.now())
    if as_json:
        return print_json(found)
    columns = {
        "case": "Case",
        "pathway": "Pathway",
        "class": "Class",
        "stage": "Stage",
        "must_act": "Must act",
        "due": "Report due",
        "next": "Next look",
        "payer": "Payer",
    }
    shown = [
        {
            "case": line.reference,
            "pathway": words(line.specialty),
            "class": line.urgency or "–",
            "stage": f"{line.stage}: {words(line.outcome)}" if line.outcome else line.stage,
            "must_act": line.must_act,
            "due": moment(line.report_due_at) + (" (late)" if line.is_late else ""),
            "next": moment(line.next_deadline_at),
            "payer": line.payer or "–",
        }
        for line in found
    ]
    none_open = "No open case. `--all` lists closed ones too; `secunda case launch` opens one."
    empty = "No such case." if wanted != CaseFilter(limit=limit) else none_open
    return print_rows(shown, columns, as_json=False, empty=empty)


@app.command()
def show(reference: Reference, as_json: AsJson = False) -> None:
    """Show where a case stands: stage, who must act, urgency, clocks, checklist, panel, messages."""
    from secunda import cases, clock
    from secunda.case_context import CaseContext
    from secunda.cli.case_page import print_case
    from secunda.db import transaction
    from secunda.views.case_show import case_view

    with transaction() as session:
        view = case_view(CaseContext(session, cases.by_reference(session, reference), clock.now()))
    if as_json:
        print_json(view)
    else:
        print_case(view)


@app.command()
def history(
    reference: Reference,
    language: Annotated[
        str, typer.Option(metavar="LANGUAGE", help="Of the sentences: es, ca, en, fr, de or pt.")
    ] = "en",
    as_json: AsJson = False,
) -> None:
    """Tell what happened to a case, in plain words."""
    from pathways.vocabulary import Language
    from secunda.views.history import history as read
    from secunda.views.reading import reading

    with reading() as reader:
        found = read(reader, reference, known_word(language, tuple(Language), "--language"))
    if as_json:
        return print_json(found)
    columns = {"number": "", "at": "When", "who": "Who", "what": "What happened"}
    shown = [{"number": e.sequence, "at": moment(e.at), "who": e.actor, "what": e.text} for e in found]
    return print_rows(shown, columns, as_json=False)


for name, command in (case_launching.COMMANDS | case_acting.COMMANDS | {"wait": case_waiting.wait}).items():
    app.command(name)(command)
