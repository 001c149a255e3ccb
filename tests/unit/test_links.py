"""A link says nothing about anybody, cannot be made up, and ends."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secunda.errors import NotFoundError
from secunda.links import KINDS, VALID_FOR, LinkTarget, link_to, read_link
from secunda.recipients import RecipientKind
from secunda.settings import settings
from tests.conftest import use_settings

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def token_of(link: str) -> str:
    return link.rpartition("/")[2]


@given(
    kind=st.sampled_from(RecipientKind),
    subject=st.uuids(),
    channel=st.sampled_from(("email", "sms")),
    age=st.timedeltas(timedelta(0), VALID_FOR),
)
def test_a_link_leads_where_it_was_made_for(kind: RecipientKind, subject: UUID, channel: str, age: timedelta) -> None:
    target = LinkTarget(kind, subject, channel)
    assert read_link(token_of(link_to(target, AT)), AT + age) == target


def test_a_link_begins_with_the_public_address_and_is_short_enough_for_an_sms() -> None:
    link = link_to(LinkTarget(RecipientKind.EXPERT, uuid4()), AT)
    assert link.startswith(f"{settings().public_url}/d/")
    assert len(token_of(link)) == 53


def test_every_kind_of_recipient_has_its_byte() -> None:
    assert set(KINDS) == set(RecipientKind)


def test_a_link_ends() -> None:
    token = token_of(link_to(LinkTarget(RecipientKind.PATIENT, uuid4()), AT))
    with pytest.raises(NotFoundError, match="expired"):
        read_link(token, AT + VALID_FOR + timedelta(seconds=1))


@given(position=st.integers(0, 51), character=st.sampled_from("Aa0_-."))  # the last one has two spare bits
def test_a_link_that_was_changed_is_refused(position: int, character: str) -> None:
    token = token_of(link_to(LinkTarget(RecipientKind.PATIENT, UUID(int=7)), AT))
    changed = token[:position] + character + token[position + 1 :]
    if changed != token:
        with pytest.raises(NotFoundError):
            read_link(changed, AT)


@given(st.text(max_size=80))
def test_anything_else_is_refused_in_words(token: str) -> None:
    with pytest.raises(NotFoundError, match="link"):
        read_link(token, AT)


def test_a_link_of_another_installation_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_of(link_to(LinkTarget(RecipientKind.PATIENT, uuid4()), AT))
    use_settings(monkeypatch, secret_key="another secret, long enough to be one")
    with pytest.raises(NotFoundError):
        read_link(token, AT)
