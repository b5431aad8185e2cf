"""Handing a dossier over to the National Public Service Portal, and taking its result back.

The person fills in here what the book does not know, goes on there, and sends it in. The result
comes back as a signed message, at any time and any number of times: what was granted is put into
the book once, as the register's own fact, and the book is signed anew.

Source: ND 224/2026/ND-CP, art. 10, 15 (one-time data, filled in beforehand); ND 47/2020/ND-CP.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import orjson

from labour_book.database import Db
from labour_book.domain.limits import Limit
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.errors import Conflict, Invalid, NotFound, Unavailable
from labour_book.queries import people, portal_dossiers
from labour_book.queries.portal_dossiers import HANDED_OVER, StoredDossier
from labour_book.registers import Parsed, QualificationRow, RowPlace
from labour_book.registers.envelope import Notification, read_notification
from labour_book.registers.messages.portal import (
    LEGAL_BASIS,
    PROCEDURES,
    RECOGNISE,
    RESULT,
    PortalResult,
    QualificationResult,
    read_result,
)
from labour_book.registers.online import ORGANISATIONS
from labour_book.services import by_hand
from labour_book.services.asking_registers import (
    PortalAnswer,
    Register,
    ask_alone,
)
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller, operator
from labour_book.services.installation import Installation
from labour_book.services.limiting import count_or_refuse
from labour_book.services.notifying import notify
from labour_book.services.ownership import owner, trace_own
from labour_book.services.permission import deed
from labour_book.services.reissuing import lock_books, reissue
from labour_book.services.support_results import settle_support
from signing import canonical_json

__all__ = [
    "LEGAL_BASIS",
    "PROCEDURES",
    "RECOGNISE",
    "RESULT",
    "RESULTS_PATH",
    "Notification",
    "OwnDossier",
    "begin",
    "begin_in",
    "draw_up",
    "hand_over",
    "hand_over_again",
    "own_dossiers",
    "take_result",
]

RESULTS_PATH = "/portal/results"
"""Where the portal sends results, below the public address."""
PURPOSE = "Kết quả thủ tục từ Cổng Dịch vụ công quốc gia"
PORTAL = operator("portal")
"""In whose name a result is put into the book."""
PER_DAY = Limit("portal-dossier", 10, 86_400)
"""Dossiers that one person begins."""
MOST_SHOWN = 50
EVIDENCE = "evidence"
"""Under which name the evidence is kept beside the fields."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class OwnDossier:
    """A dossier as its person sees it."""

    code: str
    procedure: str
    state: str
    created_at: datetime
    address: str | None
    """Where to go on; None until the portal has taken it."""
    decided_on: date | None


