from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from pathways.blinding import HIDDEN_WHILE_BLIND, hidden_because, visible_documents


@dataclass(frozen=True)
class Received:
    loinc: str
    modality: str = ""


documents = st.lists(
    st.builds(
        Received, st.sampled_from([*HIDDEN_WHILE_BLIND, "18748-4", "11526-1", "11502-2"]), st.sampled_from(["", "CT"])
    )
)
FIRST_OPINION, REFERRAL, LABORATORY, REPORT = (Received(code) for code in ("11488-4", "57133-1", "11502-2", "18748-4"))


def test_a_blind_reader_sees_neither_the_first_opinion_nor_the_referral():
    assert visible_documents(True, False, [FIRST_OPINION, LABORATORY, REFERRAL]) == (LABORATORY,)


def test_the_report_that_is_read_again_is_hidden_but_its_images_are_not():
    images = Received("18748-4", "MR")
    assert visible_documents(True, False, [REPORT, images], also_hidden=["18748-4"]) == (images,)
    assert visible_documents(True, False, [REPORT, images]) == (REPORT, images)


def test_a_document_of_unknown_kind_is_hidden_and_says_why():
    reason = hidden_because(Received(""))
    assert reason is not None
    assert "kind" in reason.en


@given(documents, st.booleans(), st.booleans())
def test_unblinding_shows_everything_and_blinding_only_ever_hides(received, blind, unblinded):
    shown = visible_documents(blind, unblinded, received)
    assert set(shown) <= set(received)
    if unblinded or not blind:
        assert list(shown) == received
    else:
        assert all(document.modality or document.loinc not in HIDDEN_WHILE_BLIND for document in shown)
