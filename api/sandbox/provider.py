"""The rules of the sandbox's OpenID provider: clients, single-use codes, PKCE, ID tokens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import compare_digest, token_urlsafe
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from labour_book.domain.base64url import letters_of

CLIENT_ID = "labour-book"
CODE_LIFE = timedelta(seconds=60)
TOKEN_LIFE = timedelta(minutes=5)
MOST_CODES = 1000


class Refused(Exception):
    """The request is against the protocol; ``error`` is its word for that (RFC 6749, 5.2)."""

    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.status = status


@dataclass(frozen=True, slots=True)
class Question:
    """An authorization request: who asks, and what the answer is tied to."""

    client_id: str
    redirect_uri: str
    response_type: str = ""
    scope: str = ""
    state: str = ""
    nonce: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""


@dataclass(frozen=True, slots=True)
class _Grant:
    question: Question
    claims: Mapping[str, str]
    at: datetime


@dataclass(slots=True)
class SandboxProvider:
    """An OpenID provider with one client; its keys and codes live as long as the process."""

    issuer: str
    redirect_uri: str
    client_secret: str = field(default_factory=lambda: token_urlsafe(32), repr=False)
    key: ECKey = field(
        default_factory=lambda: ECKey.generate_key(
            "P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True
        ),
        repr=False,
    )
    _codes: dict[str, _Grant] = field(default_factory=dict, repr=False)

    def metadata(self) -> dict[str, Any]:
        """Return what clients configure themselves by (OpenID Connect Discovery)."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "scopes_supported": ["openid"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "claims_supported": ["sub", "pin", "full_name", "loa", "org_id"],
            "authorization_response_iss_parameter_supported": True,
        }

    def keys(self) -> dict[str, Any]:
        """Return the public key (RFC 7517)."""
        return {"keys": [self.key.as_dict(private=False)]}

    def check_client(self, question: Question) -> None:
        """Refuse a stranger, whom nothing may be sent back to.

        Raises:
            Refused: no such client, or not its address.
        """
        ours = (CLIENT_ID, self.redirect_uri)
        if (question.client_id, question.redirect_uri) != ours:
            raise Refused("invalid_client")

    def check(self, question: Question) -> None:
        """Refuse a question that is not asked as it must be.

        Raises:
            Refused: it is so; the client is told by the browser.
        """
        if question.response_type != "code":
            raise Refused("unsupported_response_type")
        if "openid" not in question.scope.split():
            raise Refused("invalid_scope")
        if not question.code_challenge or question.code_challenge_method != "S256":
            raise Refused("invalid_request")

    def grant(self, question: Question, claims: Mapping[str, str], now: datetime) -> str:
        """Return a code for what the person has let the client know."""
        while len(self._codes) >= MOST_CODES:
            del self._codes[next(iter(self._codes))]
        code = token_urlsafe(32)
        self._codes[code] = _Grant(question, claims, now)
        return code

    def check_secret(self, client_id: str, secret: str) -> None:
        """Refuse a client that is not the one it says.

        Raises:
            Refused: it is so.
        """
        if client_id != CLIENT_ID or not compare_digest(
            secret.encode(), self.client_secret.encode()
        ):
            raise Refused("invalid_client", 401)

    def redeem(
        self, grant_type: str, code: str, redirect_uri: str, verifier: str, *, now: datetime
    ) -> str:
        """Return the ID token for a code; a code is good once.

        Raises:
            Refused: it is none of ours, was used, is too old, or not this client's to redeem.
        """
        if grant_type != "authorization_code":
            raise Refused("unsupported_grant_type")
        grant = self._codes.pop(code, None)
        if grant is None or now - grant.at > CODE_LIFE:
            raise Refused("invalid_grant")
        question = grant.question
        digest = letters_of(sha256(verifier.encode()).digest())
        if redirect_uri != question.redirect_uri or digest != question.code_challenge:
            raise Refused("invalid_grant")
        claims = {
            **grant.claims,
            "iss": self.issuer,
            "aud": question.client_id,
            "iat": int(now.timestamp()),
            "exp": int((now + TOKEN_LIFE).timestamp()),
            "nonce": question.nonce,
        }
        header = {"alg": "ES256", "kid": self.key.kid, "typ": "JWT"}
        return jwt.encode(header, claims, self.key)
