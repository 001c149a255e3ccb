"""The authorization server: client credentials, with a secret or a signed assertion (RFC 6749 4.4, RFC 7523)."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    ClientAuthentication,
    InvalidClientError,
    InvalidRequestError,
    OAuth2Request,
)
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750.token import BearerTokenGenerator
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from models import ApiClient, ClientAssertion
from secunda import clock
from secunda.api import tokens
from secunda.api.oauth_client import OAuthClient, nobody
from secunda.clients.caller import note_use
from secunda.clients.scopes import SCOPES, SMART
from secunda.settings import settings

PATH = "/oauth/token"
METHODS = ("client_secret_basic", "client_secret_post", "private_key_jwt")
#: What an assertion may be signed with. SMART App Launch 2.2 (asymmetric authentication) asks for RS384 and ES384.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
#: Said of every proof that is not good, so that nobody learns which clients there are (RFC 6749, section 5.2).
REFUSED = "There is no such client, or what it was proved with is wrong or does not count any more."
ASSERTION_SECONDS = 300  # longest life of an assertion: its `jti` is remembered for that long


class Assertion(JWTBearerClientAssertion):  # type: ignore[misc]
    """private_key_jwt: each assertion counts once, and for a few minutes at most."""

    CLIENT_AUTH_METHOD = "private_key_jwt"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.place = 0  # of the key that signed

    def get_audiences(self) -> list[str]:
        return [tokens.issuer(), tokens.issuer() + PATH]

    def resolve_client_public_key(self, client: OAuthClient) -> KeySet:
        return client.keys()

    def process_assertion_claims(self, assertion: str, resolve_key: KeySet) -> dict[str, Any]:
        """authlib's own takes fewer algorithms than SMART asks for, and one of several keys only by its `kid`."""
        for self.place, key in enumerate(resolve_key.keys):
            try:
                claims: dict[str, Any] = jwt.decode(assertion, key, algorithms=list(ALGORITHMS)).claims
            except (JoseError, ValueError):
                continue
            self.verify_claims(claims)  # from here on it is the client: it may learn what is wrong
            return claims
        raise InvalidClientError(description=REFUSED)

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
        client.proved_by_key(self.place)
        return client


class Grant(ClientCredentialsGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar = list(METHODS)


class _Authentication(ClientAuthentication):  # type: ignore[misc]
    """authlib's, with one status and one sentence for whatever was not good."""

    def authenticate(self, request: Any, methods: Any, endpoint: str) -> OAuthClient:  # noqa: ARG002
        try:
            for method in methods:
                client: OAuthClient | None = self._methods[method](self.query_client, request)
                if client is not None:
                    request.auth_method = method
                    return client
        except InvalidClientError as error:
            error.status_code = 401
            raise
        raise InvalidClientError(status_code=401, description=REFUSED)


class Server(AuthorizationServer):  # type: ignore[misc]
    """authlib's server for one request, on the session of that request."""

    def __init__(self, session: Session) -> None:
        super().__init__(scopes_supported=[*SCOPES, *SMART])
        self.session = session
        self._client_auth = _Authentication(self.query_client)
        self.register_grant(Grant)
        self.register_client_auth_method(Assertion.CLIENT_AUTH_METHOD, Assertion(session))
        self.register_token_generator("default", _Tokens())

    def query_client(self, client_id: str) -> OAuthClient:
        """Somebody always: an unknown or revoked one goes the same way as one whose proof is wrong."""
        row = self.session.exec(select(ApiClient).where(ApiClient.client_id == client_id)).first()
        return OAuthClient(self.session, row if row is not None and row.is_active else nobody())

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
