"""Where a reason is owed, there is none without one."""

from secunda.errors import BadInputError


def owed(reason: str) -> str:
    """The reason, trimmed; raises BadInputError when it says nothing."""
    said = reason.strip()
    if not said:
        raise BadInputError("A reason is owed.", "Say why in a few words: `--reason '…'`; it is kept and shown.")
    return said
