"""Taking in a file: receive, examine, store. A refused file, or one with such a file inside, leaves nothing behind."""

from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO

from secunda.adapters.file_facts import FileFacts
from secunda.adapters.filetype import examine
from secunda.adapters.storage import Pending, Source, StoredFile, pending
from secunda.errors import BadInputError

MAX_NESTING = 3  # a PDF in a CDA in a DICOM object


@dataclass(frozen=True)
class TakenIn:
    """A stored file, what it is, and the documents that were inside it, stored as files of their own."""

    file: StoredFile
    facts: FileFacts
    parts: tuple["TakenIn", ...] = ()


@dataclass(frozen=True)
class _Examined:
    arrived: Pending
    facts: FileFacts
    parts: tuple["_Examined", ...]

    def commit(self) -> TakenIn:
        return TakenIn(self.arrived.commit(), self.facts, tuple(part.commit() for part in self.parts))


def take_in(source: Source, limit_bytes: int | None = None) -> TakenIn:
    """Store `source` and what is embedded in it, all of it or nothing.

    Raises BadInputError with the reason and the remedy when any of it is too large, unsafe, damaged or of a kind that
    is not accepted. Doing it twice stores it once.
    """
    with ExitStack() as stack:
        return _examined(stack, source, limit_bytes, depth=1).commit()


def _examined(stack: ExitStack, source: Source, limit_bytes: int | None, depth: int) -> _Examined:
    if depth > MAX_NESTING:
        raise BadInputError("Documents are nested too deeply.", "Attach the inner documents one by one.")
    arrived = stack.enter_context(pending(source, limit_bytes))
    facts = examine(arrived.path)
    inner = (_examined(stack, BytesIO(part.content), limit_bytes, depth + 1) for part in facts.embedded)
    return _Examined(arrived, facts, tuple(inner))
