"""Whatever ops may be told has its words."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from models.status import HoldCause, IncidentKind, MessageStatus
from secunda.adapters.signing.held import Purpose
from secunda.operating.attention import Matter
from secunda.operating.certificates import Standing
from secunda.operating.components import Part, Trouble
from secunda.operating.stuck import Why
from secunda.recipients import RecipientKind
from secunda.web.ops import words
from secunda.web.ops.now import MATTERS


@pytest.mark.parametrize(
    ("table", "whole"),
    [
        (words.PARTS, Part),
        (words.TROUBLES, set(Trouble) - {Trouble.NONE}),
        (words.WHYS, Why),
        (words.HOLDS, HoldCause),
        (words.INCIDENTS, IncidentKind),
        (words.RECIPIENTS, RecipientKind),
        (words.MESSAGES, MessageStatus),
        (words.PURPOSES, Purpose),
        (words.STANDINGS, Standing),
        (MATTERS, Matter),
    ],
    ids=[
        "parts",
        "troubles",
        "whys",
        "holds",
        "incidents",
        "recipients",
        "messages",
        "purposes",
        "standings",
        "matters",
    ],
)
def test_each_has_its_words(table: Mapping[Any, object], whole: Iterable[object]) -> None:
    assert set(table) == set(whole)
