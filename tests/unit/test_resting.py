"""What keeps changing is acted upon once it rests."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from secunda import resting
from secunda.resting import AtRest


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resting, "REST_SECONDS", 0.2)
    monkeypatch.setattr(resting, "AT_LATEST", 60.0)


def _noting(seen: list[int]) -> Callable[[int], Awaitable[None]]:
    async def note(value: int) -> None:
        seen.append(value)

    return note


def test_a_burst_of_changes_is_acted_upon_once_and_with_the_last() -> None:
    seen: list[int] = []

    async def burst() -> None:
        at_rest = AtRest(_noting(seen))
        for value in range(20):
            at_rest.give(value)
            await asyncio.sleep(0)
        assert seen == []
        await at_rest.finished()

    asyncio.run(burst())
    assert seen == [19]


def test_what_never_rests_is_acted_upon_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resting, "REST_SECONDS", 60.0)
    monkeypatch.setattr(resting, "AT_LATEST", 0.2)
    seen: list[int] = []

    async def keep_changing() -> None:
        at_rest = AtRest(_noting(seen))
        number = 0
        while not seen:
            at_rest.give(number := number + 1)
            await asyncio.sleep(0.01)

    asyncio.run(keep_changing())
    assert len(seen) == 1


def test_in_haste_nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resting, "REST_SECONDS", 3600.0)
    seen: list[int] = []

    async def end() -> None:
        one, other = AtRest(_noting(seen)), AtRest(_noting(seen))
        one.give(1)
        await one.at_once()
        assert seen == [1]
        one.give(2)
        other.give(3)
        await resting.finish_all()

    asyncio.run(end())
    assert sorted(seen) == [1, 2, 3]


def test_a_change_that_comes_while_one_is_acted_upon_is_not_lost() -> None:
    seen: list[int] = []

    async def slow_changes() -> None:
        async def note(value: int) -> None:
            seen.append(value)
            if value == 1:
                at_rest.give(2)
                await asyncio.sleep(0.05)

        at_rest = AtRest(note)
        at_rest.give(1)
        await at_rest.finished()

    asyncio.run(slow_changes())
    assert seen == [1, 2]
