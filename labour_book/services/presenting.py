"""A named verifier asks a wallet for parts of a book: the request, and later its result.

What can be asked for are the presets: no request can name what is in none of them. The result is
for whoever asked, for some minutes.

Source: OpenID4VP 1.0; HAIP 1.0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from json import loads
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import signing
from labour_book.database import Db
from labour_book.domain.sharing import preset_selection
from labour_book.domain.wallets import (
    ASK_LIMIT,
    REQUEST_LIFE,
    RESULT_LIFE,
    dcql,
    is_safe_redirect,
)
from labour_book.errors import Gone, Invalid, NotFound
from labour_book.queries import presentations
from labour_book.queries.presentations import StoredRequest
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.hashed_secrets import hashed
from labour_book.services.installation import Installation
from labour_book.services.limiting import count_or_refuse
from labour_book.services.offers import purpose_of
from labour_book.services.permission import check_role
from labour_book.services.recipients import check_enterprise
from labour_book.services.wallet_secrets import derived, is_same
from signing import Use

SELF_ISSUED = "https://self-issued.me/v2"
"""Audience of a request whose wallet nobody knows yet (OpenID4VP 1.0, section 5.8)."""
_SCHEME = "openid4vp://?"


class PresentationOver(Gone):
    """The request was answered, or nobody answered in time."""

    slug = "presentation-over"
    title = "This request is over; ask again"
    title_vi = "Yêu cầu này đã kết thúc; hãy tạo yêu cầu mới"


@dataclass(frozen=True, slots=True)
class MadeRequest:
    """A request as the verifier's screen shows it."""

    code: str
    address: str
    link: str
    """Opens a wallet on the same device; also what the QR holds."""
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a request: nothing yet, or the answers."""

    is_answered: bool
    expires_at: datetime
    answers: Mapping[str, Any] | None = None


def ask(
    db: Db,
    inst: Installation,
    caller: Caller,
    *,
    preset: str,
    purpose: str,
    redirect_uri: str | None = None,
    is_encrypted: bool = True,
    now: datetime,
) -> MadeRequest:
    """Ask whichever wallet opens the request for what a preset shows.

    With ``redirect_uri`` the person comes back to the verifier on the same device, with a code
    without which the result is not shown (OpenID4VP 1.0, section 13.3).

    Raises:
        Invalid: no such preset, no purpose, or no address to come back to.
        EnterpriseRefused: the enterprise is gone, or not at its address.
        TooMany: the verifier asks too often.
        DeniedToRole, LevelTooLow: the caller is no verifier, or not sure enough.
    """
    check_role(caller, Action.PRESENTATION_ASK, now)
    stated = purpose_of(purpose)
    preset_selection(preset)
    if redirect_uri is not None and not is_safe_redirect(redirect_uri):
        raise Invalid("the wallet cannot send anybody there", cause="REDIRECT_URI")
    name = caller.name
    if caller.enterprise_code is not None:
        name = check_enterprise(db, caller.enterprise_code, now)
    count_or_refuse(db, inst, ASK_LIMIT, caller.id, now)
    request_id = UUID(bytes=inst.entropy(16), version=4)
    code = derived(inst, "presentation", request_id)
    row = {
        "id": request_id,
        "account_id": UUID(caller.id),
        "verifier_name": name,
        "preset": preset,
        "purpose": stated,
        "redirect_uri": redirect_uri,
        "created_at": now,
        "expires_at": now + REQUEST_LIFE,
        "address_hash": hashed(code),
        "private_key": _new_key(inst, request_id) if is_encrypted else None,
    }
    presentations.add_request(db, row)
    detail = {"preset": preset, "request": str(request_id)}
    trace(db, caller, Action.PRESENTATION_ASK, at=now, purpose=stated, detail=detail)
    address = f"{inst.public_url}/vp/{code}/request"
    link = _SCHEME + urlencode({"client_id": client_id(inst), "request_uri": address})
    return MadeRequest(code, address, link, now + REQUEST_LIFE)


def request_object(db: Db, inst: Installation, code: str, *, now: datetime) -> str:
    """Return the signed request that a wallet fetches.

    Raises:
        NotFound: there is no such request.
        PresentationOver: it was answered, or is over.
        Unavailable: there is no key to sign it with.
    """
    asked = waiting(db, code, now)
    claims = {
        "response_type": "vp_token",
        "response_mode": "direct_post" if asked.private_key is None else "direct_post.jwt",
        "response_uri": f"{inst.public_url}/vp/{code}/response",
        "client_id": client_id(inst),
        "aud": SELF_ISSUED,
        "nonce": nonce_of(inst, asked.id),
        "state": state_of(inst, asked.id),
        "iat": int(now.timestamp()),
        "exp": int(asked.expires_at.timestamp()),
        "dcql_query": dcql(preset_selection(asked.preset), inst.vct),
        "client_metadata": _about(inst, asked),
    }
    return signing.sign_request(claims, signer=inst.key_ring.signer(Use.REQUEST))


def result_of(
    db: Db, inst: Installation, caller: Caller, code: str, *, response_code: str, now: datetime
) -> Result:
    """Return what came of a request of the caller's own.

    Raises:
        NotFound: there is no such request of the caller's, or the code that came back is wrong.
        PresentationOver: nobody answered in time, or the result is not kept any more.
        DeniedToRole, LevelTooLow: the caller is no verifier, or not sure enough.
    """
    check_role(caller, Action.PRESENTATION_READ, now)
    asked = presentations.request_at(db, hashed(code))
    if asked is None or str(asked.account_id) != caller.id:
        raise _unknown()
    if asked.answered_at is None:
        if now >= asked.expires_at:
            raise PresentationOver
        return Result(is_answered=False, expires_at=asked.expires_at)
    if asked.redirect_uri is not None and not is_same(response_code, response_code_of(inst, asked)):
        raise _unknown()
    expires_at = asked.answered_at + RESULT_LIFE
    if now >= expires_at or asked.result is None:
        raise PresentationOver
    opened = inst.vault.sealer.open(asked.result, bound_to=place_of(asked.id))
    answers: Mapping[str, Any] = loads(opened)
    trace(
        db,
        caller,
        Action.PRESENTATION_READ,
        at=now,
        purpose=asked.purpose,
        person_id=asked.person_id,
        detail={"request": str(asked.id)},
    )
    return Result(is_answered=True, expires_at=expires_at, answers=answers)


def waiting(db: Db, code: str, now: datetime) -> StoredRequest:
    """Return a request that waits for its answer.

    Raises:
        NotFound: there is no such request.
        PresentationOver: it was answered, or is over.
    """
    found = presentations.request_at(db, hashed(code))
    if found is None:
        raise _unknown()
    if found.answered_at is not None or now >= found.expires_at:
        raise PresentationOver
    return found


def forget_old_requests(db: Db, now: datetime) -> int:
    """Delete requests whose result is not shown any more; return how many."""
    return presentations.forget_requests(db, now - RESULT_LIFE)


def client_id(inst: Installation) -> str:
    """Return as whom we ask: the hash of our certificate, which wallets hold against the request.

    Raises:
        Unavailable: there is no key to ask with.
    """
    return f"x509_hash:{signing.certificate_hash(inst.key_ring.signer(Use.REQUEST))}"


def nonce_of(inst: Installation, request_id: UUID) -> str:
    """Return the nonce that the wallet's answer must be over; one for each request."""
    return derived(inst, "presentation-nonce", request_id)


