"""Lists of what is to be paid out of a support: drafted by one, approved by another.

Nothing is paid here: an approved list is a file with the SHA-256 of its content, for whoever pays.
Of one policy and month nobody stands on two lists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from labour_book.database import Db
from labour_book.documents import Sheet, sheets_xlsx
from labour_book.domain.display import show_money, show_month
from labour_book.domain.evidence import VIETNAM
from labour_book.domain.months import Month
from labour_book.domain.names import display_name
from labour_book.domain.personal_ids import mask
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.law.programmes import Programme, programmes
from labour_book.queries import payments, people, units
from labour_book.queries.payments import StoredLine, StoredList
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.permission import check_role
from labour_book.services.recording import new_id
from labour_book.services.support_desk import communes_of
from signing import canonical_json

__all__ = ["PaymentSheet", "draft", "lists", "opened", "payable_policies", "settle", "taken"]

MOST_LISTS = 100
DRAFTED, APPROVED, DROPPED = "drafted", "approved", "dropped"
PURPOSE = "Danh sách đề nghị chi hỗ trợ"
HASHED = (
    'SHA-256 của / of: {"lines":[["mã hồ sơ",số tiền],...],"month":"năm-tháng","number":"...",'
    '"policy":"..."} (JSON, RFC 8785)'
)
"""How whoever gets a list makes its hash anew from what stands in it."""
_IN_MONEY = frozenset({"VND", "VND per month"})


class NobodyToPay(Conflict):
    """Nothing that was granted is left for a list."""

    slug = "nobody-to-pay"
    title = "Nobody is left to be put on this list"
    title_vi = "Không còn ai để đưa vào danh sách này"


class PaymentMoved(Conflict):
    """The list is no draft any more, or the same official drafted it."""

    slug = "payment-moved"
    title = "This list cannot be settled so"
    title_vi = "Không thể duyệt hoặc huỷ danh sách này"


@dataclass(frozen=True, slots=True)
class PaymentSheet:
    """A list with its lines and what it is called."""

    stored: StoredList
    programme: Programme
    lines: Sequence[StoredLine]
    may_approve: bool
    """Somebody else drafted it."""


def payable_policies() -> list[Programme]:
    """Return the supports whose sums the State pays by the book's own data."""
    return [each for each in programmes().values() if each.procedure is not None]


def draft(
    db: Db, inst: Installation, caller: Caller, policy: str, month: Month, *, now: datetime
) -> UUID:
    """Put everybody who was granted a support and is on no list of a month on a new list.

    Raises:
        DeniedToRole: the role drafts no lists.
        Invalid: there is no such support.
        NobodyToPay: nobody is left.
    """
    check_role(caller, Action.PAYMENT_DRAFT, now)
    if policy not in programmes():
        raise Invalid("there is no such support")
    communes = communes_of(db, caller, now)
    found = payments.payable(db, policy, str(month), _IN_MONEY, communes)
    if not found:
        raise NobodyToPay("nothing granted is left for a list of that month")
    list_id = new_id(now)
    lines = [
        {
            "list_id": list_id,
            "number": number,
            "person_id": each.person_id,
            "proposal_id": each.proposal_id,
            "policy": policy,
            "month": str(month),
            "amount_vnd": each.amount_vnd,
        }
        for number, each in enumerate(found, start=1)
    ]
    row = {
        "id": list_id,
        "number": f"DS-{month}-{inst.entropy(4).hex().upper()}",
        "policy": policy,
        "unit_code": caller.unit_code or "",
        "month": str(month),
        "state": DRAFTED,
        "people": len(lines),
        "total_vnd": sum(each.amount_vnd for each in found),
        "drafted_by": caller.id,
        "drafted_at": now,
    }
    row["content_hash"] = _hash(str(row["number"]), policy, str(month), found)
    if not payments.add_list(db, row, lines):
        raise NobodyToPay("another official has just put the same people on a list")
    _trace(db, caller, Action.PAYMENT_DRAFT, str(row["number"]), len(lines), now=now)
    return list_id


def lists(db: Db, caller: Caller, *, now: datetime) -> list[StoredList]:
    """Return the newest lists of the caller's unit and of those below it.

    Raises:
        DeniedToRole: the role reads no lists.
    """
    check_role(caller, Action.PAYMENT_READ, now)
    return payments.lists_of(db, _units(db, caller, now), limit=MOST_LISTS)


