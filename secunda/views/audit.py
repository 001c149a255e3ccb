"""Whether the event log is as it was written, case by case."""

from collections.abc import Iterator, Sequence

from sqlmodel import Session, col, select

from models import Case
from pathways.vocabulary import Frozen
from secunda import cases
from secunda.events import verify as verify_chain
from secunda.standing import differences

BATCH = 200  # keys that are read ahead


class DifferenceView(Frozen):
    """Something that a case's events and its tables do not say alike; empty where one of them says nothing."""

    about: str
    events_say: str
    tables_say: str


class ChainResult(Frozen):
    """One case's chain. `problem` is empty where it holds; else `sequence` is the first event that does not.

    `differences`: where the tables say something else than the events, if that was asked for.
    """

    case: str
    events: int
    sequence: int | None = None
    problem: str = ""
    differences: tuple[DifferenceView, ...] = ()

    @property
    def is_sound(self) -> bool:
        return not self.problem and not self.differences


def verify(
    session: Session, references: Sequence[str] | None = None, *, replaying: bool = False
) -> Iterator[ChainResult]:
    """All cases in the order of their launch, or those named; raises NotFoundError for an unknown one."""
    for case in _cases(session, references):
        broken = verify_chain(session, case)
        found = {"sequence": broken.sequence, "problem": broken.problem} if broken else {}
        differing = [vars(one) for one in differences(session, case)] if replaying and not broken else []
        said = {"case": case.reference, "events": case.event_count, "differences": differing}
        yield ChainResult.model_validate(said | found)
        session.expunge_all()  # a million cases do not fit into memory


def _cases(session: Session, references: Sequence[str] | None) -> Iterator[Case]:
    if references is None:
        # Their keys alone are read ahead: rows that were would belong to the session that is emptied after each case.
        keys = session.exec(select(Case.id).order_by(col(Case.launched_at)).execution_options(yield_per=BATCH))
        yield from (session.get_one(Case, key) for key in keys)
    else:
        yield from (cases.by_reference(session, reference) for reference in references)
