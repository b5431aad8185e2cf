"""Rules of wallets: how long things last, which redirects are safe, what a verifier may ask for.

Source: OpenID4VCI 1.0, OpenID4VP 1.0, HAIP 1.0, RFC 7636 (PKCE), RFC 8252 (redirects of apps).
"""

import hmac
import re
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from labour_book.domain.base64url import letters_of
from labour_book.domain.limits import Limit
from labour_book.domain.sharing import LINES, NO_LINES, Selection

CONFIGURATION = "labour-book"
"""Id of the one credential on offer, and the scope that asks for it."""
QUERY = "book"
"""Id of the one credential query of a verifier."""

OFFER_LIFE = timedelta(minutes=10)
AUTHORIZATION_LIFE = timedelta(minutes=10)
"""From the wallet's request to the worker's consent, signing in included."""
CODE_LIFE = timedelta(seconds=60)
TOKEN_LIFE = timedelta(minutes=10)
NONCE_LIFE = timedelta(minutes=5)
PROOF_AGE = timedelta(minutes=5)
"""How old a proof of a key may be."""
LEEWAY = timedelta(seconds=60)
"""How far a wallet's clock may be ahead."""
USES_KEPT = timedelta(minutes=30)
"""Longer than anything lives that is used once."""
REQUEST_LIFE = timedelta(minutes=5)
RESULT_LIFE = timedelta(minutes=10)

TX_DIGITS = 6
TX_TRIES = 5
MOST_COPIES = 10
"""In one batch; each has its own key, salts and place on a status list."""
PAR_LIMIT = Limit("wallet.par", 60, 60)
"""Requests of wallets in advance, by address."""
ASK_LIMIT = Limit("presentation.ask", 120, 60)
"""Requests of a verifier."""
EVENTS = frozenset({"credential_accepted", "credential_failure", "credential_deleted"})

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_PRIVATE_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")
_LONGEST_REDIRECT = 1000
_MANDATORY = ("worker.full_name", "as_of", "insurance.SI", "insurance.as_of_month")
"""Claims that every book has; the others are left out where they are not known."""
_LINE_MEMBER = {"employments": "employer", "qualifications": "kind"}
"""A member that each line has: to ask for it is to ask for the line, not for what it hides."""


def is_safe_redirect(uri: str) -> bool:
    """Say whether a code may be sent there: https, an app's own scheme, or this device itself."""
    if len(uri) > _LONGEST_REDIRECT or not uri.isascii() or not uri.isprintable() or " " in uri:
        return False
    try:
        parts = urlsplit(uri)
        host = parts.hostname
    except ValueError:
        return False
    if "#" in uri or parts.username is not None:
        return False
    match parts.scheme:
        case "https":
            return bool(host)
        case "http":
            return _is_loopback(host)
        case scheme:
            return _PRIVATE_SCHEME.fullmatch(scheme) is not None


def is_challenge(text: str) -> bool:
    """Say whether a text is a PKCE challenge of the method S256."""
    return _CHALLENGE.fullmatch(text) is not None


def answers_challenge(verifier: str, challenge: str) -> bool:
    """Say whether a PKCE verifier is the one of a challenge."""
    if _VERIFIER.fullmatch(verifier) is None:
        return False
    digest = letters_of(sha256(verifier.encode()).digest())
    return hmac.compare_digest(digest, challenge)


def dcql(selection: Selection, vct: str) -> dict[str, Any]:
    """Return the query (DCQL) for what a choice shows of a book.

    Claims that a book may lack are left out step by step, so that nobody is kept from answering
    by what is not known of them.
    """
    paths = _paths(selection)
    claims = [{"id": _id(path), "path": path} for path in paths]
    sets = [[_id(path) for path in some] for some in _claim_sets(paths)]
    credential = {
        "id": QUERY,
        "format": "dc+sd-jwt",
        "meta": {"vct_values": [vct]},
        "claims": claims,
        "claim_sets": sets,
    }
    return {"credentials": [credential]}


def satisfies(selection: Selection, shown: Mapping[str, Any]) -> bool:
    """Say whether what was shown holds at least one of the sets of claims asked for."""
    return any(all(_holds(shown, path) for path in some) for some in _claim_sets(_paths(selection)))


def _paths(selection: Selection) -> list[list[str | None]]:
    paths: list[list[str | None]] = []
    rules = {"employments": selection.employments, "qualifications": selection.qualifications}
    for name in sorted(selection.claims):
        section, _, member = name.partition(".")
        if section not in LINES:
            paths.append([section, member] if member else [section])
        elif rules[section].rule != NO_LINES.rule:
            paths.append([section, None, member])
    for section, lines in rules.items():
        if lines.rule != NO_LINES.rule:
            paths.append([section, None, _LINE_MEMBER[section]])
    return paths


def _claim_sets(paths: list[list[str | None]]) -> list[list[list[str | None]]]:
    """Return all paths, then without each list of lines, then those that every book has."""
    sets = [
        [path for path in paths if path[0] not in without]
        for without in ((), LINES[1:], LINES[:1], LINES)
    ]
    sets.append([path for path in paths if ".".join(map(str, path)) in _MANDATORY])
    return [some for at, some in enumerate(sets) if some and some not in sets[:at]]


def _id(path: list[str | None]) -> str:
    return "_".join(each for each in path if each is not None)


def _holds(shown: Any, path: list[str | None]) -> bool:  # noqa: ANN401 - JSON is any value
    match path:
        case []:
            return True
        case [None, *rest]:
            return isinstance(shown, list) and bool(shown) and all(_holds(e, rest) for e in shown)
        case [name, *rest]:
            return isinstance(shown, Mapping) and name in shown and _holds(shown[name], rest)
    return False


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False
