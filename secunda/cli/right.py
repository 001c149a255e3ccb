"""`secunda right …`: what patients ask for by law (GDPR art. 15 and 17), and answering it."""

from typing import Annotated

import typer

from secunda.cli.options import Actor, Limit, Reference, owed_word_of, who
from secunda.cli.output import AsJson, print_done, print_json, print_rows
from secunda.cli.showing import moment

app = typer.Typer(no_args_is_help=True)

Asked = Annotated[str, typer.Argument(metavar="RIGHT", help="access or erasure.")]
ToPatient = Annotated[str, typer.Option("--reason", help="Why; the patient reads it.", show_default=False)]


@app.command("list")
def list_(
    case: Annotated[str | None, typer.Option(metavar="CASE")] = None,
    answered_too: Annotated[bool, typer.Option("--all", help="Those that were answered, too.")] = False,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """List what patients asked for and were not answered yet, the first due first."""
    from secunda import clock
    from secunda.views.reading import reading
    from secunda.views.rights import rights_list

    with reading() as reader:
        found = rights_list(reader, clock.now(), reference=case, answered_too=answered_too, limit=limit)
    if as_json:
        return print_json(found)
    shown = [
        {
            "case": one.case,
            "right": one.right,
            "asked": moment(one.asked_at),
            "due": "" if one.answered_at else moment(one.due_at) + (" (late)" if one.is_late else ""),
            "answer": f"{one.answer}, {moment(one.answered_at)}" if one.answered_at else "",
            "reason": one.reason or one.extension,
        }
        for one in found
    ]
    columns = {"case": "Case", "right": "Asks for", "asked": "Asked", "due": "Answer due"}
    columns |= {"answer": "Answered", "reason": "Why"}
    return print_rows(shown, columns, as_json=False, empty="No request.")


@app.command()
def answer(
    reference: Reference,
    right: Asked,
    said: Annotated[str, typer.Argument(metavar="ANSWER", help="granted, partly or refused.")],
    reason: ToPatient = "",
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Tell the patient what was decided. Partly and refused owe a reason; what is granted is done outside of here."""
    from models.rights_request import Right, RightAnswer
    from secunda.actions.rights import answer_right

    wanted, given = owed_word_of(Right, right, "RIGHT"), owed_word_of(RightAnswer, said, "ANSWER")
    answer_right(reference, wanted, given, who(actor), reason)
    facts = {"case": reference, "right": wanted, "answer": given}
    print_done(facts, "The patient is told.", as_json=as_json)


@app.command()
def extend(
    reference: Reference, right: Asked, reason: ToPatient = "", actor: Actor = "", as_json: AsJson = False
) -> None:
    """Take the two months more that the law gives once, and tell the patient why."""
    from models.rights_request import Right
    from secunda.actions.rights import extend_right

    wanted = owed_word_of(Right, right, "RIGHT")
    extend_right(reference, wanted, who(actor), reason)
    facts = {"case": reference, "right": wanted}
    print_done(facts, "There are two months more; the patient is told why.", as_json=as_json)
