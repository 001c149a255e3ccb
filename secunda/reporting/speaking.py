"""Who speaks for the panel, who signed, and who dissents."""

from collections.abc import Iterable, Sequence

from pathways.consensus import changes
from pathways.readings import Adjudication, Position, Vote
from pathways.schema import Panel, Role
from pathways.vocabulary import Text
from secunda.errors import BadInputError
from secunda.reporting.inputs import ReportInput, SeatInput
from secunda.reporting.people import Dissent, PanelDecision, PanelMember, Signature


def lead(seats: Sequence[SeatInput], chair: str, adjudication: Adjudication) -> SeatInput:
    """Whose opinion speaks for the panel: of those nearest to its position the chair, else the first seat.

    Raises BadInputError when no seat gave an opinion.
    """
    if not seats:
        raise BadInputError("The panel gave no opinion.", "Render the report when one is locked.")
    votes = {(vote.role, vote.seat): vote for vote in adjudication.votes}
    return min(
        by_rank(seats, chair),
        key=lambda seat: _distance(votes.get((seat.role, seat.seat)), adjudication.position),
    )


def by_rank(seats: Iterable[SeatInput], chair: str) -> list[SeatInput]:
    """The chair first, the others as they came."""
    return sorted(seats, key=lambda seat: seat.role != chair)


def members(seats: Sequence[SeatInput], panel: Panel) -> tuple[PanelMember, ...]:
    """The panel as the report names it, its chair first."""
    titles = _titles(panel)
    return tuple(
        _member(seat, titles[seat.role], chair=seat.role == panel.chair) for seat in by_rank(seats, panel.chair)
    )


def decision(given: ReportInput, body: SeatInput, panel: Panel, adjudication: Adjudication) -> PanelDecision:
    """How the opinions became one, with everybody who differs from the position in anything.

    The words of `body`'s seat are the report's own and are not printed again where that seat dissents.
    """
    position = adjudication.position
    agreeing = sum(not _is_major(vote, position) for vote in adjudication.votes) if position else 0
    return PanelDecision(
        rule=adjudication.rule,
        agreeing=agreeing,
        voting=len(adjudication.votes),
        round=given.adjudication_round,
        settled_by=adjudication.settled_by,
        decided_at=given.adjudicated_at,
        explanation=adjudication.explanation,
        reason=given.board_reason,
        dissent=_dissent(given, body, panel, adjudication),
    )


def _member(seat: SeatInput, title: Text, *, chair: bool) -> PanelMember:
    opinion = seat.opinion
    return PanelMember(
        role=seat.role,
        seat=seat.seat,
        role_title=title,
        name=seat.expert,
        institution=seat.institution,
        chair=chair,
        blind_first=seat.blind_first,
        independence_declared=opinion.independence_declared,
        no_conflict_attested=seat.no_conflict_attested,
        signature=Signature(signed_at=seat.signed_at, content_sha256=seat.content_sha256) if seat.signed_at else None,
        stance=opinion.stance,
        diagnosis_concordance=opinion.diagnosis_concordance,
        treatment_concordance=opinion.treatment_concordance,
        confidence=opinion.confidence,
    )


def _dissent(given: ReportInput, body: SeatInput, panel: Panel, adjudication: Adjudication) -> tuple[Dissent, ...]:
    """Everybody whom the adjudication names, the major dissents first."""
    wrote = {(seat.role, seat.seat): seat for seat in given.seats}
    votes = {(vote.role, vote.seat): vote for vote in adjudication.votes}
    titles = _titles(panel)
    found = []
    for each in adjudication.dissent:
        seat, vote = wrote.get((each.role, each.seat)), votes[(each.role, each.seat)]
        own = seat.opinion if seat and (given.synthesis or seat != body) else None
        found.append(
            Dissent(
                role_title=titles[each.role],
                name=seat.expert if seat else "",
                language=seat.opinion.language if seat else None,
                major=_is_major(vote, adjudication.position),
                stance=vote.stance,
                diagnosis_concordance=vote.diagnosis_concordance,
                treatment_concordance=vote.treatment_concordance,
                diagnosis=own.diagnosis if own else "",
                treatment=own.treatment if own else "",
            )
        )
    return tuple(sorted(found, key=lambda dissent: not dissent.major))


def _titles(panel: Panel) -> dict[str, Text]:
    roles: tuple[Role, ...] = (*panel.roles, *((panel.extra_reader,) if panel.extra_reader else ()))
    return {role.key: role.title for role in roles}


def _is_major(vote: Vote, position: Position | None) -> bool:
    """Whether it differs in the stance or in changing the first opinion, not only in a detail."""
    return position is not None and (vote.stance, *changes(vote)) != (position.stance, *changes(position))


def _distance(vote: Vote | None, position: Position | None) -> int:
    """How far a vote is from the position: a major difference weighs more than any number of details."""
    if vote is None or position is None:
        return 0
    details = [getattr(vote, field) != getattr(position, field) for field in Position.model_fields]
    return 10 * _is_major(vote, position) + details.count(True)
