"""Checking a book without the server: with the trust list that was saved when it last answered."""

from datetime import datetime
from typing import Any

import signing
from app.answers import Said, Verified
from app.texts import LANGUAGES, catalogue
from signing import SigningError, State, TrustBundle, Verdict, VerificationError

COMPACT = b"VNL1:"
"""How the text of an offline code begins."""


def trusted(token: str, root: Any, now: datetime) -> TrustBundle | None:  # noqa: ANN401 - a certificate
    """Return what a saved trust list says; None if it is too old, or not of the pinned root."""
    try:
        return signing.trust_list_read(token.strip(), root=root, now=now)
    except (VerificationError, SigningError):
        return None


def checked(content: bytes, bundle: TrustBundle, now: datetime) -> Verified | None:
    """Return three answers about an offline code or a credential; None if it is neither."""
    try:
        text = content.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        return None
    if content.startswith(COMPACT):
        return _answers(signing.compact_verify(text, bundle, now))
    if text.count(".") < 2:  # noqa: PLR2004 - a JWS has three parts
        return None
    return _answers(signing.verify_credential(text.strip(), bundle, now))


def _answers(verdict: Verdict) -> Verified:
    asked = {
        "genuine": verdict.integrity,
        "current": verdict.status,
        "issuer": verdict.issuer,
    }
    said = {name: _said(name, answer.state, str(answer.reason)) for name, answer in asked.items()}
    claims = None if verdict.claims is None else dict(verdict.claims)
    return Verified(
        **said,
        good=all(answer.state == State.YES for answer in asked.values()),
        status_as_of=verdict.status_as_of,
        claims=claims,
    )


def _said(question: str, state: State, reason: str) -> Said:
    texts = catalogue()[f"offline.{question}.{state.value}"]
    vi, en = (texts[language] for language in LANGUAGES)
    return Said(state.value, reason, vi, en, "", "", "", "")
