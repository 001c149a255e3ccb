"""`secunda adjudication …`: what the board decided."""

from typing import Annotated

import typer

from secunda.cli.options import Actor, Reason, Reference, owed_word_of, who
from secunda.cli.output import AsJson, print_done

app = typer.Typer(no_args_is_help=True)
app.callback()(lambda: None)  # so that the one command keeps its name

CHANGES = "confirmed, clarified or changed."


@app.command()
def record(
    reference: Reference,
    stance: Annotated[str, typer.Option(help="The proposed treatment is supported, uncertain or not_supported.")],
    diagnosis: Annotated[str, typer.Option(help=f"The first diagnosis is {CHANGES}")],
    treatment: Annotated[str, typer.Option(help=f"The proposed treatment is {CHANGES}")],
    reason: Reason = "",
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Record what the board decided; the case goes on to its report."""
    from pathways.opinion import Stance
    from pathways.readings import BoardDecision
    from pathways.vocabulary import Concordance
    from secunda.actions.adjudication import record_board_decision
    from secunda.actions.reasons import owed

    decision = BoardDecision(
        stance=owed_word_of(Stance, stance, "--stance"),
        diagnosis_concordance=owed_word_of(Concordance, diagnosis, "--diagnosis"),
        treatment_concordance=owed_word_of(Concordance, treatment, "--treatment"),
        reason=owed(reason),
    )
    record_board_decision(reference, decision, who(actor))
    print_done({"case": reference.upper(), "decision": decision}, "The board's decision was recorded.", as_json=as_json)
