from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.errors import PathwayError
from pathways.experts import ExpertProfile
from pathways.seating import seat_panel
from tests.unit.rules.samples import a_request, an_expert

FIELDS = ("spine", "hip", "knee", "imaging")
directories = st.lists(
    st.builds(
        lambda n, fields, quality, load: an_expert(f"E{n}", subspecialties=tuple(fields), quality=quality, load=load),
        st.integers(0, 100),
        st.sets(st.sampled_from(FIELDS), min_size=2),
        st.sampled_from([0, 0.4, 0.7, 1]),
        st.sampled_from([0, 0, 2, 3]),  # of three
    ),
    min_size=2,
    max_size=5,
    unique_by=lambda expert: expert.code,
)
panels = st.lists(
    st.tuples(st.permutations(FIELDS), st.integers(1, 2)), min_size=1, max_size=3, unique_by=lambda role: role[0][0]
)


def requests_of(panel):
    """A role for each (fields that qualify, best first; seats)."""
    return [
        a_request(role=fields[0], subspecialties=tuple(fields[:2]), seats=tuple(range(1, seats + 1)))
        for fields, seats in panel
    ]


def by_trying_everything(requests, experts: list[ExpertProfile], scores):
    """How many seats can be filled, and the best total, by brute force."""
    roles = [request.role for request in requests for _ in request.seats]
    hands = [expert.code for expert in experts] + [None] * len(roles)
    best = (0, 0.0)
    for tried in set(permutations(hands, len(roles))):
        total = [scores[role].get(code) for role, code in zip(roles, tried, strict=True) if code]
        if None not in total:
            best = max(best, (len(total), round(sum(total), 2)))
    return best


@given(panels, directories)
def test_nobody_sits_twice_and_nobody_excluded_sits(panel, experts):
    seating = seat_panel(requests_of(panel), experts)
    seated = [place.expert for place in seating.places if place.expert]
    assert len(set(seated)) == len(seated)
    for place in seating.places:
        available = {c.expert for c in seating.considered[place.role] if c.is_available}
        assert place.expert is None or place.expert in available


@given(panels.filter(lambda panel: sum(seats for _, seats in panel) <= 3), directories)
def test_as_many_seats_are_filled_as_can_be_with_the_best_total(panel, experts):
    requests = requests_of(panel)
    seating = seat_panel(requests, experts)
    scores = {role: {c.expert: c.score for c in found if c.is_available} for role, found in seating.considered.items()}
    chosen = [scores[place.role][place.expert] for place in seating.places if place.expert]
    assert (len(chosen), round(sum(chosen), 2)) == by_trying_everything(requests, experts, scores)


@given(panels, directories, st.randoms())
def test_the_order_of_the_directory_does_not_matter(panel, experts, random):
    requests = requests_of(panel)
    places = seat_panel(requests, experts).places
    random.shuffle(experts)
    assert seat_panel(requests, experts).places == places


def test_the_only_one_who_can_take_a_rare_seat_takes_it():
    """Seat by seat, the best expert would go to the first role and leave the second empty."""
    rare = an_expert("RARE", subspecialties=("hip", "knee"), quality=1)
    common = an_expert("COMMON", subspecialties=("hip",), quality=0)
    seating = seat_panel(requests_of([(["hip"], 1), (["knee"], 1)]), [rare, common])
    assert {place.role: place.expert for place in seating.places} == {"hip": "COMMON", "knee": "RARE"}


def test_a_full_panel_is_better_than_a_strong_one_with_an_empty_seat():
    """Everybody moves one seat down from what they do best, so that the weakest expert fits in at the top."""
    strong = {"quality": 1, "on_time": 1}
    experts = [
        an_expert("X", subspecialties=("spine", "hip"), **strong),
        an_expert("Y", subspecialties=("hip", "knee"), **strong),
        an_expert("Z", subspecialties=("spine",), quality=0, on_time=0, load=2, languages=("en",)),
    ]
    asked = [(["spine"], 1), (["imaging", "hip"], 1), (["imaging", "knee"], 1)]
    roles = ("first", "second", "third")
    requests = [
        a_request(role=role, subspecialties=tuple(fields), translation_booked=True)
        for role, (fields, _) in zip(roles, asked, strict=True)
    ]
    seating = seat_panel(requests, experts)
    assert {place.role: place.expert for place in seating.places} == {"first": "Z", "second": "X", "third": "Y"}


def test_a_seat_that_nobody_may_take_stays_empty():
    seating = seat_panel(requests_of([(["hip"], 2)]), [an_expert("E1", subspecialties=("hip",))])
    assert [place.expert is None for place in seating.places].count(True) == 1


def test_no_open_seat_asks_nobody():
    assert seat_panel([], [an_expert()]).places == ()


def test_a_role_asked_for_twice_and_a_hall_of_seats_are_refused():
    with pytest.raises(PathwayError, match="twice"):
        seat_panel(requests_of([(["hip"], 1), (["hip"], 1)]), [])
    with pytest.raises(PathwayError, match="12"):
        seat_panel(requests_of([(["hip"], 13)]), [])
