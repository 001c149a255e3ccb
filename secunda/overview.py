"""Where a case stands, as Markdown for ops: checklist, panel and deadlines by key. No name, no clinical text."""

from datetime import datetime

from models.status import CASE_BADGES, CASE_OWNERS
from secunda.case_context import CaseContext
from secunda.panel import expert_of, panel_of


def overview(context: CaseContext) -> str:
    """The Markdown of one case; experts stand by their directory code."""
    case = context.case
    facts: list[tuple[str, ...]] = [
        ("Pathway", f"{case.specialty} {context.pathway.version} (`{case.pathway_hash[:12]}`)"),
        ("Class", case.urgency or "not triaged yet"),
        ("Stage", CASE_BADGES[case.status]),
        ("Who must act", CASE_OWNERS[case.status].value),
        ("Payer", case.payer or "–"),
        ("Launched", _time(case.launched_at)),
        ("File complete", _time(case.file_complete_at)),
        ("Report due", _time(case.report_due_at)),
    ]
    draft = "\n> Draft pathway, not clinically approved.\n" if context.pathway.review.is_draft else ""
    return "\n".join(
        [
            f"# {case.reference}",
            draft,
            _table(("", ""), facts),
            "\n## Checklist\n",
            _table(("Document", "Obligation", "Status"), _checklist(context)),
            "\n## Panel\n",
            _table(("Role", "Expert", "Status", "Due"), _panel(context)),
        ]
    )


def _checklist(context: CaseContext) -> list[tuple[str, ...]]:
    return [(row.key, row.obligation, row.status.value) for row in context.requirements]


def _panel(context: CaseContext) -> list[tuple[str, ...]]:
    panel = panel_of(context)
    rows: list[tuple[str, ...]] = []
    for seat in panel.seats:
        assignment = panel.held.get((seat.role, seat.seat))
        if assignment is None:
            rows.append((seat.role, "–", "empty", "–"))
            continue
        due = assignment.opinion_due_at or assignment.accept_by
        rows.append((seat.role, expert_of(context, assignment).code, assignment.status.value, _time(due)))
    return rows


def _time(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC") if moment else "–"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
