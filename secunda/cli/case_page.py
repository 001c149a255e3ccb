"""A case as one calm page on the terminal."""

from collections.abc import Iterable, Iterator

from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from models.status import RequirementStatus
from pathways.overlay import ClockEnd
from secunda.cli.output import console
from secunda.cli.showing import DRAFT, counted, day, length, moment, words
from secunda.views.case_show import CaseView
from secunda.views.clocks import ClockView
from secunda.views.file import DocumentView, RequirementView
from secunda.views.panel import SeatHolder, SeatView

MARKS = {
    RequirementStatus.PENDING: "[ ]",
    RequirementStatus.RECEIVED: "[x]",
    RequirementStatus.WAIVED: "[-]",
    RequirementStatus.LIMITED: "[!]",
}

Row = tuple[str, ...]


def print_case(view: CaseView) -> None:
    """To standard output; texts from outside are never taken as markup."""
    screen = console()
    screen.print(f"[bold]{view.reference}[/bold]  {escape(view.pathway.title.en)} {view.pathway.version}")
    if view.pathway.draft:
        screen.print(DRAFT)
    screen.print()
    screen.print(_grid(_facts(view)))
    for title, rows in _sections(view).items():
        if rows:
            screen.print(f"\n[bold]{title}[/bold]")
            screen.print(Padding(_grid(rows), (0, 0, 0, 2), expand=False))


def _sections(view: CaseView) -> dict[str, list[Row]]:
    received = sum(one.received for one in view.documents)
    done = sum(one.status is not RequirementStatus.PENDING for one in view.checklist)
    return {
        "Clocks": [_clock(clock) for clock in view.clocks],
        "Questions": [(f"{one.number}.", escape(one.text), f"({one.asked_by})") for one in view.questions],
        f"Checklist ({done} of {len(view.checklist)})": [_requirement(one) for one in view.checklist],
        f"Documents ({received} of {len(view.documents)} received)": [_document(one) for one in view.documents],
        "Panel": [row for seat in view.panel for row in _seat(seat)],
        "Messages": [
            (moment(one.sent_at or one.due_at), words(one.event), f"to {one.recipient}", one.channel, one.status)
            for one in view.messages[:8]
        ],
        "Reports": [
            (f"version {one.version}", counted(one.pages, "page"), moment(one.rendered_at)) for one in view.reports
        ],
    }


def _facts(view: CaseView) -> list[Row]:
    facts = [
        ("Stage", f"[bold]{view.stage.en}[/bold]" + (f": {words(view.outcome)}" if view.outcome else "")),
        ("Must act", view.must_act),
        *([("On hold", f"{escape(view.hold.reason)} (was: {view.hold.stage.en})")] if view.hold else []),
        ("Urgency", "\n".join(_urgency(view))),
        ("Report due", moment(view.report_due_at) + (" [red](late)[/red]" if view.is_late else "")),
        ("Next look", moment(view.next_look_at)),
        ("Launched", moment(view.launched_at)),
        ("Consent", "; ".join(_consents(view)) or "not recorded"),
        ("Requester", escape(" · payer ".join(filter(None, (view.requester or "–", view.payer))))),
        ("Jurisdiction", f"{view.jurisdiction} ({escape(view.jurisdiction_title.en)}), report in {view.language}"),
        *([("Procedure", _procedure(view))] if view.planned_procedure else []),
        *([("Marked", ", ".join(view.flags))] if view.flags else []),
    ]
    return [fact for fact in facts if fact[1] != "–"]


def _procedure(view: CaseView) -> str:
    return escape(view.planned_procedure) + (f" on {day(view.procedure_on)}" if view.procedure_on else "")


