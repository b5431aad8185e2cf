"""The signed statement by which a machine proves itself (RFC 7523, private_key_jwt).

It is verified by the registered keys alone, with one algorithm: nothing in the statement says
which key or algorithm to believe.
"""

from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import orjson
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from labour_book.services.machines import NotThatMachine

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHM = "ES256"
LONGEST_LIFE = timedelta(minutes=5)
LEEWAY = timedelta(seconds=30)
"""By which the machine's clock may differ from ours."""
LONGEST_JTI = 200


@dataclass(frozen=True, slots=True)
class Statement:
    """What a verified statement says."""

    client_id: str
    jti: str
    expires_at: datetime


def client_named(statement: str) -> str:
    """Return which client a statement, not verified yet, says it is.

    Raises:
        NotThatMachine: it cannot be read.
    """
    try:
        claims = orjson.loads(jws.extract_compact(statement.encode()).payload)
        name = claims["iss"]
    except (JoseError, ValueError, NotBase64, KeyError, TypeError, AttributeError) as error:
        raise NotThatMachine from error
    if not isinstance(name, str):
        raise NotThatMachine
    return name


def verified(statement: str, keys: KeySet, *, audience: str, now: datetime) -> Statement:
    """Return what a statement says that one of the registered keys has signed for us, just now.

    Raises:
        NotThatMachine: it is not so.
    """
    try:
        claims = jwt.decode(statement, keys, algorithms=[ALGORITHM]).claims
        jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=int(LEEWAY.total_seconds()),
            iss={"essential": True},
            sub={"essential": True, "value": str(claims.get("iss"))},
            aud={"essential": True},
            exp={"essential": True},
            jti={"essential": True},
        ).validate(claims)
    except (JoseError, ValueError, TypeError) as error:
        raise NotThatMachine from error
    expires_at = datetime.fromtimestamp(claims["exp"], UTC)
    jti = claims["jti"]
    fits = (
        claims["aud"] in (audience, [audience])
        and expires_at <= now + LONGEST_LIFE + LEEWAY
        and isinstance(jti, str)
        and 0 < len(jti) <= LONGEST_JTI
    )
    if not fits:
        raise NotThatMachine
    return Statement(str(claims["iss"]), jti, expires_at + LEEWAY)
