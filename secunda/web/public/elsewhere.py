"""Going to the other provider to sign in, and coming back. What is remembered meanwhile travels in a signed cookie."""

import hmac
from typing import Final

from fastapi import Depends, Request, Response
from itsdangerous import BadData, URLSafeTimedSerializer

from secunda.accounts import elsewhere
from secunda.api.limits import hit_sign_in
from secunda.db import transaction
from secunda.errors import NotFoundError
from secunda.settings import settings
from secunda.web.routes import see_other, web_router
from secunda.web.security import cookie_name, cookies_are_secure, is_local
from secunda.web.session import give_cookie, open_session, open_to_all

router = web_router(prefix="/sign-in/elsewhere", dependencies=[Depends(open_to_all("one signs in here"))])
LONGEST: Final = 600  # seconds at the provider


@router.get("")
def depart(request: Request, next: str = "/") -> Response:
    """To the provider: by a link, because the content policy lets no form lead away from here."""
    if not settings().oidc_issuer:
        raise NotFoundError("There is no other sign-in here.")
    hit_sign_in(f"oidc:{request.client.host if request.client else '-'}")
    journey = elsewhere.depart()
    response = see_other(journey.address)
    kept = [journey.state, journey.nonce, journey.verifier, next if is_local(next) else "/"]
    response.set_cookie(
        cookie_name("journey"),
        str(_signer().dumps(kept)),
        max_age=LONGEST,
        httponly=True,
        secure=cookies_are_secure(),
        samesite="lax",
    )
    return response


@router.get("/back")
def arrive(request: Request, code: str = "", state: str = "") -> Response:
    """Back again: whoever began here, and only they, is signed in."""
    try:
        kept = _signer().loads(request.cookies.get(cookie_name("journey"), ""), max_age=LONGEST)
        expected, nonce, verifier, onward = (str(one) for one in kept)
    except (BadData, ValueError, TypeError):
        raise elsewhere.ElsewhereError("This sign-in did not begin here, or took too long.", "Begin again.") from None
    if not code or not hmac.compare_digest(expected.encode(), state.encode()):
        raise elsewhere.ElsewhereError("This sign-in did not begin here, or took too long.", "Begin again.")
    email = elsewhere.arrive(code, verifier, nonce)
    with transaction() as session:
        user = elsewhere.account_of(session, email)
        token = open_session(session, user, request.headers.get("user-agent", ""), verified=True)
    response = see_other(onward)
    give_cookie(response, token)
    response.delete_cookie(cookie_name("journey"), secure=cookies_are_secure(), httponly=True)
    return response


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key.get_secret_value(), salt="secunda.oidc")
