import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways import rules
from pathways.adjudication import BOARD_VARIABLES, adjudicate, board_variables, settle
from pathways.consensus import RULES
from pathways.errors import PathwayError
from pathways.opinion import OpinionContent, Rating, SectionContent
from pathways.rand import SectionRating, disagrees, statistics
from pathways.readings import Adjudication, Aspect, BoardDecision, Need, reading
from pathways.vocabulary import AdjudicationRule
from tests.unit.rules.samples import a_panel, a_reading, readings

boards = st.lists(readings, min_size=1, max_size=7)
values = st.lists(st.integers(1, 9), min_size=1, max_size=9)
CARDIOLOGY = a_panel("majority", board_when="treatment_split")
SPINE = a_panel("concur", board_when="supported == readers")


def votes(*stances: str, **changes: str):
    return [a_reading("surgeon", stance, seat=seat, **changes) for seat, stance in enumerate(stances, start=1)]


def rated(*numbers: int):
    rating = [[SectionRating(section="appropriate", item=0, value=value)] for value in numbers]
    return [a_reading("surgeon", seat=seat, ratings=each) for seat, each in enumerate(rating, start=1)]


def decision(**values: str) -> BoardDecision:
    return BoardDecision.model_validate(
        {"stance": "uncertain", "diagnosis_concordance": "clarified", "treatment_concordance": "changed", **values}
    )


def test_every_rule_of_the_vocabulary_is_implemented():
    assert set(RULES) == set(AdjudicationRule)


@given(st.sampled_from(AdjudicationRule), boards, st.randoms())
def test_the_order_of_the_opinions_does_not_matter(rule, opinions, random):
    opinions = [each.model_copy(update={"seat": seat}) for seat, each in enumerate(opinions, start=1)]
    opinions = [_with_rating(each, number) for number, each in enumerate(opinions, start=1)]
    result = adjudicate(a_panel(rule), opinions)
    random.shuffle(opinions)
    assert adjudicate(a_panel(rule), opinions) == result


@given(st.sampled_from(AdjudicationRule), boards)
def test_a_panel_has_a_position_or_says_who_must_still_be_heard(rule, opinions):
    result = adjudicate(a_panel(rule), [_with_rating(each, 5) for each in opinions])
    assert result.agreed == (result.position is not None)
    assert result.position is not None or result.needs is not Need.NONE
    assert len(result.votes) == len(opinions)
    assert result.explanation.en != result.explanation.es
    assert Adjudication.model_validate_json(result.model_dump_json()) == result


@given(st.sampled_from(AdjudicationRule), readings, st.integers(1, 5))
def test_one_mind_needs_nobody_else_unless_the_rule_or_the_report_read_again_does(rule, opinion, count):
    result = adjudicate(a_panel(rule), [_with_rating(opinion, 5)] * count)
    if rule is AdjudicationRule.BOARD:
        assert result.needs is Need.BOARD
    elif rule is AdjudicationRule.THIRD_READER and count == 1:
        differs = "changed" in (opinion.diagnosis_concordance, opinion.treatment_concordance)
        assert result.needs is (Need.THIRD_READER if differs else Need.NONE)
    else:
        assert (result.needs, result.dissent) == (Need.NONE, ())


@given(st.sampled_from(AdjudicationRule), boards)
def test_who_dissents_is_exactly_who_differs_from_the_position(rule, opinions):
    result = adjudicate(a_panel(rule), [_with_rating(each, 5) for each in opinions])
    if result.position is not None:
        differing = [v for v in result.votes if any(getattr(v, a) != getattr(result.position, a) for a in Aspect)]
        assert [(d.role, d.seat) for d in result.dissent] == [(v.role, v.seat) for v in differing]


