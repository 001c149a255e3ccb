"""What is wrong in a pathway, or in what a rule was asked, in words for the person who must mend it."""

from collections.abc import Iterable
from dataclasses import dataclass


class PathwayError(Exception):
    """An error with its remedy and its place: `file:line:column`, a JSON pointer, or the name of the argument.

    The texts hold no patient data.
    """

    code = "pathway"
    exit_status = 1

    def __init__(self, message: str, remedy: str = "", *, place: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.place = place

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.message}" + (f" {self.remedy}" if self.remedy else "")


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in a pathway file; `line` and `column` count from 1."""

    file: str
    line: int
    column: int
    what: str
    remedy: str

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def __str__(self) -> str:
        return f"{self.place}: {self.what}; {self.remedy}"


class PathwayFileError(PathwayError):
    """A pathway file that cannot be used: everything that is wrong in it, in the order of its lines."""

    code = "pathway_file"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        first = self.problems[0]
        super().__init__(f"{first.what};", first.remedy, place=first.place)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))
