"""Effects: tried again, and silent about what an error says."""

import asyncio
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