@pytest.mark.parametrize(
    ("stances", "stance", "needs"),
    [
        (("supported", "supported", "not_supported"), "supported", Need.NONE),
        (("supported", "uncertain", "not_supported"), None, Need.BOARD),  # complete disagreement
        (("supported", "not_supported"), None, Need.BOARD),
        (("supported", "supported", "not_supported", "not_supported"), None, Need.BOARD),
        (("uncertain", "uncertain", "uncertain", "supported"), "uncertain", Need.NONE),
    ],
)
def test_a_majority_is_two_thirds(stances, stance, needs):
    result = adjudicate(CARDIOLOGY, votes(*stances))
    assert result.needs is needs
    assert (result.position and result.position.stance) == stance


def test_the_dissent_of_a_minority_names_what_differs():
    result = adjudicate(CARDIOLOGY, votes("supported", "supported", "not_supported"))
    (dissent,) = result.dissent
    assert (dissent.seat, [d.aspect for d in dissent.differs]) == (3, [Aspect.STANCE])
    assert (dissent.differs[0].says, dissent.differs[0].position) == ("not_supported", "supported")
    assert "supported 2, uncertain 0, not supported 1" in result.explanation.en


def test_a_majority_that_wants_different_procedures_goes_to_the_board():
    surgery = a_reading("surgeon", seat=1, treatment_concordance="changed")
    result = adjudicate(CARDIOLOGY, [surgery, *votes("supported", "supported")[1:]])
    assert (result.agreed, result.needs) == (True, Need.BOARD)


def test_both_for_spine_surgery_goes_to_the_board_and_both_against_does_not():
    assert adjudicate(SPINE, votes("supported", "supported")).needs is Need.BOARD
    assert adjudicate(SPINE, votes("supported", "not_supported")).needs is Need.BOARD
    assert adjudicate(SPINE, votes("not_supported", "not_supported")).needs is Need.NONE


def test_confirmed_and_clarified_agree_but_the_difference_is_printed():
    opinions = [*votes("supported", "supported"), a_reading("imager", diagnosis_concordance="clarified")]
    result = adjudicate(a_panel("concur"), opinions)
    assert (result.agreed, result.needs) == (True, Need.NONE)
    assert [dissent.role for dissent in result.dissent] == ["imager"]


def test_a_changed_diagnosis_is_no_consensus():
    opinions = [*votes("supported"), a_reading("imager", diagnosis_concordance="changed")]
    assert adjudicate(a_panel("concur"), opinions).needs is Need.BOARD


def test_where_concordances_tie_the_greater_change_is_reported():
    opinions = [a_reading("imager", diagnosis_concordance="clarified"), a_reading("surgeon")]
    position = adjudicate(a_panel("concur"), opinions).position
    assert position is not None
    assert position.diagnosis_concordance == "clarified"


def test_a_third_reader_is_heard_before_any_board():
    panel = a_panel("third_reader", board_when="true")
    assert adjudicate(panel, votes("supported", "uncertain")).needs is Need.THIRD_READER
    assert adjudicate(panel, votes("supported", "supported")).needs is Need.BOARD


def test_a_single_expert_answers_and_others_may_dissent():
    result = adjudicate(a_panel("single"), [a_reading("imager", "uncertain"), a_reading("surgeon")])
    assert result.position is not None
    assert (result.position.stance, result.needs) == ("supported", Need.NONE)  # the chair's
    assert [dissent.role for dissent in result.dissent] == ["imager"]


def test_a_third_reader_is_called_for_a_major_discrepancy_and_settles_it():
    first = adjudicate(a_panel("third_reader"), [a_reading("imager", diagnosis_concordance="changed")])
    assert first.needs is Need.THIRD_READER
    settled = settle(first, a_reading("surgeon", "uncertain", diagnosis_concordance="confirmed"))
    assert (settled.needs, settled.settled_by) == (Need.NONE, Need.THIRD_READER)
    assert settled.position is not None
    assert settled.position.diagnosis_concordance == "confirmed"
    assert len(settled.votes) == 2
    assert [dissent.role for dissent in settled.dissent] == ["imager"]
    assert "third reader is called" not in settled.explanation.en
    assert "third reader settled it" in settled.explanation.en


