"""Proofs that a condition never holds, or holds wherever another does: sound, and silent where nothing is proven."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.check.reachability import implies, is_never
from pathways.check.samples import sampled
from pathways.rules import holds, variables


@pytest.mark.parametrize(
    "expression",
    [
        "false",
        "!true",
        "'a' in flags && !('a' in flags)",
        "age > 65 && age < 18",
        "age > 65 && age < 66",
        "65 < age && 18 > age",
        "age > 64.5 && age < 65",
        "age < 0",
        "!(age >= 0)",
        "sex == 'male' && sex == 'female'",
        "payer == '' && payer != ''",
        "planned_procedure in ['1', '2'] && planned_procedure == '3'",
        "cine_imaging && !cine_imaging",
        "conditions.exists(c, c == 'x') && !conditions.exists(c, c == 'x')",
        "payer.matches('a') && !payer.matches('a')",
        "'a' in flags ? false : !true",
    ],
)
def test_what_never_holds_is_proven(expression: str) -> None:
    assert is_never(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "true",
        "age > 65 && age < 67",
        "age > -5",
        "payer == 'x' && sex == 'male'",
        "'a' in flags && !('a' in conditions)",
        "payer.matches('a') && payer.matches('b')",
        # what does not fit the analysis is never reported, though it can never hold
        "age > 65 && days_to_procedure < age && days_to_procedure > 200 + age",
        "size(flags) > 0 && size(flags) < 0",
        "payer < 'a' && payer > 'b'",
        # what is no expression at all is for another check
        "age >",
        "('a' in flags",
    ],
)
def test_what_is_not_proven_is_not_reported(expression: str) -> None:
    assert not is_never(expression)


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("age > 70", "age > 65"),
        ("'a' in flags && age > 3", "'a' in flags"),
        ("payer == 'x'", "payer != ''"),
        ("size( flags ) > 2", "size(flags) > 2"),
        ("sex == 'male'", "sex in ['male', 'female']"),
    ],
)
def test_the_wider_rule_is_implied_and_not_the_other_way(narrow: str, wide: str) -> None:
    assert implies(narrow, wide)
    assert implies(wide, narrow) == (narrow.replace(" ", "") == wide.replace(" ", ""))


ATOMS = st.sampled_from(
    [
        "'a' in flags",
        "'b' in flags",
        "age > 40",
        "age <= 40",
        "age == 41",
        "days_to_procedure < 7",
        "sex == 'male'",
        "payer != ''",
        "payer == 'a'",
        "cine_imaging",
        "conditions.exists(c, c == 'a')",
        "'a' in observations && observations['a'] > 1.0",
    ]
)
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        inner.map(lambda one: f"!({one})"),
        st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(
            lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(EXPRESSIONS, EXPRESSIONS)
def test_no_fact_ever_refutes_a_proof(one: str, other: str) -> None:
    contexts = [variables(facts) for facts in sampled(f"{one} || {other}")]
    if is_never(one):
        assert not any(holds(one, context) for context in contexts)
    if implies(one, other):
        assert all(holds(other, context) for context in contexts if holds(one, context))
