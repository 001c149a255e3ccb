"""`secunda case waive`, `hold`, `flag` …: what a coordinator decides about a case."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from secunda.cli.options import Actor, Reason, Reference, day, end_of, owed_word_of, who
from secunda.cli.output import AsJson, print_done

Key = Annotated[str, typer.Argument(metavar="DOCUMENT", help="The requirement's key, as `secunda case show` lists it.")]


def waive(reference: Reference, key: Key, reason: Reason = "", actor: Actor = "", as_json: AsJson = False) -> None:
    """Do without a document that is not needed after all."""
    from secunda.actions.checklist import waive as act

    act(reference, key, who(actor), reason)
    _done(reference, f"{key} was waived.", as_json)


def limit(reference: Reference, key: Key, reason: Reason = "", actor: Actor = "", as_json: AsJson = False) -> None:
    """Go on without a document that cannot be obtained; the report states the limitation."""
    from secunda.actions.checklist import limit as act

    act(reference, key, who(actor), reason)
    _done(reference, f"{key} cannot be obtained; the report will state the limitation.", as_json)


def confirm(
    reference: Reference,
    number: Annotated[int, typer.Argument(help="The document's number, as `secunda case show` lists it.")],
    reason: Reason = "",
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Say that a document which names another patient is about this one after all."""
    from secunda.actions.identity import confirm_patient as act

    act(reference, number, who(actor), reason)
    _done(reference, f"Document {number} counts from now on.", as_json)


def hold(reference: Reference, reason: Reason = "", actor: Actor = "", as_json: AsJson = False) -> None:
    """Stop a case and all its clocks."""
    from secunda.actions.hold import hold as act

    act(reference, who(actor), reason)
    _done(reference, "The case is on hold; `secunda case resume` goes on.", as_json)


def resume(reference: Reference, actor: Actor = "", as_json: AsJson = False) -> None:
    """Go on with a case that is on hold."""
    from secunda.actions.hold import resume as act

    act(reference, who(actor))
    _done(reference, "The case goes on; its open deadlines moved by the time that it stood still.", as_json)


def withdraw(reference: Reference, reason: Reason = "", actor: Actor = "", as_json: AsJson = False) -> None:
    """End a case because whoever asked does not want the opinion any more."""
    from secunda.actions.withdraw import withdraw as act

    act(reference, who(actor), reason)
    _done(reference, "The case was withdrawn; its experts are released and whoever waits is told.", as_json)


def flag(
    reference: Reference,
    keys: Annotated[list[str], typer.Argument(metavar="FLAG...", help="As `secunda pathway show` lists them.")],
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Mark clinical situations; a red flag closes the case with the emergency redirect."""
    from secunda.actions.triage import set_flags

    set_flags(reference, keys, who(actor))
    _done(reference, f"Marked: {', '.join(keys)}.", as_json)


def urgency(
    reference: Reference,
    to: Annotated[str, typer.Argument(metavar="CLASS", help="P1, P2 or P3.")],
    reason: Reason = "",
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Set another urgency class than the rules'."""
    from pathways.vocabulary import Urgency
    from secunda.actions.triage import override_urgency

    chosen = owed_word_of(Urgency, to, "CLASS")
    override_urgency(reference, chosen, who(actor), reason)
    _done(reference, f"The case is of class {chosen} now.", as_json)


def stop_clock(
    reference: Reference,
    why: Annotated[str, typer.Argument(metavar="WHY", help="test_pending or waiting_for_patient.")],
    reason: Reason = "",
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Stop the report's clocks that stand still for this; `hold` stops everything."""
    from pathways.overlay import StopReason
    from secunda.actions.clocks import stop_clocks

    stop_clocks(reference, owed_word_of(StopReason, why, "WHY"), who(actor), reason)
    _done(reference, "Its clocks stand still; `secunda case start-clock` lets them run again.", as_json)


def start_clock(
    reference: Reference,
    why: Annotated[str, typer.Argument(metavar="WHY", help="What they were stopped for.")],
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Let clocks run again that were stopped."""
    from pathways.overlay import StopReason
    from secunda.actions.clocks import start_clocks

    start_clocks(reference, owed_word_of(StopReason, why, "WHY"), who(actor))
    _done(reference, "Its clocks run again.", as_json)


def extend_clock(
    reference: Reference,
    key: Annotated[str, typer.Argument(metavar="CLOCK", help="The legal clock's key in its jurisdiction's file.")],
    reason: Reason = "",
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Give a clock of the law the more time that the law allows."""
    from secunda.actions.clocks import extend_clock as act

    act(reference, key, who(actor), reason)
    _done(reference, f"The clock {key} was extended.", as_json)


def consent(
    reference: Reference,
    withdrawn: Annotated[bool, typer.Option("--withdraw", help="The patient took it back.")] = False,
    purpose: Annotated[str, typer.Option(help="What was consented to.")] = "second_opinion",
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Its last day, ISO 8601.")] = None,
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Record the patient's consent, or that it was taken back."""
    from secunda.actions.consent import give_consent, withdraw_consent

    if withdrawn:
        withdraw_consent(reference, who(actor), purpose=purpose)
        return _done(reference, "The consent was withdrawn.", as_json)
    give_consent(reference, who(actor), purpose=purpose, expires_at=end_of(day(until, "--until")))
    return _done(reference, "The consent was recorded.", as_json)


def _done(reference: str, sentence: str, as_json: bool) -> None:
    """What was done, and where the case stands now."""
    from models.status import CASE_BADGES
    from secunda import cases
    from secunda.db import transaction

    with transaction() as session:
        case = cases.by_reference(session, reference)
    facts = {"case": case.reference, "status": case.status, "stage": CASE_BADGES[case.status]}
    print_done(facts, f"{case.reference}: {sentence}", as_json=as_json)


COMMANDS: dict[str, Callable[..., Any]] = {
    "waive": waive,
    "limit": limit,
    "confirm": confirm,
    "hold": hold,
    "resume": resume,
    "withdraw": withdraw,
    "flag": flag,
    "urgency": urgency,
    "stop-clock": stop_clock,
    "start-clock": start_clock,
    "extend-clock": extend_clock,
    "consent": consent,
}
