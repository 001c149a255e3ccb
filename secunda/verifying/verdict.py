"""What is said of a PDF that somebody wants checked."""

from datetime import datetime
from enum import StrEnum

from pathways.vocabulary import Frozen
from secunda.errors import BadInputError


class Finding(StrEnum):
    """What the file itself shows."""

    INTACT = "intact"
    ALTERED = "altered"
    UNSIGNED = "unsigned"
    UNTRUSTED = "untrusted"  # whole, but signed by nobody whom an authority of ours vouches for


class Standing(StrEnum):
    """What the installation that issued it says."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    NOT_ISSUED = "not_issued"  # it has no such file, or another one for this version
    UNKNOWN = "unknown"  # it could not be asked


class SeenSignature(Frozen):
    """One signature, by the name in its certificate. `signed_at` is what the signature says, or its time stamp proves.

    `seal`: the last one, which covers the whole file. `demo`: made with a certificate of a demonstration.
    """

    name: str
    signed_at: datetime | None
    time_stamped: bool = False
    trusted: bool = False
    seal: bool = False
    demo: bool = False


class Examination(Frozen):
    """What the bytes alone show. `problem` says in English where it breaks; the rest is empty unless they are intact.

    `reference` and `version` are what the report says of itself, under its seal.
    """

    finding: Finding
    sha256: str
    problem: str = ""
    signatures: tuple[SeenSignature, ...] = ()
    reference: str = ""
    version: int | None = None


class CheckedReport(Frozen):
    """The whole answer. `newest_version` is the one that replaced it."""

    finding: Finding
    standing: Standing
    sha256: str
    problem: str = ""
    signatures: tuple[SeenSignature, ...] = ()
    reference: str = ""
    version: int | None = None
    newest_version: int | None = None

    @property
    def exit_status(self) -> int:
        """0 what it claims to be, 1 not to be relied on, 3 replaced by a newer version."""
        if self.finding is not Finding.INTACT or self.standing is Standing.NOT_ISSUED:
            return 1
        return 3 if self.standing is Standing.SUPERSEDED else 0


class UnreadableFileError(BadInputError):
    """It is no PDF, or too damaged to be read as one."""

    code = "unreadable_pdf"

    def __init__(self) -> None:
        super().__init__(
            "This is no PDF, or one that is too damaged to be read.",
            "Check the file as it was sent to you.",
        )
