"""An e-ID provider that a test directs: it answers over HTTP as told, also falsely."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from api.login_provider import Provider, Registration

ISSUER = "https://id.example.vn"
CLIENT = "so-lao-dong"
PASSWORD = "bí mật: 100%"  # noqa: S105 - of nothing but these tests
REDIRECT = "https://so.example.vn/sign-in/callback"


def new_key(kid: str = "k1") -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})


@dataclass
class Stage:
    """What the provider says; a test changes it before it is asked."""

    now: Callable[[], datetime]
    key: ECKey = field(default_factory=new_key)
    published: list[dict[str, Any]] = field(default_factory=list)
    person: dict[str, Any] = field(default_factory=dict)
    """Claims about who signs in; they also overwrite those of the protocol."""
    left_out: tuple[str, ...] = ()
    header: dict[str, Any] = field(default_factory=dict)
    token: Callable[[dict[str, Any]], str] | None = None
    """Makes the ID token, where a test makes it itself."""
    metadata: dict[str, Any] = field(default_factory=dict)
    replies: dict[str, httpx.Response | Exception] = field(default_factory=dict)
    """By path: what is answered instead."""
    asked: list[httpx.Request] = field(default_factory=list)
    nonce: str = ""

    def provider(self) -> Provider:
        about = Registration(
            issuer=ISSUER,
            client_id=CLIENT,
            client_secret=PASSWORD,
            redirect_uri=REDIRECT,
            algorithm="ES256",
            scope="openid",
            personal_id="pin",
            name="full_name",
            level="loa",
            level_2="2",
            organisation="org_id",
        )
        return Provider(about, lambda: httpx.Client(transport=httpx.MockTransport(self.answer)))

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        path = request.url.path
        instead = self.replies.get(path)
        if isinstance(instead, Exception):
            raise instead
        if instead is not None:
            return instead
        if path == "/.well-known/openid-configuration":
            return httpx.Response(200, json=self.described())
        if path == "/jwks":
            return httpx.Response(200, json={"keys": self.published or [public(self.key)]})
        assert path == "/token"
        return httpx.Response(200, json={"id_token": self.id_token(), "token_type": "Bearer"})

    def described(self) -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks",
            "authorization_response_iss_parameter_supported": True,
        } | self.metadata

    def claims(self) -> dict[str, Any]:
        at = int(self.now().timestamp())
        whole = {"iss": ISSUER, "aud": CLIENT, "sub": "pairwise-1", "nonce": self.nonce}
        whole |= {"iat": at, "exp": at + 300, "loa": "2"} | self.person
        return {name: value for name, value in whole.items() if name not in self.left_out}

    def id_token(self) -> str:
        if self.token is not None:
            return self.token(self.claims())
        header = {"alg": "ES256", "kid": self.key.kid} | self.header
        return jwt.encode(header, self.claims(), self.key)

    def sent(self, path: str) -> list[httpx.Request]:
        return [each for each in self.asked if each.url.path == path]


def public(key: ECKey) -> dict[str, Any]:
    return dict(KeySet([key]).as_dict(private=False)["keys"][0])


def unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Return header and claims as a token has them, without a signature."""
    parts = (base64.urlsafe_b64encode(json.dumps(each).encode()) for each in (header, claims))
    return ".".join(part.decode().rstrip("=") for part in parts)


def query_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))
