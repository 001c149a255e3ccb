"""What a payer is told: it certifies only where the payer's own file says so, else it is pended; it never denies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways import payer_files
from pathways.certification import CoverageAnswer, Ground, answered, reasons
from pathways.opinion import Stance
from pathways.payer import CertificationRule, Payer
from pathways.readings import Adjudication, Dissent, Need, Position
from pathways.schema import CodeRange
from pathways.vocabulary import AdjudicationRule, CodeSystem, Coding, Concordance, Language, Text

KNEE = Coding(system=CodeSystem.CPT, code="27447")
SPINE = Coding(system=CodeSystem.CPT, code="22612")
EXAMPLE = payer_files.load("example-health")


def an_opinion(
    stance: Stance = Stance.SUPPORTED,
    treatment: Concordance = Concordance.CONFIRMED,
    diagnosis: Concordance = Concordance.CONFIRMED,
    *,
    dissent: bool = False,
    position: bool = True,
) -> Adjudication:
    found = Position(stance=stance, diagnosis_concordance=diagnosis, treatment_concordance=treatment)
    return Adjudication(
        rule=AdjudicationRule.MAJORITY,
        agreed=not dissent,
        needs=Need.NONE,
        position=found if position else None,
        votes=(),
        dissent=(Dissent(role="surgeon", seat=1, differs=()),) if dissent else (),
        explanation=Text(en="-", es="-"),
    )


def with_rule(**rule: object) -> Payer:
    assert EXAMPLE is not None
    return EXAMPLE.model_copy(update={"certification": CertificationRule.model_validate(rule)})


def test_agreement_certifies_where_the_payers_file_says_so() -> None:
    said = answered(EXAMPLE, KNEE, an_opinion())
    assert (said.answer, said.ground) == (CoverageAnswer.CERTIFIED, Ground.AGREEMENT_CERTIFIES)


@pytest.mark.parametrize(
    ("ground", "opinion"),
    [
        (Ground.NO_REPORT, None),
        (Ground.NO_POSITION, an_opinion(position=False)),
        (Ground.NOT_SUPPORTED, an_opinion(Stance.UNCERTAIN)),
        (Ground.NOT_SUPPORTED, an_opinion(Stance.NOT_SUPPORTED, Concordance.CHANGED)),
        (Ground.TREATMENT_DIFFERS, an_opinion(treatment=Concordance.CLARIFIED)),
        (Ground.DISSENT, an_opinion(dissent=True)),
    ],
)
def test_whatever_is_no_agreement_is_pended_with_its_reason(ground: Ground, opinion: Adjudication | None) -> None:
    said = answered(EXAMPLE, KNEE, opinion)
    assert (said.answer, said.ground) == (CoverageAnswer.PENDED_TO_MEDICAL_DIRECTOR, ground)
    assert "medical director decides" in said.reason.en


def test_nothing_certifies_without_the_payers_word() -> None:
    assert answered(None, KNEE, an_opinion()).ground is Ground.NO_RULE
    assert answered(with_rule(), KNEE, an_opinion()).ground is Ground.NO_RULE
    assert answered(EXAMPLE, SPINE, an_opinion()).ground is Ground.OTHER_PROCEDURE


def test_a_payer_may_take_clarification_and_a_majority_for_agreement() -> None:
    lenient = with_rule(agreement_certifies=True, treatment=["confirmed", "clarified"], unanimous=False)
    assert answered(lenient, SPINE, an_opinion(treatment=Concordance.CLARIFIED, dissent=True)).certifies


opinions = st.none() | st.builds(
    an_opinion,
    st.sampled_from(Stance),
    st.sampled_from(Concordance),
    st.sampled_from(Concordance),
    dissent=st.booleans(),
    position=st.booleans(),
)
rules = st.none() | st.builds(
    CertificationRule,
    agreement_certifies=st.booleans(),
    treatment=st.lists(st.sampled_from([Concordance.CONFIRMED, Concordance.CLARIFIED]), min_size=1).map(tuple),
    unanimous=st.booleans(),
    only=st.just(()) | st.just((CodeRange(system=CodeSystem.CPT, code="27447"),)),
)


@given(rules, opinions, st.sampled_from([KNEE, SPINE]))
def test_it_never_denies(rule: CertificationRule | None, opinion: Adjudication | None, procedure: Coding) -> None:
    """Whatever the panel says and whatever the file holds, there are two answers, and certifying needs both."""
    who = None if rule is None or EXAMPLE is None else EXAMPLE.model_copy(update={"certification": rule})
    said = answered(who, procedure, opinion)
    assert said.answer in (CoverageAnswer.CERTIFIED, CoverageAnswer.PENDED_TO_MEDICAL_DIRECTOR)
    supported = opinion is not None and opinion.position is not None and opinion.position.stance is Stance.SUPPORTED
    if said.certifies:
        assert rule is not None
        assert rule.agreement_certifies
        assert supported
        assert opinion is not None
        assert opinion.position is not None
        assert opinion.position.treatment_concordance in rule.treatment
        assert not (rule.unanimous and opinion.dissent)


def test_every_ground_is_told_in_every_language_and_none_of_them_denies() -> None:
    told = reasons()
    assert set(told) == set(Ground)
    for text in told.values():
        texts = [getattr(text, language.value) for language in Language]
        assert all(texts)
        assert len(set(texts)) == len(texts)
        assert not any(word in text.en.lower() for word in ("denied", "deny", "refuse", "reject"))
