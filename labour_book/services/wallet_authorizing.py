"""A wallet asks in advance (PAR), the worker agrees in the browser, the wallet gets a code.

Source: RFC 9126 (PAR), RFC 7636 (PKCE), RFC 9207 (iss in the answer), HAIP 1.0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.limits import counted_as
from labour_book.domain.wallets import (
    AUTHORIZATION_LIFE,
    CODE_LIFE,
    CONFIGURATION,
    PAR_LIMIT,
    is_challenge,
    is_safe_redirect,
)
from labour_book.errors import NotFound
from labour_book.queries import wallets
from labour_book.queries.wallets import StoredAuthorization
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.hashed_secrets import hashed
from labour_book.services.installation import Installation
from labour_book.services.limiting import count_or_refuse
from labour_book.services.permission import OWN_USE, check_own
from labour_book.services.wallet_grants import Proving
from labour_book.services.wallet_offers import Way
from labour_book.services.wallet_secrets import WalletRefusal, derived

REQUEST_URN = "urn:ietf:params:oauth:request_uri:"
_LONGEST = {"client_id": 300, "state": 500}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the worker is shown before agreeing."""

    client_id: str
    goes_to: str
    """Host or app that gets the code."""
    source: str
    """The same as a content security policy names it."""


def push(
    db: Db,
    inst: Installation,
    form: Mapping[str, str],
    *,
    proving: Proving,
    address: str | None,
    now: datetime,
) -> tuple[str, int]:
    """Take a wallet's request; return the name to ask with, and for how many seconds it is good.

    Raises:
        WalletRefusal: the request lacks something, or asks for what there is not.
        TooMany: this address has asked too often.
    """
    count_or_refuse(db, inst, PAR_LIMIT, counted_as(address), now)
    _check_request(form)
    offer_id = None
    if "issuer_state" in form:
        state = hashed(form["issuer_state"])
        offer = wallets.offer_with_code(db, state, Way.AUTHORIZATION, now)
        if offer is None:
            raise WalletRefusal("invalid_request", "the offer is over")
        offer_id = offer.id
    request_id = UUID(bytes=inst.entropy(16), version=4)
    name = REQUEST_URN + derived(inst, "wallet-request", request_id)
    row = {
        "id": request_id,
        "request_hash": hashed(name),
        "client_id": form["client_id"],
        "redirect_uri": form["redirect_uri"],
        "state": form.get("state"),
        "code_challenge": form["code_challenge"],
        "jkt": proving.thumbprint(db, now) or form.get("dpop_jkt"),
        "offer_id": offer_id,
        "created_at": now,
        "expires_at": now + AUTHORIZATION_LIFE,
    }
    wallets.add_authorization(db, row)
    return name, int(AUTHORIZATION_LIFE.total_seconds())


def asked(db: Db, request_uri: str, client_id: str, *, now: datetime) -> Asked:
    """Return what a wallet asks, for the worker to read.

    Raises:
        NotFound: there is no such request, or it is over.
    """
    found = _asked(db, request_uri, client_id, now)
    parts = urlsplit(found.redirect_uri)
    if parts.scheme in ("https", "http"):
        return Asked(found.client_id, parts.netloc, f"{parts.scheme}://{parts.netloc}")
    return Asked(found.client_id, f"{parts.scheme}:", f"{parts.scheme}:")


def agree(
    db: Db,
    inst: Installation,
    caller: Caller,
    request_uri: str,
    client_id: str,
    *,
    now: datetime,
) -> str:
    """Let a wallet take the caller's book; return where the browser goes with the code.

    Raises:
        NotFound: there is no such request, it is over, or its offer was made for somebody else.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    found = _asked(db, request_uri, client_id, now)
    person_id = check_own(db, caller, Action.WALLET_AGREE, now)
    if found.offer_id is not None and not wallets.redeem_offer_of(
        db, found.offer_id, person_id, now
    ):
        raise _unknown()
    code = derived(inst, "wallet-authorization", found.id)
    decided = {
        "decided_at": now,
        "account_id": UUID(caller.id),
        "person_id": person_id,
        "code_hash": hashed(code),
        "code_expires_at": now + CODE_LIFE,
    }
    if not wallets.decide_authorization(db, found.id, decided):
        raise _unknown()
    trace(db, caller, Action.WALLET_AGREE, at=now, purpose=OWN_USE, person_id=person_id)
    return _back(inst, found, {"code": code})


def decline(
    db: Db,
    inst: Installation,
    caller: Caller,
    request_uri: str,
    client_id: str,
    *,
    now: datetime,
) -> str:
    """Refuse a wallet what it asks; return where the browser goes with that.

    Raises:
        NotFound: there is no such request, or it is over.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    found = _asked(db, request_uri, client_id, now)
    person_id = check_own(db, caller, Action.WALLET_AGREE, now)
    if not wallets.decide_authorization(db, found.id, {"decided_at": now}):
        raise _unknown()
    trace(
        db,
        caller,
        Action.WALLET_AGREE,
        at=now,
        purpose=OWN_USE,
        person_id=person_id,
        outcome="declined",
    )
    return _back(inst, found, {"error": "access_denied"})


def _check_request(form: Mapping[str, str]) -> None:
    for name in ("client_id", "redirect_uri", "code_challenge"):
        if not form.get(name):
            raise WalletRefusal("invalid_request", f"{name} is missing")
    if any(len(form.get(name, "")) > longest for name, longest in _LONGEST.items()):
        raise WalletRefusal("invalid_request", "a parameter is too long")
    if form.get("response_type") != "code":
        raise WalletRefusal("unsupported_response_type", "only code is given")
    if form.get("code_challenge_method") != "S256" or not is_challenge(form["code_challenge"]):
        raise WalletRefusal("invalid_request", "PKCE with S256 is needed")
    if not is_safe_redirect(form["redirect_uri"]):
        raise WalletRefusal("invalid_request", "no code is sent to such a redirect_uri")
    if CONFIGURATION not in form.get("scope", "").split():
        raise WalletRefusal("invalid_scope", f"the scope is {CONFIGURATION}")
    if "dpop_jkt" in form and not is_challenge(form["dpop_jkt"]):
        raise WalletRefusal("invalid_request", "dpop_jkt is a thumbprint")


def _asked(db: Db, request_uri: str, client_id: str, now: datetime) -> StoredAuthorization:
    found = wallets.authorization_asked(db, hashed(request_uri), now)
    if found is None or found.client_id != client_id:
        raise _unknown()
    return found


def _back(inst: Installation, found: StoredAuthorization, answer: Mapping[str, str]) -> str:
    values = dict(answer) | {"iss": inst.issuer.uri}
    if found.state is not None:
        values["state"] = found.state
    separator = "&" if "?" in found.redirect_uri else "?"
    return f"{found.redirect_uri}{separator}{urlencode(values)}"


def _unknown() -> NotFound:
    return NotFound("no wallet asks for this, or no longer")
