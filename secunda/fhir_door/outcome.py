"""What went wrong, as an OperationOutcome: a code, the element (FHIRPath), and what to do about it in plain English.

Sources: FHIR R4 OperationOutcome, value set issue-type; Da Vinci PAS 2.2 on transaction errors.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from secunda.adapters.fhir.problems import BundleError, Problem
from secunda.errors import BadInputError, ConflictError, NotFoundError, SecundaError
from secunda.fhir_door.names import Json

_POINTER = re.compile(r"(/[A-Za-z0-9_]+)+")
#: What a problem says of its element, and the issue type that this is; the first that fits.
_CODES = (
    ("turn the meaning round", "extension"),
    ("is required", "required"),
    ("leads to nothing", "not-found"),
    ("stands twice", "duplicate"),
    ("is no element", "structure"),
    ("must be", "structure"),
    ("must not be empty", "structure"),
    ("is not built", "structure"),
    ("is not one that is accepted", "code-invalid"),
    ("is not asked for", "business-rule"),
    ("is written as in", "not-supported"),
)


@dataclass(frozen=True)
class Issue:
    """One fault. `expressions` are FHIRPath; none where the fault lies in no element (a header, malformed JSON)."""

    code: str
    text: str
    remedy: str = ""
    expressions: tuple[str, ...] = ()
    severity: str = "error"

    def as_fhir(self) -> Json:
        said = f"{self.text} {self.remedy}".strip()
        issue: Json = {"severity": self.severity, "code": self.code, "details": {"text": self.text}}
        issue["diagnostics"] = said
        return issue | ({"expression": list(self.expressions)} if self.expressions else {})


class DoorError(SecundaError):
    """An answer that is no success. `status` is that of HTTP, `headers` what goes with it (`Allow`, `Retry-After`)."""

    code = "fhir"

    def __init__(self, status: int, *issues: Issue, headers: dict[str, str] | None = None) -> None:
        super().__init__(issues[0].text, issues[0].remedy, place=next(iter(issues[0].expressions), ""))
        self.status = status
        self.issues = issues
        self.headers = headers or {}


def not_found() -> DoorError:
    """One answer for what is not there and for what is somebody else's: nobody learns which."""
    issue = Issue("not-found", "There is no such resource.", "Check the type and the id.")
    return DoorError(404, issue)


def operation_outcome(issues: Iterable[Issue]) -> Json:
    return {"resourceType": "OperationOutcome", "issue": [issue.as_fhir() for issue in issues]}


def informative(text: str, code: str = "informational") -> Json:
    return operation_outcome([Issue(code, text, severity="information")])


def as_door_error(error: SecundaError) -> DoorError:
    """Any error of ours as an answer: 400 for what cannot be read, 422 for what may not be, 404, 409."""
    if isinstance(error, DoorError):
        return error
    if isinstance(error, BundleError):
        return DoorError(_status_of(error), *_issues(error))
    expressions = (expression,) if (expression := expression_of(error.place)) else ()
    issue = Issue("processing", error.message, error.remedy, expressions)
    if isinstance(error, NotFoundError):
        return not_found()
    if isinstance(error, ConflictError):
        return DoorError(409, _coded(issue, "conflict"))
    if isinstance(error, BadInputError):
        return _bad_input(error, issue)
    return DoorError(500, Issue("exception", "Something went wrong on our side.", "Send it again in a moment."))


def _bad_input(error: BadInputError, issue: Issue) -> DoorError:
    if "larger than" in error.message:
        return DoorError(413, _coded(issue, "too-long"))
    where = f" ({error.place})" if error.place and not issue.expressions else ""
    text = f"{error.message.rstrip('.')}{where}."
    return DoorError(400, Issue("structure", text, error.remedy, issue.expressions))


def _coded(issue: Issue, code: str) -> Issue:
    return Issue(code, issue.text, issue.remedy, issue.expressions)


def _status_of(error: BundleError) -> int:
    """Not readable as FHIR R4 at all is 400; readable, and yet nothing that can be done, is 422 (FHIR R4, 3.1.0.8)."""
    kinds = {_code_of(problem) for problem in error.problems}
    return 422 if kinds & {"business-rule", "not-found", "duplicate", "extension"} else 400


def _issues(error: BundleError) -> list[Issue]:
    if not error.problems:
        expression = expression_of(error.place) or "Bundle"
        return [Issue("structure", error.message, error.remedy, (expression,))]
    if len(error.problems) == 1:
        problem = error.problems[0]
        return [Issue(_code_of(problem), error.message, error.remedy, (problem.expression,))]
    return [
        Issue(_code_of(problem), f"{problem.expression} {problem.what}.", error.remedy, (problem.expression,))
        for problem in error.problems
    ]


def _code_of(problem: Problem) -> str:
    return next((code for words, code in _CODES if words in problem.what), "invalid")


def expression_of(pointer: str) -> str:
    """The FHIRPath of a JSON pointer into a Bundle; empty for what is no pointer."""
    if not _POINTER.fullmatch(pointer):
        return ""
    steps: list[Any] = [int(step) if step.isdigit() else step for step in pointer[1:].split("/")]
    return "Bundle" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
