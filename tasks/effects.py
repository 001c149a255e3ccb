"""What every effect shares: it is a task run with retries, and its errors say where and of which kind, nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager

from tasks.execution import StepFailedError, place_of


@contextmanager
def guarded() -> Iterator[None]:
    """Whatever goes wrong inside leaves without its text: Prefect keeps the texts of exceptions."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the boundary to Prefect
        place = place_of(error)
    else:
        return
    raise StepFailedError(place)