def _urgency(view: CaseView) -> Iterator[str]:
    found = view.urgency
    yield f"{found.urgency} ({found.fhir_priority})" + (
        ", expected; triage follows when the file is complete" if found.expected else ""
    )
    if found.override:
        said = found.override
        yield f"set by {escape(said.by)} instead of {said.by_rules}: {escape(said.reason)}"
    yield from (f"{rule.urgency} because: {escape(rule.reason.en)}" for rule in found.rules)
    if not found.rules:
        yield "the pathway's default: no rule holds"


def _consents(view: CaseView) -> Iterator[str]:
    for one in view.consents:
        ended = f"withdrawn {moment(one.withdrawn_at)}" if one.withdrawn_at else ""
        until = f"until {moment(one.expires_at)}" if one.expires_at and not ended else ""
        yield " ".join(filter(None, (words(one.purpose), moment(one.given_at), until, ended)))


def _clock(clock: ClockView) -> Row:
    notes = [clock.source] if clock.source else []
    notes += [f"stood still for {length(clock.stopped_for)}"] if clock.stopped_for else []
    notes += [f"stopped since {moment(clock.stopped_since)}"] if clock.stopped_since else []
    unverified = "" if clock.verified else "[yellow]not checked against the official text[/yellow]"
    due = moment(clock.due_at) if clock.due_at else "stopped" if clock.stopped_since else "not started"
    binds = (
        "[bold]binds[/bold]" if clock.binds else "" if clock.ends is ClockEnd.REPORT else f"until {words(clock.ends)}"
    )
    return due, binds, "\n".join(filter(None, (escape(clock.title.en), escape("; ".join(notes)), unverified)))


def _requirement(one: RequirementView) -> Row:
    how = f"document {one.document}" if one.document else escape(one.reason)
    near = [f"document {miss.document}: {words(miss.reason)}" for miss in one.near_misses]
    asked = f"asked of the {one.held_by}" if one.status is RequirementStatus.PENDING else words(one.status)
    notes = " · ".join(filter(None, (one.obligation, asked, how, *near)))
    return escape(MARKS[one.status]), one.key, f"{escape(one.title.en)}\n[dim]{notes}[/dim]"


def _document(one: DocumentView) -> Row:
    title = escape(one.title or (one.kind.en if one.kind else "untitled"))
    why_not = one.refusal or (f"the same file as document {one.same_as}" if one.same_as else "")
    state = "" if one.received else f"not received: {why_not}" if why_not else "not received"
    apart = "not used: names another patient; `secunda case confirm` if it is right" if one.names_somebody_else else ""
    notes = [*filter(None, (state, apart)), *(words(warning) for warning in one.warnings)]
    pages = counted(one.pages, "page") if one.pages else ""
    return (
        f"{one.number}.",
        day(one.documented_on),
        one.loinc,
        title,
        pages,
        f"[yellow]{escape('; '.join(notes))}[/yellow]",
    )


def _seat(seat: SeatView) -> Iterator[Row]:
    marks = [*(["chair"] if seat.is_chair else []), *(["reads blind first"] if seat.blind_first else [])]
    title = escape(seat.title.en) + (f"\n[dim]{', '.join(marks)}[/dim]" if marks else "")
    yield (seat.name, title, *(_holder(seat.holder) if seat.holder else ("nobody", "", "")))
    for one in seat.former:
        yield (
            "",
            "",
            f"[dim]{escape(one.name)} ({escape(one.expert)})[/dim]",
            f"[dim]{one.status}[/dim]",
            escape(one.end_reason),
        )


def _holder(one: SeatHolder) -> Row:
    opinion = f", opinion: {one.opinion}" if one.opinion else ""
    due = (
        f"signed {moment(one.completed_at)}"
        if one.completed_at
        else f"due {moment(one.opinion_due_at or one.accept_by)}"
    )
    return f"{escape(one.name)} ({escape(one.expert)})", f"{one.status}{opinion}", due


def _grid(rows: Iterable[Row]) -> Table:
    table = Table.grid(padding=(0, 2))
    for row in rows:
        table.add_row(*row)
    return table