def opened(db: Db, caller: Caller, list_id: UUID, *, now: datetime) -> PaymentSheet:
    """Open a list with its people.

    Raises:
        DeniedToRole: the role reads no lists.
        NotFound: there is none of that id within the caller's unit.
    """
    check_role(caller, Action.PAYMENT_READ, now)
    found = _found(db, caller, list_id, now)
    lines = payments.lines_of(db, list_id)
    _trace(db, caller, Action.PAYMENT_READ, found.number, len(lines), now=now)
    may = caller.may(Action.PAYMENT_SETTLE) and found.drafted_by != caller.id
    return PaymentSheet(found, programmes()[found.policy], lines, may)


def settle(db: Db, caller: Caller, list_id: UUID, state: str, *, now: datetime) -> None:
    """Approve a list that another official drafted, or drop it.

    Raises:
        DeniedToRole: the role settles no lists.
        NotFound: there is none of that id within the caller's unit.
        PaymentMoved: it is no draft, or its own drafter would approve it.
    """
    check_role(caller, Action.PAYMENT_SETTLE, now)
    found = _found(db, caller, list_id, now)
    if state not in (APPROVED, DROPPED) or not payments.settle(
        db, list_id, state, by=caller.id, now=now
    ):
        raise PaymentMoved("only a draft is settled, and not by who drafted it", state=found.state)
    if state == DROPPED:
        payments.void_lines(db, list_id, now)
    _trace(db, caller, Action.PAYMENT_SETTLE, found.number, found.people, now=now)


def taken(
    db: Db, inst: Installation, caller: Caller, list_id: UUID, *, purpose: str, now: datetime
) -> tuple[str, bytes]:
    """Return the name and content of an approved list as a workbook; who takes it is traced.

    Raises:
        DeniedToRole: the role settles no lists.
        NotFound: there is none of that id within the caller's unit.
        Invalid: no purpose is stated.
        PaymentMoved: it is not approved.
    """
    check_role(caller, Action.PAYMENT_SETTLE, now)
    if not purpose.strip():
        raise Invalid("say for what purpose", cause="PURPOSE")
    found = _found(db, caller, list_id, now)
    if found.state != APPROVED:
        raise PaymentMoved("only an approved list is taken away", state=found.state)
    lines = payments.lines_of(db, list_id)
    numbers = people.numbers_of(db, inst.vault, [each.person_id for each in lines])
    programme = programmes()[found.policy]
    top = [
        f"{programme.title_vi} ({found.policy}) - tháng {show_month(Month.parse(found.month))}",
        f"Số {found.number}; {found.people} người; {show_money(found.total_vnd)}",
        f"SHA-256 {found.content_hash.hex()}",
        HASHED,
        f"Mục đích / Purpose: {purpose.strip()}",
        f"{now.astimezone(VIETNAM):%d/%m/%Y %H:%M}, {caller.name}, {caller.unit_code or ''}",
        "Danh sách đề nghị, không phải lệnh chi / a list, not an order to pay",
    ]
    headers = ["STT", "Họ và tên", "Số định danh", "Năm sinh", "Số tiền (đồng)", "Mã hồ sơ"]
    rows = [
        [
            each.number,
            display_name(each.full_name),
            _masked(numbers.get(each.person_id, ())),
            each.birth_year,
            each.amount_vnd,
            str(each.person_id),
        ]
        for each in lines
    ]
    _trace(
        db,
        caller,
        Action.PAYMENT_SETTLE,
        found.number,
        len(lines),
        now=now,
        purpose=purpose.strip(),
    )
    return f"{found.number}.xlsx", sheets_xlsx([Sheet(found.number, top, headers, rows)])


def _hash(number: str, policy: str, month: str, lines: Sequence[payments.Payable]) -> bytes:
    """Return the SHA-256 of what a list says, in one canonical form."""
    people_paid = [[str(each.person_id), each.amount_vnd] for each in lines]
    said = {"number": number, "policy": policy, "month": month, "lines": people_paid}
    return sha256(canonical_json(said)).digest()


def _found(db: Db, caller: Caller, list_id: UUID, now: datetime) -> StoredList:
    found = payments.list_by_id(db, list_id)
    if found is None or found.unit_code not in _units(db, caller, now):
        raise NotFound("there is no such list within your unit")
    return found


def _units(db: Db, caller: Caller, now: datetime) -> set[str]:
    own = caller.unit_code or ""
    return {own, *units.codes_below(db, own, now.astimezone(VIETNAM).date())}


def _masked(numbers: Sequence[tuple[str, str]]) -> str:
    return next((mask(digits) for kind, digits in numbers if kind == "PIN"), "")


def _trace(
    db: Db,
    caller: Caller,
    action: Action,
    number: str,
    rows: int,
    *,
    now: datetime,
    purpose: str = PURPOSE,
) -> None:
    detail: dict[str, str | int] = {"list": number, "rows": rows}
    trace(db, caller, action, at=now, purpose=purpose, detail=detail)
