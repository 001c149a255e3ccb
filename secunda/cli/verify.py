"""`secunda verify FILE.pdf`: whether a report is as it was issued."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from secunda.cli.output import AsJson, plain, print_json
from secunda.errors import BadInputError

if TYPE_CHECKING:
    from secunda.verifying.verdict import CheckedReport, Examination, SeenSignature


def command(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The report's PDF; - reads standard input.")],
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask the file alone, not the database of this installation.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say whether a report is intact, by whom and when it was signed, and whether it is current.

    Exits 0 when it is intact (and not known to be replaced), 1 when it was altered, is not signed by anybody trusted or
    was never issued, 2 when it is no readable PDF, 3 when it is intact and a newer version has replaced it.
    """
    from secunda.verifying.child import examine_safely

    found = examine_safely(_read(file))
    answer = _without_database(found) if offline else _with_database(found)
    if as_json:
        print_json(plain(answer) | {"exit_status": answer.exit_status})
    else:
        print(*_said(answer), sep="\n")
    raise typer.Exit(answer.exit_status)


def _read(file: str) -> bytes:
    from secunda.verifying.child import LARGEST

    if file == "-":
        return sys.stdin.buffer.read(LARGEST + 1)
    try:
        with Path(file).open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as error:
        raise BadInputError(f"The file cannot be read: {error.strerror}.", "Check its name.", place=file) from None


def _with_database(found: "Examination") -> "CheckedReport":
    """Where no database answers, as on somebody else's computer, the file speaks for itself."""
    from psycopg import Error
    from sqlalchemy.exc import SQLAlchemyError

    from secunda.db import transaction
    from secunda.errors import SecundaError
    from secunda.verifying.issued import check_issued

    try:
        with transaction() as session:
            return check_issued(session, found)
    except (SQLAlchemyError, Error, SecundaError):
        return _without_database(found)


def _without_database(found: "Examination") -> "CheckedReport":
    from secunda.verifying.issued import checked
    from secunda.verifying.verdict import Standing

    return checked(found, Standing.UNKNOWN)


FINDINGS = {
    "intact": "Intact: nothing in this file has changed since it was signed.",
    "altered": "ALTERED: this file is not as it was signed. Do not rely on it.",
    "unsigned": "NOT SIGNED: nobody vouches for this file. Do not rely on it.",
    "untrusted": "SIGNED BY SOMEBODY UNKNOWN: no authority in SECUNDA_TRUSTED_CERTIFICATES vouches for who signed it.",
}
STANDINGS = {
    "current": "Current: it is the newest version.",
    "superseded": "SUPERSEDED: version {newest} has replaced it.",
    "not_issued": "NOT ISSUED HERE: this installation never issued this file.",
    "unknown": "Whether a newer version has replaced it could not be asked here; the page behind its QR code tells.",
}


def _said(answer: "CheckedReport") -> list[str]:
    lines = [FINDINGS[answer.finding.value]]
    lines += [f"  {answer.problem}" for _ in (1,) if answer.problem]
    if answer.reference:
        lines.append(f"Report {answer.reference}, version {answer.version}.")
    lines += [_signature(one) for one in answer.signatures]
    if answer.finding.value == "intact":
        lines.append(STANDINGS[answer.standing.value].format(newest=answer.newest_version))
    return [*lines, f"SHA-256 {answer.sha256}"]


def _signature(one: "SeenSignature") -> str:
    when = one.signed_at.astimezone().strftime("%Y-%m-%d %H:%M %Z") if one.signed_at else "at an unknown time"
    what = "Sealed by" if one.seal else "Signed by"
    notes = [note for note, holds in (("time-stamped", one.time_stamped), ("not trusted", not one.trusted)) if holds]
    return f"{what} {one.name}, {when}" + (f" ({', '.join(notes)})" if notes else "")