def begin(
    inst: Installation, caller: Caller, procedure: str, said: Mapping[str, str], *, now: datetime
) -> OwnDossier:
    """Begin a dossier, hand it over, and return it with the address where the person goes on.

    Raises:
        Invalid: there is no such procedure, or what is said does not fit it.
        TooMany: the person has begun too many today.
        Unavailable: the portal does not take it now; ``cause`` says why. It can be handed over
            again.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    with deed(inst.engine) as db:
        begun = begin_in(db, inst, caller, procedure, said, now=now)
    return hand_over(inst, caller, begun, now=now)


def begin_in(
    db: Db,
    inst: Installation,
    caller: Caller,
    procedure: str,
    said: Mapping[str, str],
    *,
    evidence: str = "",
    now: datetime,
) -> StoredDossier:
    """Begin a dossier in the transaction of a deed; ``hand_over`` follows when that is done.

    ``evidence`` goes along: a part of the signed book that can be checked by itself.

    Raises:
        Invalid, TooMany, NotFoundForCaller, DeniedToRole, LevelTooLow: as ``begin``.
    """
    person_id = owner(db, caller, Action.DOSSIER_BEGIN, now=now)
    found = draw_up(db, inst, person_id, procedure, said, evidence=evidence, now=now)
    detail = {"dossier": found.code, "procedure": procedure}
    trace_own(db, caller, Action.DOSSIER_BEGIN, person_id, now=now, **detail)
    return found


def draw_up(
    db: Db,
    inst: Installation,
    person_id: UUID,
    procedure: str,
    said: Mapping[str, str],
    *,
    evidence: str = "",
    now: datetime,
) -> StoredDossier:
    """Write a dossier of a person down; whoever calls has asked who may, and traces it.

    Raises:
        Invalid, TooMany: as ``begin``.
    """
    filled_in = _checked(procedure, said)
    if evidence:
        filled_in[EVIDENCE] = evidence
    count_or_refuse(db, inst, PER_DAY, str(person_id), now)
    dossier_id = UUID(bytes=inst.entropy(16), version=4)
    code = f"SLD-{inst.entropy(8).hex().upper()}"
    row = {
        "id": dossier_id,
        "person_id": person_id,
        "code": code,
        "procedure": procedure,
        "said": inst.vault.sealer.seal(canonical_json(filled_in), bound_to=_place(dossier_id)),
        "state": portal_dossiers.BEGUN,
        "created_at": now,
    }
    added = portal_dossiers.add_dossier(db, row)
    assert added
    found = portal_dossiers.dossier_by_code(db, code)
    assert found is not None
    return found


def hand_over(
    inst: Installation, caller: Caller, begun: StoredDossier, *, now: datetime
) -> OwnDossier:
    """Ask the portal to take a dossier, with no transaction open, and note that it did.

    Raises:
        Unavailable: as ``begin``.
    """
    said = _said_in(inst, begun)
    evidence = said.pop(EVIDENCE, "")
    also = {
        "procedure": begun.procedure,
        "dossier": begun.code,
        "said": said,
        "return_to": inst.public_url,
    }
    if evidence:
        also["evidence"] = evidence
    purpose = f"Chuyển hồ sơ {begun.code}"
    fetched = ask_alone(
        *(inst, caller, begun.person_id, Register.PORTAL), purpose=purpose, now=now, also=also
    )
    body = fetched.body
    if not isinstance(body, PortalAnswer) or body.dossier != begun.code:
        cause = fetched.cause or str(fetched.status)
        raise Unavailable("the portal does not take the dossier now", cause=cause)
    with deed(inst.engine) as db:
        portal_dossiers.hand_over(
            db, begun.id, reference=body.reference, address=body.address, now=now
        )
        found = portal_dossiers.dossier_by_code(db, begun.code)
    assert found is not None
    return _shown(found)


def hand_over_again(inst: Installation, caller: Caller, code: str, *, now: datetime) -> OwnDossier:
    """Hand over a dossier that the portal did not take before; one that it took stays as it is.

    Raises:
        NotFound: the caller has begun no such dossier.
        Unavailable: as ``begin``.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    with deed(inst.engine) as db:
        person_id = owner(db, caller, Action.DOSSIER_BEGIN, now=now)
        found = portal_dossiers.dossier_by_code(db, code)
        if found is None or found.person_id != person_id:
            raise NotFound("you have begun no such dossier")
        trace_own(db, caller, Action.DOSSIER_BEGIN, person_id, now=now, dossier=code, again="yes")
    if found.state != portal_dossiers.BEGUN:
        return _shown(found)
    return hand_over(inst, caller, found, now=now)


