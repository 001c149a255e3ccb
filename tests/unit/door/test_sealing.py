"""What is sealed opens for its purpose alone."""

import pytest

from secunda import sealing
from secunda.errors import SecundaError


def test_what_is_sealed_comes_back_and_is_not_to_be_read() -> None:
    sealed = sealing.seal_text("whsec_Ünïcode", "webhook")
    assert "whsec" not in sealed
    assert sealing.unseal_text(sealed, "webhook") == "whsec_Ünïcode"


def test_the_same_text_never_looks_the_same() -> None:
    assert sealing.seal(b"x", "webhook") != sealing.seal(b"x", "webhook")


def test_another_purpose_does_not_open_it() -> None:
    with pytest.raises(SecundaError, match="cannot be opened"):
        sealing.unseal(sealing.seal(b"x", "webhook"), "idempotency")


@pytest.mark.parametrize("place", range(0, 30, 3))
def test_an_altered_byte_is_noticed(place: int) -> None:
    sealed = bytearray(sealing.seal(b"two", "webhook"))
    sealed[place] ^= 1
    with pytest.raises(SecundaError):
        sealing.unseal(bytes(sealed), "webhook")
