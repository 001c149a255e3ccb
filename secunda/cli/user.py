"""`secunda user …`: the accounts of those who work here."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from models.user_status import Role
from secunda.cli.output import AsJson, print_done, print_rows

if TYPE_CHECKING:
    from models import User

app = typer.Typer(no_args_is_help=True)

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The address that they sign in with.")]
ONCE = "Tell it to them by another way than e-mail: it is shown this once, and changed at the first sign-in."


@app.command("add")
def add(
    email: Email,
    role: Annotated[Role, typer.Option(help="What they are here.")],
    name: Annotated[str, typer.Option(help="How they are called.")] = "",
    payer: Annotated[str, typer.Option(metavar="SLUG", help="Whose cases a payer's viewer sees.")] = "",
    language: Annotated[str, typer.Option(help="es, ca, en, fr, de or pt; empty: as the browser says.")] = "",
    elsewhere: Annotated[bool, typer.Option(help="They sign in by OpenID Connect only.")] = False,
    as_json: AsJson = False,
) -> None:
    """Open an account, with a temporary password that is shown once."""
    from secunda.accounts.managing import add_user
    from secunda.db import transaction

    with transaction() as session:
        made = add_user(session, email, name, role, payer=payer, language=language, elsewhere=elsewhere)
        facts = _facts(made.user) | {"password": made.password}
    told = f" Password: {made.password}\n{ONCE}" if made.password else " They sign in elsewhere."
    print_done(facts, f"{facts['email']} ({role.value}).{told}", as_json=as_json)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the accounts."""
    from secunda.accounts.managing import all_users
    from secunda.db import transaction

    with transaction() as session:
        found = [_facts(user) for user in all_users(session)]
    columns = {"email": "E-mail", "name": "Name", "role": "Role", "payer": "Payer", "is_active": "Active"}
    print_rows(found, columns | {"second_factor": "Second factor"}, as_json=as_json)


@app.command("disable")
def disable(email: Email, as_json: AsJson = False) -> None:
    """Close an account: nobody signs in with it, and it is signed out everywhere."""
    from secunda.accounts import managing
    from secunda.db import transaction

    with transaction() as session:
        facts = _facts(managing.disable(session, email))
    print_done(facts, f"{facts['email']} can sign in no more.", as_json=as_json)


@app.command("enable")
def enable(email: Email, as_json: AsJson = False) -> None:
    """Open a closed account again."""
    from secunda.accounts import managing
    from secunda.db import transaction

    with transaction() as session:
        facts = _facts(managing.enable(session, email))
    print_done(facts, f"{facts['email']} can sign in again.", as_json=as_json)


@app.command("reset")
def reset(email: Email, as_json: AsJson = False) -> None:
    """A new temporary password and no second factor, for somebody who lost theirs."""
    from secunda.accounts import managing
    from secunda.db import transaction

    with transaction() as session:
        made = managing.reset(session, email)
        facts = _facts(made.user) | {"password": made.password}
    print_done(facts, f"{facts['email']}. Password: {made.password}\n{ONCE}", as_json=as_json)


def _facts(user: "User") -> dict[str, Any]:
    return {
        "email": user.email,
        "name": user.name,
        "role": user.role.value,
        "payer": user.payer,
        "language": user.language,
        "is_active": user.is_active,
        "second_factor": user.totp_confirmed_at is not None,
        "last_signed_in_at": user.last_signed_in_at,
    }
