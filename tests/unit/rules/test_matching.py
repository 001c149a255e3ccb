from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.exclusions import TESTS, Reason, exclusions
from pathways.experts import ExpertProfile, Leave, Licence
from pathways.matching import MEASURES, consider, explained, rank
from tests.unit.rules.samples import a_request, an_expert

#: For each reason an expert and a request that show it alone.
EXCLUDED: dict[Reason, tuple[dict[str, object], dict[str, object]]] = {
    Reason.INACTIVE: ({"active": False}, {}),
    Reason.ON_PANEL: ({}, {"on_panel": {"E1"}}),
    Reason.DECLINED: ({}, {"declined": {"E1"}}),
    Reason.REPLACED: ({}, {"replaced": {"E1"}}),
    Reason.FIRST_INSTITUTION: ({}, {"first_institution": "CLINICA DEL MAR, S.L."}),
    Reason.OPERATING_SITE: ({}, {"operating_site": "Clínica del Mar Tarragona"}),
    Reason.TREATED_PATIENT: ({}, {"treated_by": ("Dra. E. Robles",)}),
    Reason.FINANCIAL_INTEREST: ({"financial_interests": ("Acme Implants S.A.",)}, {"parties": ("acme implants",)}),
    Reason.LICENCE_MISSING: ({"licences": (Licence(country="PT"),)}, {}),
    Reason.LICENCE_LAPSED: ({"licences": (Licence(country="ES", valid_until=date(2026, 12, 3)),)}, {}),
    Reason.SUBSPECIALTY: ({"subspecialties": ("hand_surgery",)}, {}),
    Reason.LANGUAGE: ({"languages": ("en",)}, {}),
    Reason.AT_CAPACITY: ({"capacity": 3, "load": 3}, {}),
    Reason.ON_LEAVE: ({"leave": (Leave(from_=date(2026, 12, 4), to=date(2026, 12, 20)),)}, {}),
    Reason.EXPERIENCE: ({"practising_since": date(2021, 12, 1)}, {"minimum_years": 5}),
}

experts = st.lists(
    st.builds(
        ExpertProfile,
        code=st.integers(0, 200).map(lambda n: f"E{n}"),
        name=st.sampled_from(["Ana Gil Soto", "Eva Ruiz Mora"]),
        subspecialties=st.lists(st.sampled_from(["spine_surgery", "orthopedic_surgery", "imaging"]), max_size=2),
        languages=st.lists(st.sampled_from(["es", "en"]), max_size=2),
        institution=st.sampled_from(["Hospital Norte", "Hospital Sur, S.A."]),
        licences=st.lists(
            st.builds(Licence, country=st.sampled_from(["ES", "PT"]), valid_until=st.none() | st.dates()), max_size=2
        ),
        leave=st.just(()),
        financial_interests=st.lists(st.sampled_from(["acme", "Hospital Norte"]), max_size=1),
        practising_since=st.none() | st.dates(date(1990, 1, 1), date(2026, 1, 1)),
        capacity=st.integers(0, 3),
        load=st.integers(0, 4),
        quality=st.floats(0, 1),
        on_time=st.none() | st.floats(0, 1),
        active=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda expert: expert.code,
)
requests = st.builds(
    a_request,
    country=st.sampled_from(["ES", "es", ""]),
    first_institution=st.sampled_from(["", "hospital sur"]),
    parties=st.sampled_from([(), ("ACME",)]),
    translation_booked=st.booleans(),
    minimum_years=st.sampled_from([0, 5]),
)


def test_every_reason_has_a_case_here():
    assert set(EXCLUDED) == set(Reason) == set(TESTS)


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_excludes_alone_and_says_so_in_both_languages(reason):
    expert, request = EXCLUDED[reason]
    considered = consider(an_expert(**expert), a_request(**request))
    assert [exclusion.code for exclusion in considered.exclusions] == [reason]
    assert considered.score is None
    text = considered.exclusions[0].text
    assert text.en != text.es
    assert "{" not in text.en + text.es


def test_an_expert_without_any_of_it_is_available():
    assert consider(an_expert(), a_request(minimum_years=5)).is_available


def test_all_reasons_are_told_not_only_the_first():
    found = exclusions(an_expert(active=False, languages=(), load=9), a_request())
    assert [exclusion.code for exclusion in found] == ["inactive", "language", "at_capacity"]


@pytest.mark.parametrize(
    ("expert", "request_"),
    [
        ({"languages": ("en",)}, {"translation_booked": True}),
        ({"licences": (Licence(country="es", valid_until=date(2026, 12, 4)),)}, {}),  # valid on the last day
        ({"licences": (Licence(country="PT"),)}, {"country": ""}),
        ({"leave": (Leave(from_=date(2026, 12, 5), to=date(2026, 12, 9)),)}, {}),  # after the opinion is due
        ({"practising_since": date(2021, 11, 23)}, {"minimum_years": 5}),  # five years to the day
        ({"licences": (Licence(country="PT"),)}, {"licensed_in": ("ES", "PT")}),
    ],
)
def test_at_the_edge_an_expert_may_still_be_asked(expert, request_):
    assert consider(an_expert(**expert), a_request(**request_)).is_available


@given(requests, experts)
def test_everyone_is_considered_and_scored_or_excluded_never_both(request, everyone):
    ranked = rank(request, everyone)
    assert sorted(c.expert for c in ranked) == sorted(expert.code for expert in everyone)
    for considered in ranked:
        assert (considered.score is None) == bool(considered.exclusions)
        assert considered.score is None or 0 <= considered.score <= 100
        assert explained(considered).es


@given(requests, experts, st.randoms())
def test_the_order_of_the_directory_does_not_matter(request, everyone, random):
    ranked = rank(request, everyone)
    random.shuffle(everyone)
    assert rank(request, everyone) == ranked
    scores = [considered.score for considered in ranked if considered.score is not None]
    assert scores == sorted(scores, reverse=True)
    assert all(considered.score is None for considered in ranked[len(scores) :])


@given(requests, experts)
def test_more_to_do_never_raises_a_score(request, everyone):
    for expert in everyone:
        busier = expert.model_copy(update={"load": expert.load + 1})
        assert (consider(busier, request).score or 0) <= (consider(expert, request).score or 0)


def test_the_points_make_a_hundred_and_add_up():
    assert sum(measure.points for measure in MEASURES) == 100
    best = consider(an_expert(quality=1, on_time=1), a_request())
    assert (best.score, sum(best.parts.values())) == (100, 100)
    assert explained(best).en.startswith("100/100: exact subspecialty 30/30, free capacity 20/20")


def test_equal_experts_share_the_load_over_many_cases():
    equals = [an_expert(f"E{n}") for n in range(5)]
    firsts = Counter(rank(a_request(case_reference=f"SO-{n:04}"), equals)[0].expert for n in range(500))
    assert len(firsts) == 5
    assert min(firsts.values()) > 60
