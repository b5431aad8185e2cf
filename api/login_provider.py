"""Our side of OpenID Connect: ask the provider who somebody is, and believe only what is proven.

Authorization code with PKCE (RFC 7636), state and nonce; ``iss`` of the answer (RFC 9207) and every
claim of the ID token are checked (OpenID Connect Core, 3.1.3.7).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
import orjson
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from labour_book.errors import Denied, Unavailable
from labour_book.services.provider_logout import LoggedOut
from labour_book.services.signing_in import Identity
from labour_book.settings import Settings

FRESH = timedelta(hours=1)
"""How long the provider's metadata and keys are used without asking again."""
ASKED_AGAIN_AFTER = timedelta(seconds=30)
"""How soon keys are fetched again for a token whose key is not among them."""
LEEWAY = 60
"""Seconds by which the provider's clock may differ from ours."""
TIMEOUT = 5.0
"""Seconds."""
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_LIFE = 150
"""Seconds for which a logout token is believed; the clocks may differ by some."""
LARGEST = 256 * 1024
"""Bytes of an answer."""
_KEY_OF = {"ES256": {"kty": "EC", "crv": "P-256"}, "RS256": {"kty": "RSA"}}


class SignInFailed(Denied):
    """The provider's answer is not what it has to be; ``cause`` says in what."""

    slug = "sign-in-failed"
    title = "The sign-in did not succeed"
    title_vi = "Đăng nhập không thành công"

    def __init__(self, cause: str) -> None:
        super().__init__("the answer of the e-ID provider was not accepted", cause=cause)


class ProviderDown(Unavailable):
    """The provider does not answer, or not in a way that can be read."""

    slug = "sign-in-unavailable"
    title = "The e-ID service does not answer at the moment"
    title_vi = "Hệ thống định danh điện tử hiện không trả lời"


@dataclass(frozen=True, slots=True)
class Asked:
    """What ties one question to its answer; known to the browser that asked, and to nobody else."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Registration:
    """Who we are at which provider, and how its claims are called."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    algorithm: str
    scope: str
    personal_id: str
    name: str
    level: str
    level_2: str
    organisation: str


def registration(settings: Settings, issuer: str, client_id: str, secret: str) -> Registration:
    """Return our registration as the settings describe it."""
    return Registration(
        issuer=issuer,
        client_id=client_id,
        client_secret=secret,
        redirect_uri=f"{settings.public_url}/sign-in/callback",
        algorithm=settings.oidc_algorithm,
        scope=settings.oidc_scope,
        personal_id=settings.oidc_claim_personal_id,
        name=settings.oidc_claim_name,
        level=settings.oidc_claim_level,
        level_2=settings.oidc_level_2,
        organisation=settings.oidc_claim_organisation,
    )


