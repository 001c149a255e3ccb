"""Who reads a case: the seats of its panel."""

from collections.abc import Sequence

from pathways import rules
from pathways.errors import PathwayError
from pathways.facts import CaseFacts
from pathways.schema import Pathway, Role
from pathways.vocabulary import Frozen, Slug


class Seat(Frozen):
    """One expert's place: the role's key and, where a role has several seats, which one, from 1."""

    role: Slug
    seat: int
    subspecialties: tuple[Slug, ...]
    blind_first: bool


def panel(pathway: Pathway, facts: CaseFacts, extra_roles: Sequence[str] = ()) -> tuple[Seat, ...]:
    """The seats whose roles the facts call for, in the pathway's order.

    `extra_roles` are keys of roles that a person or the adjudication adds although their condition does not hold:
    the extra reader among them. Raises PathwayError for a key that the pathway does not have.
    """
    extra_reader = pathway.panel.extra_reader
    known = {role.key: role for role in (*pathway.panel.roles, *((extra_reader,) if extra_reader else ()))}
    for key in extra_roles:
        if key not in known:
            remedy = f"Roles of the pathway: {', '.join(known)}."
            raise PathwayError(f"The pathway has no role {key!r}.", remedy, place="extra_roles")
    context = rules.variables(facts) if any(role.when != "true" for role in pathway.panel.roles) else facts
    called = {role.key for role in pathway.panel.roles if rules.holds(role.when, context)} | set(extra_roles)
    return tuple(seat for role in known.values() if role.key in called for seat in _seats(role))


def _seats(role: Role) -> list[Seat]:
    return [
        Seat(role=role.key, seat=number, subspecialties=role.subspecialties, blind_first=role.blind_first)
        for number in range(1, role.seats + 1)
    ]