def own_dossiers(db: Db, caller: Caller, *, now: datetime) -> list[OwnDossier]:
    """Return the caller's dossiers, the newest first.

    Raises:
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    person_id = owner(db, caller, Action.DOSSIER_READ, now=now)
    found = portal_dossiers.dossiers_of(db, person_id, limit=MOST_SHOWN)
    trace_own(db, caller, Action.DOSSIER_READ, person_id, now=now, listed=len(found))
    return [_shown(each) for each in found]


def take_result(inst: Installation, content: bytes, *, now: datetime) -> str:
    """Put the result of a dossier into the book and return its state.

    The same result may come any number of times; it counts once.

    Raises:
        Unavailable: it is not a result signed by the portal; ``cause`` as ``read_notification``,
            or NOT_CONNECTED.
        NotFound: nobody here has handed such a dossier over.
        Conflict: another result came before.
    """
    message, result = _read(inst, content, now)
    with deed(inst.engine) as db:
        found = portal_dossiers.dossier_by_code(db, result.dossier)
        if found is None or _named(found) != (result.reference, result.procedure):
            raise NotFound("nobody here has handed such a dossier over")
        state = result.outcome.lower()
        if not portal_dossiers.end(
            db,
            found.id,
            state,
            result_id=message.message_id,
            decided_on=result.decided_on,
            now=now,
        ):
            if found.result_id == message.message_id:
                return found.state
            raise Conflict("another result came before")
        if result.qualification is not None:
            _put_into_book(db, inst, found, result.qualification, now)
        _tell(db, found, state, message, now)
        settle_support(db, found.id, state, result.reason, now=now)
    return state


def _named(found: StoredDossier) -> tuple[str | None, str]:
    """Return by what a result has to name a dossier beside its code."""
    return found.reference, found.procedure


def _tell(db: Db, found: StoredDossier, state: str, message: Notification, now: datetime) -> None:
    """Trace that a dossier is over, and tell its person; of the result only that there is one."""
    worker = Recipient("worker", str(found.person_id))
    facts = {"dossier": found.code, "state": state}
    notify(db, worker, NoticeKind.DOSSIER_ENDED, about=str(found.id), facts=facts, now=now)
    trace(
        db,
        PORTAL,
        Action.DOSSIER_END,
        at=now,
        purpose=PURPOSE,
        person_id=found.person_id,
        detail={
            "dossier": found.code,
            "state": state,
            "message": str(message.message_id),
            "sender": message.sender_org,
            "form": "notification",
        },
    )


def _checked(procedure: str, said: Mapping[str, str]) -> dict[str, str]:
    if procedure not in PROCEDURES:
        raise Invalid("there is no such procedure", cause="PROCEDURE")
    fields = PROCEDURES[procedure]
    filled_in = {name: said.get(name, "").strip() for name in fields}
    fits = set(said) <= set(fields) and all(
        0 < len(each) <= _LONGEST and each.isprintable() for each in filled_in.values()
    )
    if not fits:
        raise Invalid(f"say {', '.join(fields)}", cause="DOSSIER_FIELDS")
    return filled_in


def _read(inst: Installation, content: bytes, now: datetime) -> tuple[Notification, PortalResult]:
    client = inst.connections.clients.get(Register.PORTAL)
    if client is None:
        raise Unavailable("the portal is not connected", cause="NOT_CONNECTED")
    message = read_notification(
        content,
        client.secret,
        sender_org=ORGANISATIONS[Register.PORTAL],
        receiver_org=inst.connections.own_org,
        now=now,
    )
    if message.service != RESULT:
        raise Unavailable("this is no result", cause="ANOTHER_MESSAGE")
    return message, read_result(message.body)


def _put_into_book(
    db: Db, inst: Installation, found: StoredDossier, granted: QualificationResult, now: datetime
) -> None:
    """Record a recognised diploma as the qualification register would state it; sign the book."""
    numbers = dict(people.numbers_of(db, inst.vault, [found.person_id])[found.person_id])
    row = QualificationRow(
        personal_id=numbers["PIN"],
        kind=granted.kind,
        level=granted.level,
        field=granted.field,
        issuer=granted.issuer,
        issued_on=granted.issued_on,
        number=granted.number,
    )
    lock_books(db, inst, [found.person_id], now)
    parsed = Parsed(RowPlace(None, 1), {}, row, ())
    by_hand.record(
        db, inst.vault, PORTAL, "qualifications", [parsed], named=found.code, within=None, now=now
    )
    reissue(db, inst, [found.person_id], by=PORTAL, now=now, purpose=PURPOSE)


def _shown(found: StoredDossier) -> OwnDossier:
    goes_on = found.address if found.state == HANDED_OVER else None
    return OwnDossier(
        code=found.code,
        procedure=found.procedure,
        state=found.state,
        created_at=found.created_at,
        address=goes_on,
        decided_on=found.decided_on,
    )


def _place(dossier_id: UUID) -> bytes:
    return b"portal_dossier.said/" + dossier_id.bytes


def _said_in(inst: Installation, found: StoredDossier) -> dict[str, str]:
    """Return what a dossier says."""
    content = inst.vault.sealer.open(found.said, bound_to=_place(found.id))
    said: dict[str, str] = orjson.loads(content)
    return said
