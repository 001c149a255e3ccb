"""Moving the open cases of a specialty to another version of its pathway: what it would change, and doing it."""

from collections.abc import Callable, Iterator, Sequence

from sqlmodel import Session, col, select

from models import Case, PathwayVersion
from models.status import CaseStatus
from pathways import check
from pathways.loader import LoadedPathway
from secunda import cases, clock, moving
from secunda.actions.reasons import owed
from secunda.db import transaction
from secunda.errors import BadInputError, ConflictError
from secunda.moving import Move


def moves(to: LoadedPathway, references: Sequence[str] = ()) -> Iterator[Move]:
    """What moving each open case that is pinned to another version would change; nothing is changed.

    `references`: of these cases only. Raises BadInputError for a pathway that is not fit to move cases to.
    """
    _check(to)
    yield from _each(to, references, lambda session, case: moving.try_move(session, case, to, clock.now()))


def move(to: LoadedPathway, actor: str, reason: str, references: Sequence[str] = ()) -> Iterator[Move]:
    """Move every such case that can be moved, each in a transaction of its own; a reason is owed, and kept.

    Cases with obstacles stay where they are. Doing it again does nothing more.
    """
    why = owed(reason)
    _check(to)
    yield from _each(to, references, lambda session, case: moving.move(session, case, to, actor, clock.now(), why))


def _each(to: LoadedPathway, references: Sequence[str], act: Callable[[Session, Case], Move]) -> Iterator[Move]:
    for reference in _concerned(to, references):
        with transaction() as session:
            case = cases.lock_by_reference(session, reference)
            found = None if case.pathway_hash == to.hash or case.status is CaseStatus.CLOSED else act(session, case)
        if found is not None:
            yield found


def _concerned(to: LoadedPathway, references: Sequence[str]) -> list[str]:
    """The references of the cases, in the order of their launch. Raises ConflictError for one of another specialty."""
    specialty = to.pathway.pathway
    with transaction() as session:
        for reference in references:
            case = cases.by_reference(session, reference)
            cases.check_is_open(case)
            if case.specialty != specialty:
                raise ConflictError(f"Case {case.reference} is on the pathway {case.specialty}, not {specialty}.")
        query = select(Case.reference).where(
            Case.specialty == specialty, col(Case.status) != CaseStatus.CLOSED, Case.pathway_hash != to.hash
        )
        wanted = {reference.strip().upper() for reference in references}
        found = session.exec(query.order_by(col(Case.launched_at), col(Case.reference)))
        return [reference for reference in found if not wanted or reference in wanted]


def _check(to: LoadedPathway) -> None:
    """Raises BadInputError where the file has problems, or says that it is a version that it is not."""
    if problems := check.check(to.path):
        raise BadInputError(
            f"{len(problems)} things are wrong in it: {problems[0].what}.",
            "`secunda pathway check` lists them all; cases are moved to a sound pathway only.",
            place=problems[0].place,
        )
    with transaction() as session:
        query = select(PathwayVersion.hash).where(
            PathwayVersion.specialty == to.pathway.pathway.value,
            PathwayVersion.version == to.pathway.version,
            PathwayVersion.hash != to.hash,
        )
        if session.exec(query).first() is not None:
            raise BadInputError(
                f"Cases were pinned to a version {to.pathway.version} that says something else.",
                "Raise `version:` in the file, so that the two can be told apart.",
                place=str(to.path),
            )
