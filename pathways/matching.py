"""Who fits a role best: hard exclusions first, then an explained score out of 100 points.

Ties are broken by a hash of the case and the expert: the same for the same case, and spread evenly over cases, so
that equal experts share the load without any randomness.
"""

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import NamedTuple

from pathways.exclusions import exclusions
from pathways.experts import Considered, ExpertProfile, MatchRequest
from pathways.vocabulary import Text

WITHOUT_HISTORY = 0.5  # neither praise nor blame


class Measure(NamedTuple):
    """One part of the score: `points` at best, times what `value` gives from 0 to 1."""

    key: str
    points: int
    title: Text
    value: Callable[[ExpertProfile, MatchRequest], float]


def _subspecialty(expert: ExpertProfile, request: MatchRequest) -> float:
    return 1.0 if request.subspecialties[0] in expert.subspecialties else 0.5


def _language(expert: ExpertProfile, request: MatchRequest) -> float:
    if request.language not in expert.languages:
        return 0.0
    return 1.0 if expert.languages[0] == request.language else 0.6


def _headroom(expert: ExpertProfile, _: MatchRequest) -> float:
    return (expert.capacity - expert.load) / expert.capacity


def _on_time(expert: ExpertProfile, _: MatchRequest) -> float:
    return WITHOUT_HISTORY if expert.on_time is None else expert.on_time


def _familiarity(expert: ExpertProfile, request: MatchRequest) -> float:
    return float(expert.licences[0].country == request.country)


MEASURES: tuple[Measure, ...] = (
    Measure("subspecialty", 30, Text(en="exact subspecialty", es="subespecialidad exacta"), _subspecialty),
    Measure("headroom", 20, Text(en="free capacity", es="capacidad libre"), _headroom),
    Measure("quality", 20, Text(en="quality", es="calidad"), lambda expert, _: expert.quality),
    Measure("language", 15, Text(en="the case's language", es="idioma del caso"), _language),
    Measure("on_time", 10, Text(en="answers in time", es="responde a tiempo"), _on_time),
    Measure(
        "familiarity",
        5,
        Text(en="practises in the patient's country", es="ejerce en el país del paciente"),
        _familiarity,
    ),
)


def tie(case_reference: str, expert: str) -> bytes:
    """The place of an expert among equals, in this case."""
    return sha256(f"{case_reference} {expert}".encode()).digest()


def consider(expert: ExpertProfile, request: MatchRequest) -> Considered:
    """The expert's points for this role, or every reason against."""
    against = exclusions(expert, request)
    if against:
        return Considered(expert=expert.code, exclusions=against)
    parts = {key: round(points * value(expert, request), 2) for key, points, _, value in MEASURES}
    return Considered(expert=expert.code, score=round(sum(parts.values()), 2), parts=parts)


def rank(request: MatchRequest, experts: Iterable[ExpertProfile]) -> tuple[Considered, ...]:
    """Everyone considered: the available ones by falling score, then the excluded ones."""
    return tuple(
        sorted(
            (consider(expert, request) for expert in experts),
            key=lambda c: (c.score is None, -(c.score or 0), tie(request.case_reference, c.expert)),
        )
    )


def explained(considered: Considered) -> Text:
    """The score's parts, or the reasons against, as one line."""
    return Text(en=_line(considered, "en"), es=_line(considered, "es"))


def _line(considered: Considered, language: str) -> str:
    if considered.exclusions:
        return " ".join(exclusion.text.in_language(language) for exclusion in considered.exclusions)
    parts = (f"{m.title.in_language(language)} {considered.parts[m.key]:g}/{m.points}" for m in MEASURES)
    return f"{considered.score:g}/100: " + ", ".join(parts)
