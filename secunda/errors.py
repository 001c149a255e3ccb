"""What goes wrong in words for the person who must mend it."""


class SecundaError(Exception):
    """An error with its remedy. `code` is stable and machine-readable; the texts hold no patient data.

    `exit_status` is what the command line exits with: 2 for what the caller got wrong, 1 for what could not be done.
    """

    code = "error"
    exit_status = 1

    def __init__(self, message: str, remedy: str = "", *, place: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.place = place  # file:line:column, JSON pointer or option that is wrong

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.message}" + (f" {self.remedy}" if self.remedy else "")


class BadInputError(SecundaError):
    """The input is wrong; nothing was changed."""

    code = "bad_input"
    exit_status = 2


class NotFoundError(SecundaError):
    """There is no such thing, or it is none of the caller's business."""

    code = "not_found"
    exit_status = 2


class ConflictError(SecundaError):
    """The state of the case does not allow it."""

    code = "conflict"


class StepFailedError(Exception):
    """What Prefect gets to see of an error: where, and of which kind. The text of the cause may hold patient data."""
