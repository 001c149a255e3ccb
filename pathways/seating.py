"""A whole panel at once: the assignment of experts to open seats with the highest total score.

Exact, by dynamic programming over the sets of filled seats: expert by expert, each takes one of the seats still open
or none. Only the best N candidates of each seat can matter when N seats are open, because the other N-1 seats use at
most N-1 of them; so ten seats look at a hundred experts at most, out of however many.
"""

from collections.abc import Sequence

from pathways.errors import PathwayError
from pathways.experts import Considered, ExpertProfile, MatchRequest
from pathways.matching import rank, tie
from pathways.vocabulary import Frozen, Slug

MOST_SEATS = 12

Filled = int  # one bit a seat
Choice = tuple[int, tuple[tuple[int, str], ...]]  # total in hundredths of a point, (seat index, expert code)


class Place(Frozen):
    """A seat and who is to be asked for it; None where nobody is available."""

    role: Slug
    seat: int
    expert: str | None


class Seating(Frozen):
    """Every open seat, and for each role everyone who was considered, best first."""

    places: tuple[Place, ...]
    considered: dict[Slug, tuple[Considered, ...]]


def seat_panel(requests: Sequence[MatchRequest], experts: Sequence[ExpertProfile]) -> Seating:
    """Fill as many seats as can be filled, with the highest total score, and no expert twice.

    One request a role, with its open `seats`. Raises PathwayError for two requests of one role and for more than
    twelve open seats.
    """
    _check(requests)
    considered = {request.role: rank(request, experts) for request in requests}
    seats = [(request, seat) for request in requests for seat in request.seats]
    chosen = _best([_offers(considered[request.role], len(seats)) for request, _ in seats], _reference(requests))
    return Seating(
        places=tuple(
            Place(role=request.role, seat=seat, expert=chosen.get(index)) for index, (request, seat) in enumerate(seats)
        ),
        considered=considered,
    )


def _offers(candidates: Sequence[Considered], most: int) -> dict[str, int]:
    """The best candidates of a seat with their score in hundredths, so that totals compare exactly."""
    return {c.expert: round(c.score * 100) for c in candidates[:most] if c.score is not None}


def _best(offers: Sequence[dict[str, int]], reference: str) -> dict[int, str]:
    """For each seat that can be filled the expert who takes it; ties go by the case's own order of experts."""
    experts = sorted({code for offer in offers for code in offer}, key=lambda code: tie(reference, code))
    best: dict[Filled, Choice] = {0: (0, ())}
    for code in experts:
        for filled, (total, taken) in list(best.items()):
            for seat, offer in enumerate(offers):
                if code not in offer or filled & 1 << seat:
                    continue
                choice = (total + offer[code], (*taken, (seat, code)))
                known = best.get(filled | 1 << seat)
                if known is None or choice[0] > known[0]:
                    best[filled | 1 << seat] = choice
    fullest = max(best, key=lambda filled: (filled.bit_count(), best[filled][0]))
    return dict(best[fullest][1])


def _check(requests: Sequence[MatchRequest]) -> None:
    roles = [request.role for request in requests]
    if len(set(roles)) < len(roles):
        raise PathwayError(
            "A role is asked for twice.", "Send one request a role, with all its seats.", place="requests"
        )
    if sum(len(request.seats) for request in requests) > MOST_SEATS:
        raise PathwayError(
            f"More than {MOST_SEATS} seats are open at once.", "Open them in several rounds.", place="requests"
        )


def _reference(requests: Sequence[MatchRequest]) -> str:
    return requests[0].case_reference if requests else ""
