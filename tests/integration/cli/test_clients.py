"""`secunda client`: registering an insurer's system, and what happens to its secrets."""

import json
from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from secunda.clients.caller import by_api_key
from tests.integration.cli.conftest import Run, snapshot


def add(secunda: Run, *more: object) -> dict[str, str]:
    done = secunda("client", "add", "example-health", "--json", *more)
    assert done.status == 0, done.err
    found: dict[str, str] = done.json
    return found


def standings(secunda: Run) -> dict[str, str]:
    """Of every credential that there is, by its shown part."""
    return {one["prefix"]: one["standing"] for one in secunda("client", "list", "--json").json}


def test_a_new_system_is_shown_its_secret_this_once(secunda: Run) -> None:
    made = secunda("client", "add", "example-health", "--name", "Claims desk", "--kind", "api_key")
    assert "Note it now" in made.out
    secret = next(line.split()[-1] for line in made.out.splitlines() if line.startswith("Secret"))
    assert by_api_key(secret) is not None
    for form in ((), ("--json",)):
        assert secret not in secunda("client", "list", *form).out


def test_a_system_gets_the_scopes_it_was_given_and_no_others(secunda: Run) -> None:
    made = add(secunda, "--kind", "api_key", "--scope", "reviews:read", "--scope", "mandates:read")
    caller = by_api_key(made["secret"])
    assert caller is not None
    assert caller.scopes == {"reviews:read", "mandates:read"}
    assert caller.payer == "example-health"


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (("add", "Example Health"), "payer"),
        (("add", "example-health", "--scope", "reviews:all"), "scopes"),
        (("add", "example-health", "--kind", "password"), "--kind"),
        (("add", "example-health", "--kind", "public_key"), "jwk"),
        (("add", "example-health", "--kind", "public_key", "--jwk", "nowhere.json"), "--jwk"),
        (("credential", "nobody"), ""),
        (("rotate", "nobody", "abcd"), ""),
        (("revoke", "nobody"), ""),
    ],
)
def test_what_cannot_be_is_refused_with_a_remedy_and_changes_nothing(
    secunda: Run, database: str, words: tuple[str, ...], place: str
) -> None:
    before = snapshot(database)
    done = secunda("client", *words, "--json")
    assert done.status != 0
    assert done.error["remedy"]
    assert done.error.get("place", "") == place
    assert snapshot(database) == before


def test_a_private_key_is_refused_and_its_public_half_taken(secunda: Run, tmp_path: Path) -> None:
    key, file = ECKey.generate_key("P-256"), tmp_path / "key.json"
    file.write_text(json.dumps(key.as_dict(private=True)), encoding="utf-8")
    refused = secunda("client", "add", "example-health", "--kind", "public_key", "--jwk", file, "--json")
    assert (refused.status != 0, "private key" in refused.error["message"]) == (True, True)
    file.write_text(json.dumps(key.as_dict(private=False)), encoding="utf-8")
    assert add(secunda, "--kind", "public_key", "--jwk", file)["secret"] == ""


def test_a_rotated_secret_overlaps_with_the_one_before(secunda: Run) -> None:
    first = add(secunda, "--kind", "api_key")
    second = secunda("client", "rotate", first["client"], first["prefix"], "--json").json
    assert standings(secunda) == {first["prefix"]: "good", second["prefix"]: "good"}
    at_once = secunda("client", "rotate", first["client"], second["prefix"], "--overlap-days", "0", "--json").json
    assert standings(secunda)[second["prefix"]] == "expired"
    assert [by_api_key(one["secret"]) is not None for one in (first, second, at_once)] == [True, False, True]


def test_what_is_revoked_counts_no_more(secunda: Run) -> None:
    first = add(secunda, "--kind", "api_key")
    second = secunda("client", "credential", first["client"], "--json").json
    assert secunda("client", "revoke", first["client"], first["prefix"]).status == 0
    assert [by_api_key(one["secret"]) is not None for one in (first, second)] == [False, True]
    for _ in range(2):
        assert secunda("client", "revoke", first["client"]).status == 0
    assert by_api_key(second["secret"]) is None
    assert set(standings(secunda).values()) == {"revoked"}


def test_systems_are_listed_by_payer(secunda: Run) -> None:
    add(secunda)
    assert secunda("client", "list", "--payer", "somebody-else", "--json").json == []
    assert "secunda client add" in secunda("client", "list", "--payer", "somebody-else").out