class Provider:
    """A provider of identities, asked over HTTP; remembers its metadata and keys for a while."""

    def __init__(self, about: Registration, connect: Callable[[], httpx.Client]) -> None:
        self.about = about
        self._connect = connect
        self._kept: dict[str, tuple[datetime, dict[str, Any]]] = {}

    def address(self, asked: Asked, now: datetime) -> str:
        """Return where the browser goes to sign in.

        Raises:
            ProviderDown: the provider does not answer.
        """
        about = self.about
        address: str = prepare_grant_uri(
            self._metadata(now)["authorization_endpoint"],
            about.client_id,
            "code",
            redirect_uri=about.redirect_uri,
            scope=about.scope,
            state=asked.state,
            nonce=asked.nonce,
            code_challenge=create_s256_code_challenge(asked.verifier),
            code_challenge_method="S256",
        )
        return address

    def check_sender(self, iss: str | None, now: datetime) -> None:
        """Refuse an answer that another provider sent (RFC 9207).

        Raises:
            SignInFailed: it is not from this one, or does not say so although this one always does.
            ProviderDown: the provider does not answer.
        """
        always = self._metadata(now).get("authorization_response_iss_parameter_supported") is True
        if iss != self.about.issuer and (always or iss is not None):
            raise SignInFailed("ISSUER")

    def identity(self, code: str, asked: Asked, now: datetime) -> Identity:
        """Return whom the provider names for a code that it gave to the browser.

        Raises:
            SignInFailed: the code is not good, or the ID token is not for us, now, or true.
            ProviderDown: the provider does not answer.
        """
        claims = self._verified(self._id_token(code, asked, now), asked.nonce, now)
        about = self.about
        return Identity(
            issuer=about.issuer,
            subject=claims["sub"],
            level=2 if str(claims.get(about.level)) == about.level_2 else 1,
            personal_id=_text(claims, about.personal_id),
            organisation=_text(claims, about.organisation),
            name=_text(claims, about.name) or "",
            sid=_text(claims, "sid"),
        )

    def logged_out(self, token: str, now: datetime) -> LoggedOut:
        """Return who has signed out, by a statement that the provider sent (a logout token).

        Source: OpenID Connect Back-Channel Logout 1.0, section 2.6.

        Raises:
            SignInFailed: it is not the provider's, not for us, not of now, or an ID token.
            ProviderDown: the provider does not answer.
        """
        about, at = self.about, int(now.timestamp())
        try:
            claims = self._signed(token, now)
            jwt.JWTClaimsRegistry(
                now=at,
                leeway=LEEWAY,
                iss={"essential": True, "value": about.issuer},
                aud={"essential": True, "value": about.client_id},
                iat={"essential": True},
                jti={"essential": True},
            ).validate(claims)
        except (JoseError, ValueError) as error:
            raise SignInFailed("LOGOUT_TOKEN") from error
        events, jti = claims.get("events"), _text(claims, "jti")
        subject, sid = _text(claims, "sub"), _text(claims, "sid")
        fits = (
            isinstance(events, dict)
            and isinstance(events.get(LOGOUT_EVENT), dict)
            and "nonce" not in claims
            and (subject is not None or sid is not None)
            and claims["iat"] >= at - LOGOUT_LIFE
        )
        if not fits or jti is None:
            raise SignInFailed("LOGOUT_TOKEN")
        return LoggedOut(about.issuer, subject, sid, jti, now + timedelta(seconds=2 * LOGOUT_LIFE))

    def _id_token(self, code: str, asked: Asked, now: datetime) -> str:
        about = self.about
        status, answer = self._answer(
            "POST",
            self._metadata(now)["token_endpoint"],
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": about.redirect_uri,
                "code_verifier": asked.verifier,
            },
            # RFC 6749, 2.3.1: both parts are form-encoded before they are joined.
            auth=(quote(about.client_id, safe=""), quote(about.client_secret, safe="")),
        )
        if status in {400, 401}:
            raise SignInFailed("CODE_REFUSED")
        token = answer.get("id_token")
        if status != httpx.codes.OK or not isinstance(token, str):
            raise ProviderDown
        return token

    def _verified(self, token: str, nonce: str, now: datetime) -> dict[str, Any]:
        about = self.about
        try:
            claims = self._signed(token, now)
            jwt.JWTClaimsRegistry(
                now=int(now.timestamp()),
                leeway=LEEWAY,
                iss={"essential": True, "value": about.issuer},
                sub={"essential": True},
                aud={"essential": True, "value": about.client_id},
                exp={"essential": True},
                iat={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(claims)
        except (JoseError, ValueError) as error:
            raise SignInFailed("ID_TOKEN") from error
        others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (others or "azp" in claims) and claims.get("azp") != about.client_id:
            raise SignInFailed("ID_TOKEN")
        return claims

    def _signed(self, token: str, now: datetime) -> dict[str, Any]:
        allowed = [self.about.algorithm]
        try:
            return jwt.decode(token, self._keys(now, FRESH), algorithms=allowed).claims
        except InvalidKeyIdError:  # perhaps a new key of the provider
            return jwt.decode(token, self._keys(now, ASKED_AGAIN_AFTER), algorithms=allowed).claims

    def _keys(self, now: datetime, age: timedelta) -> KeySet:
        found = self._document(self._metadata(now)["jwks_uri"], now, age).get("keys")
        fits = _KEY_OF[self.about.algorithm].items() | {("use", "sig")}
        keys = [
            each
            for each in (found if isinstance(found, list) else [])
            if isinstance(each, dict) and fits <= ({"use": "sig"} | each).items()
        ]
        return KeySet.import_key_set({"keys": keys})

    def _metadata(self, now: datetime) -> dict[str, Any]:
        issuer = self.about.issuer
        address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        metadata = self._document(address, now, FRESH)
        ends = [metadata.get(f"{name}_endpoint") for name in ("authorization", "token")]
        scheme = f"{issuer.partition(':')[0]}://"
        for end in (*ends, metadata.get("jwks_uri")):
            if not (isinstance(end, str) and end.startswith(("https://", scheme))):
                raise ProviderDown
        if metadata.get("issuer") != issuer:
            raise ProviderDown
        return metadata

    def _document(self, address: str, now: datetime, age: timedelta) -> dict[str, Any]:
        kept = self._kept.get(address)
        if kept is not None and timedelta(0) <= now - kept[0] < age:
            return kept[1]
        status, document = self._answer("GET", address)
        if status != httpx.codes.OK:
            raise ProviderDown
        self._kept[address] = (now, document)
        return document

    def _answer(
        self,
        method: str,
        address: str,
        **sent: Any,  # noqa: ANN401 - as httpx takes it
    ) -> tuple[int, dict[str, Any]]:
        try:
            with self._connect() as http, http.stream(method, address, **sent) as response:
                body = b""
                for part in response.iter_bytes():
                    body += part
                    if len(body) > LARGEST:
                        raise ProviderDown
            document = orjson.loads(body)
        except (httpx.HTTPError, orjson.JSONDecodeError) as error:
            raise ProviderDown from error
        if not isinstance(document, dict):
            raise ProviderDown
        return response.status_code, document


def http_client() -> httpx.Client:
    """Return a connection to the provider, through whatever proxy this machine has to use."""
    return httpx.Client(timeout=TIMEOUT)


def own_client() -> httpx.Client:
    """Return a connection to ourselves, for the sandbox: through no proxy."""
    return httpx.Client(timeout=TIMEOUT, trust_env=False)


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    return value if isinstance(value, str) and value else None
