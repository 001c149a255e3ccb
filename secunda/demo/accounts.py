"""Accounts to look at the demonstration with; their passwords are printed, which only a demonstration may do."""

from collections.abc import Iterator
from typing import Final

from models.user_status import Role
from secunda.accounts.managing import add_user
from secunda.db import transaction
from secunda.demo.scenario import CASES
from secunda.settings import settings

PEOPLE: Final = {
    Role.COORDINATOR: ("ana@demo.example", "Ana Puig"),
    Role.MEDICAL_DIRECTOR: ("marc@demo.example", "Dr. Marc Soler"),
    Role.OPS: ("olga@demo.example", "Olga Ferrer"),
    Role.AUDITOR: ("eva@demo.example", "Eva Ruiz"),
    Role.PAYER_VIEWER: ("vera@demo.example", "Vera Gil"),
}


def accounts() -> Iterator[str]:
    """Open one account a role; tells where to sign in, and each address with its password."""
    payer = next((case.payer for case in CASES if case.payer), "demo-payer")
    yield f"Sign in at {settings().public_url}/sign-in (the second factor is set up at the first sign-in):"
    with transaction() as session:
        for role, (email, name) in PEOPLE.items():
            made = add_user(session, email, name, role, payer=payer if role is Role.PAYER_VIEWER else "")
            yield f"  {role.value.replace('_', ' ')}: {email}  {made.password}"
