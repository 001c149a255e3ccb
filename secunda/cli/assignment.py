"""`secunda assignment …`: experts' places on panels."""

from typing import Annotated
from uuid import UUID

import typer

from secunda.cli.options import Actor, Assignment, Limit, Reason, Reference, who
from secunda.cli.output import AsJson, print_done, print_json, print_rows
from secunda.cli.showing import moment, words

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_(
    case: Annotated[str | None, typer.Option(metavar="CASE")] = None,
    expert: Annotated[str | None, typer.Option(metavar="CODE")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Those that ended too.")] = False,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """List assignments: the soonest due first."""
    from secunda.views.assignments import assignment_list
    from secunda.views.reading import reading

    with reading() as reader:
        found = assignment_list(reader, reference=case, expert=expert, ended_too=everything, limit=limit)
    if as_json:
        return print_json(found)
    columns = {
        "name": "Assignment",
        "expert": "Expert",
        "status": "Status",
        "due": "Due",
        "blind": "Blind",
        "reason": "Why it ended",
    }
    rows = [
        {
            "name": one.name,
            "expert": f"{one.expert_name} ({one.expert})",
            "status": one.status,
            "due": moment(one.due_at),
            "blind": "first" if one.blind_first else "",
            "reason": one.end_reason,
        }
        for one in found
    ]
    return print_rows(rows, columns, as_json=False, empty="No assignment.")


@app.command()
def candidates(
    reference: Reference,
    role: Annotated[str | None, typer.Option(metavar="ROLE")] = None,
    all_rounds: Annotated[bool, typer.Option("--all", help="Earlier searches too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show who was considered for a case: each score with its parts, each exclusion with its reason.

    Experts of other subspecialties are only counted; --json has them all.
    """
    from pathways.exclusions import Reason
    from pathways.matching import MEASURES
    from secunda.views.candidates import candidates as read
    from secunda.views.reading import reading

    with reading() as reader:
        found = read(reader, reference, role=role, all_rounds=all_rounds)
    if as_json:
        return print_json(found)
    columns = {"role": "Role", "expert": "Expert", "score": "Score", "chosen": "", "why": "Why"}
    titles = {measure.key: measure.title.en for measure in MEASURES}
    near = [one for one in found if Reason.SUBSPECIALTY not in {exclusion.code for exclusion in one.exclusions}]
    rows = [
        {
            "role": words(one.role) + (f" (search {one.round})" if all_rounds else ""),
            "expert": f"{one.name} ({one.expert})",
            "score": "–" if one.score is None else f"{one.score:g}",
            "chosen": "chosen" if one.chosen else "",
            "why": " ".join(exclusion.text.en for exclusion in one.exclusions)
            or ", ".join(f"{titles.get(part, part)} {points:g}" for part, points in one.score_parts.items()),
        }
        for one in near
    ]
    if not found:
        return print("Nobody has been searched for yet.")
    print_rows(rows, columns, as_json=False, empty="No expert has the subspecialty.")
    return print(f"{len(found) - len(near)} more experts have another subspecialty.")


@app.command()
def accept(
    assignment: Assignment,
    attested: Annotated[
        bool, typer.Option("--attest-no-conflict", help="The expert attests that there is no conflict of interest.")
    ] = False,
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Take the place, on the expert's behalf."""
    from secunda.actions.assignment import accept as act

    key = _found(assignment)
    act(key, who(actor), no_conflict_attested=attested)
    print_done({"assignment": key, "status": "accepted"}, "Accepted.", as_json=as_json)


@app.command()
def decline(assignment: Assignment, reason: Reason = "", actor: Actor = "", as_json: AsJson = False) -> None:
    """Give the place back; it is offered to the next expert."""
    from secunda.actions.assignment import decline as act

    key = _found(assignment)
    act(key, who(actor), reason)
    print_done({"assignment": key, "status": "rejected"}, "Declined; the next expert is asked.", as_json=as_json)


@app.command()
def replace(assignment: Assignment, reason: Reason = "", actor: Actor = "", as_json: AsJson = False) -> None:
    """Take the place away from an expert; it is offered to the next one."""
    from secunda.actions.assignment import replace as act

    key = _found(assignment)
    act(key, who(actor), reason)
    print_done({"assignment": key, "status": "cancelled"}, "Taken back; the next expert is asked.", as_json=as_json)


def _found(written: str) -> UUID:
    from secunda.views.assignments import find
    from secunda.views.reading import reading

    with reading() as reader:
        return find(reader, written)
