"""A client as authlib asks for it, and what it may be proved by."""

from dataclasses import dataclass, field
from functools import lru_cache

from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey, import_key
from sqlmodel import Session

from models import ApiClient, ApiCredential
from models.door_status import CredentialKind
from secunda import clock
from secunda.clients.registering import counts, credentials_of
from secunda.clients.scopes import meant
from secunda.clients.secrets import is_same


@lru_cache(maxsize=1)
def _nobodys_keys() -> tuple[Key, ...]:
    """What an assertion is held against where there is nothing to hold it against: it takes as long, and never fits."""
    return RSAKey.generate_key(2048), ECKey.generate_key("P-256"), OKPKey.generate_key("Ed25519")


@lru_cache(maxsize=1)
def nobody() -> ApiClient:
    """A row that is in no table; made once, since making one takes longer than finding one."""
    return ApiClient(client_id="", payer="", name="")


@dataclass
class OAuthClient:
    """A client as authlib asks for it; `proof` is the credential that it came with.

    There is one for an unknown name as well: a row that is in no table, with nothing that could prove it.
    """

    session: Session = field(repr=False)
    row: ApiClient
    proof: ApiCredential | None = None

    def get_client_id(self) -> str:
        return self.row.client_id

    def check_client_secret(self, written: str) -> bool:
        for one in self._counting(CredentialKind.CLIENT_SECRET):
            if is_same(one.digest, written):
                self.proof = one
        return self.proof is not None

    def keys(self) -> KeySet:
        """The client's own in the order of its credentials, then nobody's of the types that it has none of."""
        own = [import_key(one.jwk or {}) for one in self._counting(CredentialKind.PUBLIC_KEY)]
        types = {key.key_type for key in own}
        return KeySet([*own, *(key for key in _nobodys_keys() if key.key_type not in types)])

    def proved_by_key(self, place: int) -> None:
        """The token ends with the very key that signed: `place` counts `keys()`."""
        self.proof = self._counting(CredentialKind.PUBLIC_KEY)[place]

    def _counting(self, kind: CredentialKind) -> list[ApiCredential]:
        now = clock.wall()
        return [one for one in credentials_of(self.session, self.row) if one.kind is kind and counts(one, now)]

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "client_credentials"

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """What is asked, as far as it is allowed; all of it where nothing is asked; None where nothing is left."""
        if not scope:
            return " ".join(self.row.scopes)
        return scope if meant(scope) <= set(self.row.scopes) else None