def state_of(inst: Installation, request_id: UUID) -> str:
    """Return what the wallet must send back with its answer."""
    return derived(inst, "presentation-state", request_id)


def response_code_of(inst: Installation, asked: StoredRequest) -> str:
    """Return the code with which the person comes back on the same device."""
    return derived(inst, "presentation-code", asked.id)


def place_of(request_id: UUID) -> bytes:
    """Return what a stored result is bound to."""
    return b"presentation_request.result:" + request_id.bytes


def private_key_of(inst: Installation, asked: StoredRequest) -> bytes | None:
    """Return the key that the answer is encrypted to; None where it comes as it is."""
    if asked.private_key is None:
        return None
    return inst.vault.sealer.open(asked.private_key, bound_to=_key_place(asked.id))


def _new_key(inst: Installation, request_id: UUID) -> bytes:
    return inst.vault.sealer.seal(signing.new_answer_key(), bound_to=_key_place(request_id))


def _key_place(request_id: UUID) -> bytes:
    return b"presentation_request.private_key:" + request_id.bytes


def _about(inst: Installation, asked: StoredRequest) -> dict[str, Any]:
    """Return what the wallet shows of the verifier, and how to answer."""
    algorithms = {"sd-jwt_alg_values": ["ES256"], "kb-jwt_alg_values": ["ES256"]}
    about: dict[str, Any] = {
        "client_name": asked.verifier_name,
        "purpose": asked.purpose,
        "vp_formats_supported": {"dc+sd-jwt": algorithms},
    }
    private = private_key_of(inst, asked)
    if private is not None:
        public = signing.answer_key(private) | {"kid": asked.id.hex, "use": "enc", "alg": "ECDH-ES"}
        about["jwks"] = {"keys": [public]}
        about["encrypted_response_enc_values_supported"] = ["A128GCM", "A256GCM"]
    return about


def _unknown() -> NotFound:
    return NotFound("there is no such request")
