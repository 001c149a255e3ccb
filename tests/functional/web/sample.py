"""A caseload as a coordinator finds it on a working day: real actions of people, told over nine days that end now."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import tasks.render
from pathways import loader
from pathways.overlay import StopReason
from pathways.vocabulary import Specialty, Urgency
from secunda import clock
from secunda.actions.clocks import stop_clocks
from secunda.actions.launch import Request, launch
from secunda.demo.writing import example_questions
from tests.integration.surroundings import MANNERS, bundle, employ
from tests.integration.walk import AGREES, DISSENTS, Walk
from tests.integration.walking import HandClock, Walker, leave_unsigned, print_quickly

#: given and family name, condition (ICD-10), pathway, requester
PEOPLE: dict[str, tuple[str, str, str, Specialty, str]] = {
    "oncology": ("Montserrat", "Vidal Roca", "C18.7", Specialty.ONCOLOGY, "Hospital Universitari de la Vall"),
    "cardiology": ("Joan", "Ferrer Soler", "I25.1", Specialty.CARDIOLOGY, "Clínica del Mar"),
    "knee": ("Begoña", "Etxeberria Lasa", "M17.1", Specialty.ORTHOPEDICS, "Hospital de la Ribera"),
    "rare": ("Íñigo", "Núñez Peña", "E75.2", Specialty.RARE_DISEASE, "Hospital Infantil San Rafael"),
    "sclerosis": ("Clara", "Muñoz Ortega", "G35", Specialty.NEUROLOGY, "Centre Neurològic Provençana"),
    "lung": ("Antoni", "Serra Puig", "R91.1", Specialty.RADIOLOGY, "Consorci Sanitari Central"),
    "diabetes": ("Rosa", "Iglesias Vega", "E11.9", Specialty.CHRONIC_DISEASE, "CAP Sant Martí"),
    "valve": ("Pere", "Casals Ribas", "I25.1", Specialty.CARDIOLOGY, "Hospital General de Ponent"),
    "disputed": ("Remei", "Soler Camps", "M17.1", Specialty.ORTHOPEDICS, "Hospital de la Ribera"),
    "hip": ("Lucía", "Ramos Gil", "M17.1", Specialty.ORTHOPEDICS, "Mutua Norte"),
}


def build(patch: pytest.MonkeyPatch, employed: Callable[[], None] = lambda: None) -> dict[str, str]:
    """Fill an empty domain store; returns the cases' references by their key in PEOPLE. `patch` is undone; `employed`
    is called when the directory is filled.
    """
    walker = Walker(HandClock(clock.wall() - timedelta(days=9)))
    end = clock.wall()
    walker.install(patch)
    patch.setattr(tasks.render, "print_report", print_quickly)
    patch.setattr(tasks.render, "seal_report", leave_unsigned)
    _employ()
    employed()
    walks: dict[str, Walk] = {}
    for key, hours, story in STORIES:
        walker.pass_time(to=end - timedelta(hours=hours))
        if key not in walks:
            walks[key] = _launch(walker, key)
        story(walks[key])
    walker.pass_time(to=end)
    patch.undo()
    return {key: walk.reference for key, walk in walks.items()}


def _employ() -> None:
    """Three experts for every role of every pathway, each once where two pathways have the role."""
    known: set[str] = set()
    for specialty in Specialty:
        panel = loader.load(specialty).pathway.panel
        roles = {role.key for role in (*panel.roles, *filter(None, (panel.extra_reader,)))}
        employ(specialty, MANNERS, sorted(roles - known))
        known |= roles


def _launch(walker: Walker, key: str) -> Walk:
    given, family, condition, specialty, requester = PEOPLE[key]
    person: dict[str, Any] = {
        "name": [{"given": [given], "family": family}],
        "identifier": [{"system": "https://example.org/cip", "value": f"CIP-{key.upper()}-0001"}],
    }
    request = Request(
        specialty=specialty,
        requester=requester,
        requester_email="requester@example.org",
        language="es",
        payer="mutua-norte" if key in ("knee", "hip") else "",
        questions=example_questions(specialty, "es"),
    )
    walk = Walk(walker, launch(bundle(condition, **person), request, "user:ana@example.org").reference)
    walker.settle(walk.reference)
    return walk


def _gives_some(walk: Walk) -> None:
    walk.consents()
    for key in walk.missing[:2]:
        walk.sends(key)
    if len(walk.missing) > 1:
        walk.limits(walk.missing[-1], "el hospital que las tenía ha cerrado")


def _declines_one(walk: Walk) -> None:
    walk.goes_to_the_panel()
    roles = walk._roles(*[one.status for one in walk.panel.values()])
    walk.declines(roles[0], "está en un congreso")


def _signs_one(walk: Walk) -> None:
    walk.accepts()
    walk.signs(sorted(walk.panel)[0])


def _disagrees(walk: Walk) -> None:
    walk.accepts()
    first, *others = sorted(walk.panel)
    walk.signs(first, **DISSENTS)
    walk.signs(*others, **AGREES)


def _waits_for_a_test(walk: Walk) -> None:
    walk.does(stop_clocks, walk.reference, StopReason.TEST_PENDING, "user:ana@example.org", "tiene hora para la RM")


def _becomes_urgent(walk: Walk) -> None:
    walk.goes_to_the_panel()
    walk.overrides(Urgency.P1, "se adelantó la operación")


#: key in PEOPLE, hours before now, what happens then
STORIES: tuple[tuple[str, int, Callable[[Walk], None]], ...] = (
    ("diabetes", 210, Walk.goes_to_its_end),
    ("oncology", 150, _gives_some),
    ("rare", 100, lambda walk: None),
    ("sclerosis", 80, Walk.goes_to_the_readers),
    ("sclerosis", 79, _waits_for_a_test),
    ("valve", 60, Walk.goes_to_the_readers),
    ("valve", 50, lambda walk: walk.holds("el paciente está ingresado")),
    ("cardiology", 40, _declines_one),
    ("cardiology", 30, _signs_one),
    ("disputed", 28, Walk.goes_to_the_panel),
    ("disputed", 20, _disagrees),
    ("hip", 16, Walk.goes_to_the_panel),
    ("lung", 8, Walk.goes_to_the_panel),
    ("knee", 3, _becomes_urgent),
)
