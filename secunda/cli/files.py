"""Writing files for people."""

import os
from pathlib import Path

from secunda.errors import BadInputError


def write_new(path: Path, content: bytes) -> None:
    """Write a new file that only this user can read. Raises BadInputError where it cannot be, or there is one."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BadInputError("There is a file of that name already.", "Name another one.", place=str(path)) from None
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "unknown reason"
        raise BadInputError(f"The file cannot be written: {reason}.", "Name another place.", place=str(path)) from None
    with os.fdopen(handle, "wb") as file:
        file.write(content)
