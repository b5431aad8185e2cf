"""Does what is genuine still stand? Issuer, period and status, for every kind of document."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from signing.answers import STATUS, YES, Answer, State, Verdict
from signing.errors import Reason, SigningError, VerificationError
from signing.status_list import (
    LEEWAY_SECONDS,
    REVOKED,
    SUPERSEDED,
    SUSPENDED,
    VALID,
    StatusSnapshot,
)
from signing.trust import TrustBundle, TrustedKey, epoch, instant

StatusSource = Callable[[str], StatusSnapshot | None]

# For ever, so an old list is good enough to say it
_FOR_EVER = {REVOKED: Reason.REVOKED, SUPERSEDED: Reason.SUPERSEDED}


def stands(
    claims: Mapping[str, Any],
    key: TrustedKey,
    trust: TrustBundle,
    now: datetime,
    source: StatusSource | None,
) -> Verdict:
    """Answer what is left to ask of claims whose integrity is proved (steps 7 to 9)."""
    issuer = _issuer(claims, key, trust, now)
    answer, snapshot = _status(claims, trust, epoch(now), source)
    return Verdict(
        integrity=YES,
        status=answer,
        issuer=issuer,
        claims=claims if issuer == YES else None,
        step=STATUS,
        kid=key.kid,
        trust_as_of=trust.issued_at,
        status_as_of=snapshot.issued_at if snapshot else None,
    )


def _issuer(
    claims: Mapping[str, Any], key: TrustedKey, trust: TrustBundle, now: datetime
) -> Answer:
    # (7) The issuer is ours, and the key may vouch for that day.
    if claims["iss"] != trust.issuer:
        return Answer(State.NO, Reason.ISSUER_MISMATCH)
    refusal = key.refusal(signed_at=instant(claims["iat"]), now=now)
    return YES if refusal is None else Answer(State.NO, refusal)


def _status(
    claims: Mapping[str, Any], trust: TrustBundle, seconds: int, source: StatusSource | None
) -> tuple[Answer, StatusSnapshot | None]:
    # (8) It is within its period.
    if seconds + LEEWAY_SECONDS < max(claims["iat"], claims.get("nbf", 0)):
        return Answer(State.NO, Reason.NOT_YET_VALID), None
    if seconds - LEEWAY_SECONDS >= claims["exp"]:
        return Answer(State.NO, Reason.EXPIRED), None
    # (9) Its status list says so.
    match claims.get("status"):
        case {"status_list": {"idx": index, "uri": str(uri)}}:
            return _listed(index, uri, trust, seconds, source)
    return Answer(State.NO, Reason.STATUS_MISSING), None


def _listed(
    index: object, uri: str, trust: TrustBundle, seconds: int, source: StatusSource | None
) -> tuple[Answer, StatusSnapshot | None]:
    if type(index) is not int or index < 0:
        return Answer(State.NO, Reason.STATUS_INDEX_REFUSED), None
    if not trust.may_ask(uri):
        return Answer(State.UNKNOWN, Reason.STATUS_URI_UNKNOWN), None
    missing = Reason.STATUS_UNAVAILABLE
    try:
        snapshot = source(uri) if source else None
    except VerificationError as error:  # the list came, but it is not in order
        snapshot, missing = None, error.reason
    snapshot = snapshot or trust.status.get(uri)
    if snapshot is None:
        return Answer(State.UNKNOWN, missing), None
    if snapshot.uri != uri:
        return Answer(State.UNKNOWN, Reason.STATUS_LIST_MISMATCH), None
    return _weigh(snapshot, index, seconds), snapshot


def _weigh(snapshot: StatusSnapshot, index: int, seconds: int) -> Answer:
    try:
        status = snapshot.list.get(index)
    except SigningError:
        return Answer(State.NO, Reason.STATUS_INDEX_REFUSED)
    if status in _FOR_EVER:
        return Answer(State.NO, _FOR_EVER[status])
    if seconds - LEEWAY_SECONDS >= epoch(snapshot.expires_at):
        return Answer(State.UNKNOWN, Reason.STATUS_LIST_EXPIRED)
    if status == SUSPENDED:
        return Answer(State.NO, Reason.SUSPENDED)
    return YES if status == VALID else Answer(State.UNKNOWN, Reason.STATUS_VALUE_UNKNOWN)
