"""What is wrong in a pathway, or in what a rule was asked, in words for the person who must mend it."""


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
