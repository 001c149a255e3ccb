"""What makes the work list quick with a hundred thousand open cases: one index a way of sorting, and the search.

And what makes waiting free: the worker asks every second which cases are marked.
"""

from typing import Final

from sqlalchemy import Index, text

NEVER: Final = "'infinity'::timestamptz"
DUE: Final = text(f"coalesce(report_due_at, {NEVER})")
OPEN: Final = text("status <> 'closed'")
_PLAIN: Final = "translate(lower({}), 'áàäâãéèëêíìïîóòöôõúùüûñç-'::text, 'aaaaaeeeeiiiiooooouuuunc '::text)"


def _joined(*columns: str) -> str:
    """The columns with spaces between, in the very words in which PostgreSQL tells the index: Alembic compares them."""
    text = f"({columns[0]}::text || ' '::text) || {columns[1]}::text"
    for column in columns[2:]:
        text = f"(({text}) || ' '::text) || {column}::text"
    return text


#: Written alike in the index and in the query, or PostgreSQL does not see that they are the same.
CASE_WORDS: Final = f"""to_tsvector('simple'::regconfig, {
    _PLAIN.format(
        _joined("reference", "requester", "payer", "planned_procedure", "first_institution", "operating_site")
    )
})"""
PATIENT_WORDS: Final = (
    f"(to_tsvector('simple'::regconfig, {_PLAIN.format(_joined('given_name', 'family_name'))})"
    " || jsonb_to_tsvector('simple'::regconfig, identifiers, '[\"string\"]'::jsonb))"
)

CASE_INDEXES: Final = (
    Index(
        "ix_care_case_open_urgency", "urgency", text(f"coalesce(report_due_at, {NEVER})"), "id", postgresql_where=OPEN
    ),
    Index("ix_care_case_open_due", text(f"coalesce(report_due_at, {NEVER})"), "id", postgresql_where=OPEN),
    Index("ix_care_case_open_waiting", text(f"coalesce(waiting_since, {NEVER})"), "id", postgresql_where=OPEN),
    Index("ix_care_case_open_launched", "launched_at", "id", postgresql_where=OPEN),
    Index("ix_care_case_closed", "closed_at", "id", postgresql_where=text("status = 'closed'")),
    Index("ix_care_case_open_stage", "status", "specialty", postgresql_where=OPEN),  # the overview counts by it
    Index("ix_care_case_open_overdue", "report_due_at", postgresql_where=OPEN),
    Index("ix_care_case_launched", "launched_at"),
    Index("ix_care_case_marked", "wake_requested_at", postgresql_where=text("wake_requested_at IS NOT NULL")),
    Index("ix_care_case_failing", "status", "specialty", postgresql_where=text("failures > 0")),
    Index("ix_care_case_on_hold", "hold_cause", "specialty", postgresql_where=text("status = 'on_hold'")),
    # Who is executed now. BRIN, since a lease is written twice an execution: it alone leaves such a write in its page.
    Index(
        "ix_care_case_leased",
        "lease_until",
        postgresql_using="brin",
        postgresql_with={"pages_per_range": 16, "autosummarize": True},
    ),
    Index("ix_care_case_words", text(CASE_WORDS), postgresql_using="gin"),
)
PATIENT_INDEXES: Final = (Index("ix_patient_words", text(PATIENT_WORDS), postgresql_using="gin"),)
