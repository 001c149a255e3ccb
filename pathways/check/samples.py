"""Facts to try an expression on: a fixed sample around the literals that it compares with."""

import random
from collections.abc import Iterator
from itertools import chain
from typing import get_args

from pathways.check.tokens import tokens
from pathways.facts import NEVER, CaseFacts

SAMPLES = 40
LISTS = tuple(name for name, value in CaseFacts() if isinstance(value, tuple))
NUMBERS = tuple(name for name, value in CaseFacts() if type(value) is int)
TEXTS = ("planned_procedure", "payer", "jurisdiction")
SEXES = get_args(CaseFacts.model_fields["sex"].annotation)
OLDEST = 150


def sampled(expression: str) -> Iterator[CaseFacts]:
    """Facts with none, all and random parts of what the expression speaks of; the same ones every time."""
    literals = [token.value for token in tokens(expression) if token.is_literal]
    words = sorted({value for value in literals if isinstance(value, str)})
    numbers = sorted(set(chain.from_iterable(_around(value) for value in literals if isinstance(value, int | float))))
    chance = random.Random(expression)  # noqa: S311 - a sample, not a secret
    yield CaseFacts()
    yield _facts(words, numbers, random.Random(0), share=1.0)  # noqa: S311
    for _ in range(SAMPLES):
        yield _facts(words, numbers, chance, share=0.5)


def _around(value: int | float) -> tuple[int, int, int]:
    return int(value) - 1, int(value), int(value) + 1


def _facts(words: list[str], numbers: list[int], chance: random.Random, share: float) -> CaseFacts:
    def some() -> tuple[str, ...]:
        return tuple(word for word in [*words, "Z99.9"] if chance.random() < share)

    facts: dict[str, object] = {name: some() for name in LISTS}
    facts |= {name: chance.choice([0, 50, NEVER, *numbers]) for name in NUMBERS}
    facts |= {name: chance.choice(["", *words]) for name in TEXTS}
    facts["age"] = min(max(chance.choice([0, 50, *numbers]), 0), OLDEST)
    facts["sex"] = chance.choice(SEXES)
    facts["cine_imaging"] = chance.random() < share
    facts["observations"] = dict.fromkeys(some(), float(chance.choice([0, *numbers])))
    return CaseFacts.model_validate(facts)
