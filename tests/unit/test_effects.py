"""Effects: tried again, and silent about what an error says."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from secunda.errors import StepFailedError
from tasks.effects import effect

PATIENT = "Maria Example, born 1950"


def failing(times: int) -> Callable[[str], str]:
    """A function that fails so many times, with a patient in the text of its error, and then works."""
    left = iter(range(times))

    def work(word: str) -> str:
        if next(left, None) is not None:
            raise ValueError(PATIENT)
        return word.upper()

    return work


def test_an_effect_is_tried_again_until_it_works() -> None:
    assert asyncio.run(effect("shout", (0.0, 0.0))(failing(2))("yes")) == "YES"


def test_an_effect_that_never_works_says_where_and_nothing_of_the_patient() -> None:
    with pytest.raises(StepFailedError) as failure:
        asyncio.run(effect("shout", (0.0,))(failing(2))("yes"))
    assert str(failure.value).startswith("ValueError in unit/test_effects.py:")
    assert failure.value.__context__ is None
    assert PATIENT not in repr(failure.value)


def test_an_effect_without_pauses_is_tried_once() -> None:
    with pytest.raises(StepFailedError):
        asyncio.run(effect("shout", ())(failing(1))("yes"))


def test_effects_that_last_keep_nobody_from_the_threads_that_all_share() -> None:
    """An execution must be able to hold on to its lease, however many reports wait in line for the printer."""
    printer = threading.Event()

    async def is_free() -> bool:
        many = [asyncio.create_task(effect("print", ())(printer.wait)(30)) for _ in range(100)]
        await asyncio.sleep(0.1)
        try:
            await asyncio.wait_for(asyncio.to_thread(int), 20)
            return not any(one.done() for one in many)
        finally:
            printer.set()
            await asyncio.gather(*many)

    assert asyncio.run(is_free())
