"""A wallet answers a verifier's request: once, checked, and kept for the verifier alone.

The answer is closed before it is looked at: whatever is wrong with it, it is not tried again, and
the verifier asks anew. Only an answer that does not know the request's state changes nothing.

Source: OpenID4VP 1.0, sections 8.2, 8.3 and 8.6.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from json import JSONDecodeError, dumps, loads
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import signing
from labour_book.database import Db, reading
from labour_book.domain.sharing import Audience, preset_selection
from labour_book.domain.wallets import QUERY, satisfies
from labour_book.queries import presentations, shares
from labour_book.queries.presentations import StoredRequest
from labour_book.services.auditing import trace
from labour_book.services.callers import Action
from labour_book.services.disclosing import chosen_part
from labour_book.services.installation import Installation
from labour_book.services.keys import trust_bundle
from labour_book.services.permission import deed
from labour_book.services.presenting import (
    PresentationOver,
    client_id,
    nonce_of,
    place_of,
    private_key_of,
    response_code_of,
    state_of,
    waiting,
)
from labour_book.services.verifying import (
    COPY_TAKEN_BACK,
    Answer,
    Checked,
    check_disclosed,
    person_of,
)
from labour_book.services.wallet_grants import wallet_caller
from labour_book.services.wallet_secrets import WalletRefusal, is_same
from signing import Presentation, SigningError, State

DECLINED, CLAIMS_MISSING = "DECLINED", "CLAIMS_MISSING"
SHARING_FROZEN = "SHARING_FROZEN"
"""The worker has frozen all sharing: a wallet in somebody else's hands shows nothing here."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What the wallet sent: a presentation, or that there will be none."""

    state: str
    token: str | None


@dataclass(frozen=True, slots=True)
class _Finding:
    """What a check found, as it is kept for the verifier."""

    answers: Mapping[str, Any]
    person_id: UUID | None
    is_good: bool


def receive(inst: Installation, code: str, form: Mapping[str, str], *, now: datetime) -> str | None:
    """Take a wallet's answer; return where the wallet sends the person, if anywhere.

    Raises:
        NotFound: there is no such request.
        PresentationOver: it was answered already, or is over.
        WalletRefusal: the answer is malformed, or what it shows is not good.
    """
    with reading(inst.engine) as db:
        asked = waiting(db, code, now)
    told = _told(form, private_key_of(inst, asked))
    if not is_same(told.state, state_of(inst, asked.id)):
        raise WalletRefusal("invalid_request", "the state is another one")
    with deed(inst.engine) as db:
        if not presentations.close_request(db, asked.id, now):
            raise PresentationOver
        finding = _finding(db, inst, asked, told.token, now)
        sealed = inst.vault.sealer.seal(
            dumps(finding.answers).encode(), bound_to=place_of(asked.id)
        )
        presentations.keep_result(db, asked.id, finding.person_id, sealed)
        _trace(db, asked, finding, now)
    if not finding.is_good:
        raise WalletRefusal("invalid_request", "the presentation is refused")
    if asked.redirect_uri is None:
        return None
    separator = "&" if "?" in asked.redirect_uri else "?"
    answer = urlencode({"response_code": response_code_of(inst, asked)})
    return f"{asked.redirect_uri}{separator}{answer}"


def _told(form: Mapping[str, str], private_key: bytes | None) -> _Told:
    """Read the form, or what is encrypted in it where that was asked for."""
    if private_key is None or "error" in form:
        return _answer_in(form)
    try:
        opened = loads(signing.open_answer(form.get("response", ""), private_key))
    except (SigningError, JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise WalletRefusal("invalid_request", "the answer does not open") from error
    if not isinstance(opened, dict):
        raise WalletRefusal("invalid_request", "the answer does not open")
    return _answer_in(opened)


def _answer_in(answer: Mapping[str, Any]) -> _Told:
    state = answer.get("state")
    if not isinstance(state, str):
        raise WalletRefusal("invalid_request", "the state is missing")
    if "error" in answer:
        return _Told(state, None)
    token = answer.get("vp_token")
    if isinstance(token, str):
        try:
            token = loads(token)
        except (JSONDecodeError, RecursionError):
            token = None
    match token:
        case {**by_query} if by_query.keys() == {QUERY}:
            match by_query[QUERY]:
                case [str(presentation)]:
                    return _Told(state, presentation)
    raise WalletRefusal("invalid_request", f"vp_token holds one presentation, under {QUERY}")


def _finding(
    db: Db, inst: Installation, asked: StoredRequest, token: str | None, now: datetime
) -> _Finding:
    if token is None:
        return _Finding({"holder": _shown(Answer(State.NO, DECLINED))}, None, is_good=True)
    presented = signing.verify_presentation(
        token,
        trust_bundle(db, inst, now),
        now,
        audience=client_id(inst),
        nonce=nonce_of(inst, asked.id),
    )
    credential = token.rpartition("~")[0] + "~"
    checked = check_disclosed(db, inst, credential, now=now)
    holder = Answer(presented.holder.state, str(presented.holder.reason))
    selection = preset_selection(asked.preset)
    person_id = person_of(db, inst, checked)
    if holder.state == State.YES and checked.claims is not None:
        if not satisfies(selection, checked.claims):
            holder = Answer(State.NO, CLAIMS_MISSING)
        elif person_id is not None and shares.lock_switch(db, person_id) is not None:
            holder = Answer(State.NO, SHARING_FROZEN)
    is_good = checked.claims is not None and holder.state == State.YES
    claims = None
    if is_good and checked.current.reason not in {"REVOKED", COPY_TAKEN_BACK}:
        claims = chosen_part(credential, selection, _audience(db, asked, now)).claims
    answers = _answers(checked, holder, presented) | {"claims": claims}
    return _Finding(answers, person_id if is_good else None, is_good)


def _answers(checked: Checked, holder: Answer, presented: Presentation) -> dict[str, Any]:
    return {
        "genuine": _shown(checked.genuine),
        "current": _shown(checked.current),
        "issuer": _shown(checked.issuer),
        "holder": _shown(holder),
        "version": None if checked.claims is None else checked.claims.get("version"),
        "newest_version": checked.newest_version,
        "kid": presented.kid,
    }


def _shown(answer: Answer) -> dict[str, str]:
    return {"state": str(answer.state), "reason": answer.reason}


def _audience(db: Db, asked: StoredRequest, now: datetime) -> Audience:
    caller = wallet_caller(db, asked.account_id, now)
    named = caller is not None and caller.enterprise_code is not None
    return Audience.ENTERPRISE if named else Audience.ANYONE


def _trace(db: Db, asked: StoredRequest, finding: _Finding, now: datetime) -> None:
    """Trace who was shown something, in the name of whoever asked."""
    caller = wallet_caller(db, asked.account_id, now)
    if caller is None:
        raise WalletRefusal("invalid_request", "whoever asked is gone")
    trace(
        db,
        caller,
        Action.PRESENTATION_RECEIVE,
        at=now,
        purpose=asked.purpose,
        person_id=finding.person_id,
        outcome="ok" if finding.is_good else "refused",
        detail={
            "request": str(asked.id),
            "preset": asked.preset,
            **{
                name: finding.answers[name]["reason"]
                for name in ("genuine", "current", "issuer", "holder")
                if name in finding.answers
            },
        },
    )
