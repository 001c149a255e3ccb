"""Who may do what, as one table. What the state of a case allows is another matter, which the actions check.

Every page names one permission; a test reads the pages and fails on one that names none.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from models.user_status import Role


class Permission(StrEnum):
    """One kind of thing to do."""

    OWN_ACCOUNT = "own_account"  # one's own password, second factor, sessions, language
    SEE_CASES = "see_cases"  # work list and case page, without what patients' papers say
    SEE_DOCUMENTS = "see_documents"  # the papers themselves, and the report
    SEE_PANEL = "see_panel"  # experts, candidates and why; messages
    SEE_HISTORY = "see_history"
    LAUNCH_CASES = "launch_cases"
    ACT_ON_CASES = (
        "act_on_cases"  # remind, settle the checklist, papers, consent, panel, board, clocks, hold, withdraw, amend
    )
    OVERRIDE_URGENCY = "override_urgency"
    WAIVE_REQUIRED = "waive_required"  # a required document on one's own word; others name the physician who agreed
    SEE_PATHWAYS = "see_pathways"
    SEE_OVERVIEW = "see_overview"
    OPERATE = "operate"  # workers, backlog, failures, Prefect's dashboard; nothing about patients


P = Permission
_EVERYBODY: Final = frozenset({P.OWN_ACCOUNT})
_CASEWORK: Final = _EVERYBODY | {
    P.SEE_CASES,
    P.SEE_DOCUMENTS,
    P.SEE_PANEL,
    P.SEE_HISTORY,
    P.LAUNCH_CASES,
    P.ACT_ON_CASES,
    P.OVERRIDE_URGENCY,
    P.SEE_PATHWAYS,
    P.SEE_OVERVIEW,
}

PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.COORDINATOR: _CASEWORK,
    Role.MEDICAL_DIRECTOR: _CASEWORK | {P.WAIVE_REQUIRED},
    Role.OPS: _EVERYBODY | {P.OPERATE, P.SEE_PATHWAYS, P.SEE_OVERVIEW},
    Role.AUDITOR: _EVERYBODY | {P.SEE_CASES, P.SEE_PANEL, P.SEE_HISTORY, P.SEE_PATHWAYS, P.SEE_OVERVIEW},
    Role.PAYER_VIEWER: _EVERYBODY | {P.SEE_CASES},  # of the payer's own cases
}


def may(role: Role, permission: Permission) -> bool:
    """Whether the role may."""
    return permission in PERMISSIONS[role]
