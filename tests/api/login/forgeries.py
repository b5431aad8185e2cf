"""ID tokens that are not what they seem; each kind is one that somebody was taken in by."""

import base64
import hmac
from collections.abc import Callable
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.services import people
from tests.support.id_provider import PASSWORD, Stage, new_key, public, unsigned

Forger = Callable[[Stage, dict[str, Any]], str]


def by_stranger(stage: Stage, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "ES256", "kid": stage.key.kid}, claims, new_key("k1"))


def unknown_key(_stage: Stage, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "ES256", "kid": "k9"}, claims, new_key("k9"))


def own_key_in_header(_stage: Stage, claims: dict[str, Any]) -> str:
    key = new_key("k9")
    header = {"alg": "ES256", "kid": "k9", "jwk": public(key)}
    return jwt.encode(header, claims, key)


def key_by_address(_stage: Stage, claims: dict[str, Any]) -> str:
    header = {"alg": "ES256", "kid": "k9", "jku": "https://evil.example/jwks"}
    return jwt.encode(header, claims, new_key("k9"))


def without_signature(_stage: Stage, claims: dict[str, Any]) -> str:
    return unsigned({"alg": "none"}, claims) + "."


def without_signature_spelt_oddly(stage: Stage, claims: dict[str, Any]) -> str:
    return unsigned({"alg": "nOnE", "kid": stage.key.kid}, claims) + "."


def _by_secret(secret: bytes, stage: Stage, claims: dict[str, Any]) -> str:
    signed = unsigned({"alg": "HS256", "kid": stage.key.kid}, claims)
    mac = hmac.digest(secret, signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def hmac_with_public_key(stage: Stage, claims: dict[str, Any]) -> str:
    return _by_secret(stage.key.as_pem(private=False), stage, claims)


def hmac_with_client_secret(stage: Stage, claims: dict[str, Any]) -> str:
    return _by_secret(PASSWORD.encode(), stage, claims)


def hmac_with_nothing(stage: Stage, claims: dict[str, Any]) -> str:
    return _by_secret(b"", stage, claims)


def other_algorithm(stage: Stage, claims: dict[str, Any]) -> str:
    key = RSAKey.generate_key(2048, {"kid": "r1", "use": "sig"})
    stage.published = [public(stage.key), dict(key.as_dict(private=False))]
    return jwt.encode({"alg": "RS256", "kid": "r1"}, claims, key)


def altered(stage: Stage, claims: dict[str, Any]) -> str:
    head, _, mark = jwt.encode({"alg": "ES256", "kid": stage.key.kid}, claims, stage.key).split(".")
    other = claims | {"pin": people.personal_id(2)}
    return f"{head}.{unsigned({}, other).partition('.')[2]}.{mark}"


def unknown_extension(stage: Stage, claims: dict[str, Any]) -> str:
    head = {"alg": "ES256", "kid": stage.key.kid, "crit": ["b64"], "b64": False}
    return unsigned(head, claims) + ".AAAA"


def nothing(_stage: Stage, _claims: dict[str, Any]) -> str:
    return ""


def no_token(_stage: Stage, _claims: dict[str, Any]) -> str:
    return "a.b.c"


def huge(_stage: Stage, _claims: dict[str, Any]) -> str:
    return "A" * 200_000


FORGERIES: list[Forger] = [
    *(by_stranger, unknown_key, own_key_in_header, key_by_address, without_signature),
    *(without_signature_spelt_oddly, hmac_with_public_key, hmac_with_client_secret),
    *(hmac_with_nothing, other_algorithm, altered, unknown_extension, nothing, no_token, huge),
]
