"""The authorization server: client credentials, with a secret or a signed assertion (RFC 6749 4.4, RFC 7523)."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

from authlib.oauth2.rfc6749 import AuthorizationServer, InvalidClientError, InvalidRequestError, OAuth2Request
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750.token import BearerTokenGenerator
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, import_key
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from models import ApiClient, ApiCredential, ClientAssertion
from models.door_status import CredentialKind
from secunda import clock
from secunda.api import tokens
from secunda.clients.caller import note_use
from secunda.clients.registering import counts, credentials_of
from secunda.clients.scopes import SCOPES, SMART, meant
from secunda.clients.secrets import is_same
from secunda.settings import settings

PATH = "/oauth/token"
METHODS = ("client_secret_basic", "client_secret_post", "private_key_jwt")
#: What an assertion may be signed with. SMART App Launch 2.2 (asymmetric authentication) asks for RS384 and ES384.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
ASSERTION_SECONDS = 300  # longest life of an assertion: its `jti` is remembered for that long


@dataclass
class OAuthClient:
    """A client as authlib asks for it; `proof` is the credential that it came with."""

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
        return KeySet([import_key(one.jwk or {}) for one in self._counting(CredentialKind.PUBLIC_KEY)])

    def proved_by_key(self) -> None:
        """An assertion was verified; which of several keys signed it makes no difference to what the token may."""
        self.proof = self._counting(CredentialKind.PUBLIC_KEY)[0]

    def _counting(self, kind: CredentialKind) -> list[ApiCredential]:
        now = clock.wall()
        return [one for one in credentials_of(self.session, self.row) if one.kind is kind and counts(one, now)]

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002
        return method in METHODS

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "client_credentials"

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """What is asked, as far as it is allowed; all of it where nothing is asked; None where nothing is left."""
        if not scope:
            return " ".join(self.row.scopes)
        return scope if meant(scope) <= set(self.row.scopes) else None


class Assertion(JWTBearerClientAssertion):  # type: ignore[misc]
    """private_key_jwt: each assertion counts once, and for a few minutes at most."""

    CLIENT_AUTH_METHOD = "private_key_jwt"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    def get_audiences(self) -> list[str]:
        return [tokens.issuer(), tokens.issuer() + PATH]

    def resolve_client_public_key(self, client: OAuthClient) -> KeySet:
        return client.keys()

    def process_assertion_claims(self, assertion: str, resolve_key: KeySet) -> dict[str, Any]:
        """authlib's own takes fewer algorithms than SMART asks for."""
        try:
            claims = jwt.decode(assertion, resolve_key, algorithms=list(ALGORITHMS)).claims
        except JoseError as error:
            raise InvalidClientError(description=error.description) from error
        self.verify_claims(claims)
        return claims

    def verify_claims(self, claims: dict[str, Any]) -> None:
        until = claims.get("exp")
        if isinstance(until, int | float) and until > clock.wall().timestamp() + ASSERTION_SECONDS:
            raise InvalidClientError(description=f"An assertion is good for {ASSERTION_SECONDS} seconds at most.")
        super().verify_claims(claims)

    def validate_jti(self, claims: dict[str, Any], jti: Any) -> bool:
        now = clock.wall()
        if not isinstance(jti, str) or not 1 <= len(jti) <= 255:
            return False
        until = datetime.fromtimestamp(claims["exp"] + self.leeway, UTC)
        client = self.session.exec(select(ApiClient.id).where(ApiClient.client_id == claims["sub"])).one()
        self.session.execute(delete(ClientAssertion).where(col(ClientAssertion.expires_at) < now))
        row = ClientAssertion(client_id=client, jti=jti, expires_at=until)
        statement = insert(ClientAssertion).values(row.model_dump()).on_conflict_do_nothing()
        return self.session.execute(statement.returning(col(ClientAssertion.id))).first() is not None

    def authenticate_client(self, client: OAuthClient) -> OAuthClient:
        client.proved_by_key()
        return client


class Grant(ClientCredentialsGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar = list(METHODS)


class Server(AuthorizationServer):  # type: ignore[misc]
    """authlib's server for one request, on the session of that request."""

    def __init__(self, session: Session) -> None:
        super().__init__(scopes_supported=[*SCOPES, *SMART])
        self.session = session
        self.register_grant(Grant)
        self.register_client_auth_method(Assertion.CLIENT_AUTH_METHOD, Assertion(session))
        self.register_token_generator("default", _Tokens())

    def query_client(self, client_id: str) -> OAuthClient | None:
        row = self.session.exec(select(ApiClient).where(ApiClient.client_id == client_id)).first()
        return OAuthClient(self.session, row) if row is not None and row.is_active else None

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:  # noqa: ARG002
        proof = request.client.proof
        note_use(self.session, proof, clock.wall())  # the token itself is kept nowhere

    def send_signal(self, name: str, *arguments: Any, **options: Any) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: "OAuthRequest") -> "OAuthRequest":
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> tuple[int, dict[str, Any], dict[str, str]]:
        return status, dict(body), dict(headers)


class OAuthRequest(OAuth2Request):  # type: ignore[misc]
    """One form, sent to the token endpoint."""

    def __init__(self, form: dict[str, str], headers: dict[str, str]) -> None:
        super().__init__("POST", "https://token.invalid" + PATH, headers=headers)  # TLS ends before us
        self.payload = BasicOAuth2Payload(form)

    @property
    def form(self) -> dict[str, str]:
        found: dict[str, str] = self.payload.data
        return found


class _Tokens(BearerTokenGenerator):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(self._token, expires_generator=lambda *_: settings().api_token_seconds)

    def _token(self, client: OAuthClient, grant_type: str, user: Any, scope: str) -> str:  # noqa: ARG002
        from authlib.common.security import generate_token

        if client.proof is None:
            raise InvalidRequestError("There is no proof of who the client is.")
        return tokens.issue(client.get_client_id(), client.proof.id, scope, generate_token(24))