@given(boards)
def test_a_boards_decision_settles_and_everyone_who_differs_dissents(opinions):
    settled = settle(adjudicate(a_panel("board"), opinions), decision())
    assert (settled.needs, settled.settled_by) == (Need.NONE, Need.BOARD)
    assert settled.position is not None
    assert settled.position.stance == "uncertain"
    assert len(settled.dissent) == sum(
        (each.stance, each.diagnosis_concordance, each.treatment_concordance) != ("uncertain", "clarified", "changed")
        for each in opinions
    )


def test_only_who_is_waited_for_can_settle():
    waits_for_board = adjudicate(a_panel("board"), votes("supported"))
    with pytest.raises(PathwayError, match="third reader"):
        settle(waits_for_board, a_reading("imager"))
    with pytest.raises(PathwayError, match="board"):
        settle(settle(waits_for_board, decision()), decision())


def test_a_board_meets_only_when_its_condition_says_so():
    tumour_board = a_panel("board", board_when="!unanimous")
    assert adjudicate(tumour_board, votes("supported", "supported")).needs is Need.NONE
    assert adjudicate(tumour_board, votes("supported", "uncertain")).needs is Need.BOARD


def test_the_variables_of_a_board_condition_are_those_documented():
    result = board_variables(votes("supported", "uncertain"), (), agreed=False)
    assert result.keys() == BOARD_VARIABLES.keys()
    assert {name: type(value) for name, value in result.items()} == {n: type(v) for n, v in BOARD_VARIABLES.items()}
    assert rules.holds("readers == 2 && supported == 1 && !agreed && !unanimous", result)


def test_no_opinion_is_nothing_to_adjudicate():
    with pytest.raises(PathwayError):
        adjudicate(a_panel("single"), [])


def test_an_appropriateness_panel_disagrees_by_thirds():
    assert adjudicate(a_panel("rand"), rated(1, 5, 9)).needs is Need.BOARD
    assert adjudicate(a_panel("rand"), rated(7, 8, 9)).needs is Need.NONE
    with pytest.raises(PathwayError, match="ratings"):
        adjudicate(a_panel("rand"), votes("supported"))


@given(values)
def test_disagreement_is_symmetric(numbers):
    assert disagrees(numbers) == disagrees([10 - number for number in numbers])


@given(values)
def test_the_statistics_of_an_item_count_every_reader_once(numbers):
    (item,) = statistics(SectionRating(section="appropriate", item=0, value=value) for value in numbers)
    (mirrored,) = statistics(SectionRating(section="appropriate", item=0, value=10 - value) for value in numbers)
    assert item.low + item.middle + item.high == item.readers == len(numbers)
    assert (item.low, item.middle, item.high) == (mirrored.high, mirrored.middle, mirrored.low)
    assert item.median == 10 - mirrored.median
    assert item.disagreement == (item.low * 3 >= item.readers and item.high * 3 >= item.readers)


@pytest.mark.parametrize(
    ("numbers", "appropriateness"),
    [
        ((7, 8, 9), "appropriate"),
        ((6, 7), "appropriate"),  # a median of 6.5 belongs to the class above
        ((3, 4), "uncertain"),
        ((2, 3), "inappropriate"),
        ((1, 9, 9), "uncertain"),  # a high median, but disagreement
    ],
)
def test_the_class_of_an_item(numbers, appropriateness):
    (item,) = statistics(SectionRating(section="appropriate", item=0, value=value) for value in numbers)
    assert item.appropriateness == appropriateness


def test_a_reading_is_taken_from_a_final_opinion_and_refused_from_a_draft():
    section = SectionContent(ratings=(Rating(item=0, value=7), Rating(item=1, value=2)))
    opinion = OpinionContent.model_validate(
        {
            "stance": "supported",
            "diagnosis_concordance": "confirmed",
            "treatment_concordance": "clarified",
            "sections": {"appropriate": section},
        }
    )
    assert [rating.value for rating in reading("surgeon", 1, opinion).ratings] == [7, 2]
    with pytest.raises(PathwayError, match="surgeon 2"):
        reading("surgeon", 2, OpinionContent())


def _with_rating(opinion, value):
    return opinion.model_copy(update={"ratings": (SectionRating(section="appropriate", item=0, value=value),)})
