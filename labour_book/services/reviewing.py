"""The review rooms: rows that no rule could place are looked at and decided by an official.

A decision sends the row the way of every row once more, with what the official ruled; so rules and
receipts are the same. The receipt of the import stays as it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from tempfile import TemporaryDirectory
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.findings import Finding
from labour_book.domain.people import identifier_kind
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.queries import books, imports, linking, people, plans, reviews, units
from labour_book.queries.accounts import unit_serves
from labour_book.queries.people import PersonOnFile
from labour_book.queries.reviews import OpenRow
from labour_book.registers import Form03Row, Parsed
from labour_book.services.auditing import check_purpose, trace
from labour_book.services.by_hand import Recorded, record
from labour_book.services.callers import Action, Caller
from labour_book.services.collecting import whom
from labour_book.services.directory import Directory
from labour_book.services.held_rows import subject_of
from labour_book.services.installation import Installation
from labour_book.services.likeness import Likeness, Look, check_not_own, people_like
from labour_book.services.link_runs import HELD
from labour_book.services.match_lists import Proposal, proposed_of
from labour_book.services.matching import Wanted
from labour_book.services.mending import read_again
from labour_book.services.permission import check_may, check_role
from labour_book.services.receipts import ACCEPTED, MendableRow, Receipt, Told, receipt_of, told
from labour_book.services.recording import Ruling

PAGE = 50
PURPOSE = "Rà soát dòng nhập"
NAMED = "Rà soát"


class Decision(StrEnum):
    """What an official decides of a row; the word is stored and never renamed."""

    LINK = "link"
    """It is about this person."""
    NEW = "new"
    """It is about somebody who is not on file yet."""
    ACCEPT = "accept"
    """It is right as it stands."""
    REFUSE = "refuse"
    """It is not recorded."""


class NoneProposed(StrEnum):
    """Why reconciliation proposes nobody for a row."""

    NOT_YET = "not-yet"
    """No pass was made since the row came."""
    NUMBER_ALONE = "number-alone"
    """The row states a number and nothing else of the person."""
    NAME_ALONE = "name-alone"
    """The row states no birth date, and nobody of that name is known to have worked there then."""
    NOBODY_LIKE = "nobody-like"
    """Nobody on file agrees in two independent fields."""


class StillOpen(Conflict):
    """Recorded as decided, the row would still not fit the record."""

    slug = "row-still-open"
    title = "The row still does not fit the record"
    title_vi = "Dòng này vẫn chưa khớp với dữ liệu đã ghi"


class DecidedAlready(Conflict):
    """Somebody else was faster."""

    slug = "row-decided"
    title = "This row has been decided already"
    title_vi = "Dòng này đã được xử lý"


@dataclass(frozen=True, slots=True)
class Room:
    """The rows that wait for one cause."""

    rows: int
    told: Told


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A row with all that stands in it, and who may be meant."""

    receipt: Receipt
    kind: str
    likeness: Likeness
    decisions: Sequence[Decision]
    """What can be decided of it."""
    proposed: Mapping[UUID, Proposal]
    """How likely reconciliation holds people to be meant, and why."""
    none_proposed: NoneProposed | None
    """Why it holds nobody to be meant; None if it does, or the row names nobody."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a decision is: about whom, and why."""

    decision: Decision
    reason: str = ""
    person_id: UUID | None = None


def rooms(db: Db, caller: Caller, *, now: datetime) -> list[Room]:
    """Return how many rows wait for which cause, where the caller's unit is responsible.

    Raises:
        DeniedToRole: the role reviews nothing.
    """
    check_role(caller, Action.ROW_REVIEW, now)
    counted = reviews.open_causes(db, _communes(db, caller, now))
    return [Room(rows, told(Finding(cause))) for cause, rows in counted.items()]


def waiting(
    db: Db, caller: Caller, cause: str, *, after: tuple[UUID, int] | None = None, now: datetime
) -> list[OpenRow]:
    """Return a page of the rows that wait for a cause, the oldest first; nothing in them.

    Raises:
        DeniedToRole: the role reviews nothing.
    """
    check_role(caller, Action.ROW_REVIEW, now)
    return reviews.open_rows(db, _communes(db, caller, now), cause, after=after, limit=PAGE)


def open_row(
    db: Db,
    inst: Installation,
    caller: Caller,
    place: tuple[UUID, int],
    *,
    number: str = "",
    now: datetime,
) -> ReviewRow:
    """Open a row, with the people who may be meant; ``number`` asks for one more of them.

    Raises:
        DeniedToRole: the role reviews nothing.
        DecidedAlready, NotFound: there is no such row that waits here.
    """
    check_role(caller, Action.ROW_REVIEW, now)
    receipt, kind = _found(db, inst, caller, place, now)
    parsed = _parsed(inst, kind, receipt, now)
    wanted = whom(parsed.row)
    also = [] if receipt.person_id is None else [receipt.person_id]
    also += _named(db, inst, number)
    proposed = proposed_of(db, subject_of(*place))
    also += proposed
    look = Look(caller, Action.ROW_REVIEW, PURPOSE, now)
    asked = wanted or Wanted((), None, None, None)
    likeness = people_like(db, inst, asked, look, also=also)
    run_id, ordinal = place
    detail: dict[str, str | int] = {"run_id": str(run_id), "row": ordinal}
    trace(
        db,
        caller,
        Action.ROW_REVIEW,
        at=now,
        purpose=PURPOSE,
        person_id=receipt.person_id,
        detail=detail,
    )
    why = _none_proposed(db, wanted, run_id) if not proposed else None
    decisions = _decisions(parsed, likeness, wanted)
    return ReviewRow(receipt, kind, likeness, decisions, proposed, why)


def decide(
    db: Db,
    inst: Installation,
    caller: Caller,
    place: tuple[UUID, int],
    ruled: Ruled,
    *,
    now: datetime,
) -> Receipt | None:
    """Decide a row, and return the receipt of recording it; None if it is refused.

    Raises:
        DeniedToRole: the role decides nothing.
        OwnRecord: the row is about the official.
        Invalid: a refusal without a reason, or a link without a person.
        DecidedAlready, NotFound: there is no such row that waits here.
        StillOpen: recorded so, it would still not fit.
        NotFoundForCaller: the person is none whom the unit serves.
    """
    check_role(caller, Action.ROW_DECIDE, now)
    check_purpose(ruled.reason)
    if ruled.decision is Decision.REFUSE and not ruled.reason.strip():
        raise Invalid("say why it is refused")
    receipt, kind = _found(db, inst, caller, place, now)
    parsed = _parsed(inst, kind, receipt, now)
    meant = _meant(db, inst, whom(parsed.row), receipt)
    check_not_own(caller, None if meant is None else meant.id)
    done = None
    if ruled.decision is not Decision.REFUSE:
        ruling = _ruling(db, inst, caller, ruled, parsed=parsed, receipt=receipt, now=now)
        done = record(
            db, inst.vault, caller, kind, [parsed], named=NAMED, within=None, now=now, ruling=ruling
        )
    _note(db, caller, place, ruled, done=done, receipt=receipt, now=now)
    return None if done is None else receipt_of(db, inst.vault, done.run_id, 1)


def _ruling(
    db: Db,
    inst: Installation,
    caller: Caller,
    ruled: Ruled,
    *,
    parsed: Parsed,
    receipt: Receipt,
    now: datetime,
) -> Ruling:
    if ruled.decision is Decision.NEW:
        _check_may_be_new(db, inst, parsed)
        return Ruling(None)
    wanted = whom(parsed.row)
    if wanted is None and ruled.decision is Decision.ACCEPT:
        return Ruling(None)
    person_id = ruled.person_id
    if ruled.decision is Decision.ACCEPT:
        person = _meant(db, inst, wanted, receipt)
        person_id = None if person is None else person.id
    if person_id is None:
        raise Invalid("say whom the row is about")
    check_not_own(caller, person_id)
    subject = books.subject(db, person_id)
    check_may(db, caller, Action.ROW_DECIDE, person_id, subject, purpose=PURPOSE, now=now)
    return Ruling(people.people_by_ids(db, [person_id])[person_id])


def _note(
    db: Db,
    caller: Caller,
    place: tuple[UUID, int],
    ruled: Ruled,
    *,
    done: Recorded | None,
    receipt: Receipt,
    now: datetime,
) -> None:
    run_id, ordinal = place
    judged = None if done is None else done.judged[0]
    if judged is not None and judged.outcome not in ACCEPTED:
        raise StillOpen("the row still does not fit the record", cause=judged.cause or "")
    person_id = receipt.person_id if judged is None else judged.person_id
    row = {
        "run_id": run_id,
        "ordinal": ordinal,
        "decision": str(ruled.decision),
        "person_id": person_id,
        "reason": ruled.reason.strip(),
        "outcome": None if judged is None else judged.outcome.value,
        "result_run_id": None if done is None else done.run_id,
        "decided_by": caller.id,
        "decided_at": now,
    }
    if not reviews.decide_row(db, row):
        raise DecidedAlready
    linking.settle(db, subject_of(run_id, ordinal), person_id, by=caller.id, at=now)
    trace(
        db,
        caller,
        Action.ROW_DECIDE,
        at=now,
        purpose=ruled.reason.strip() or PURPOSE,
        person_id=person_id,
        outcome=str(ruled.decision),
        detail={"run_id": str(run_id), "row": ordinal},
    )


def _found(
    db: Db, inst: Installation, caller: Caller, place: tuple[UUID, int], now: datetime
) -> tuple[Receipt, str]:
    found = reviews.open_row(db, *place)
    if found is None:
        raise DecidedAlready
    on_file, kind = found
    if not unit_serves(db, caller.unit_code or "", on_file.commune_code, vietnam_day(now)):
        raise NotFound("there is no such row")
    return receipt_of(db, inst.vault, *place), kind


def _parsed(inst: Installation, kind: str, receipt: Receipt, now: datetime) -> Parsed:
    row = MendableRow(
        receipt.sheet, receipt.row_number, receipt.outcome, receipt.raw or {}, receipt.told
    )
    folder = inst.data_dir / "received"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as inner:
        return read_again(kind, row, folder / inner, as_of=vietnam_day(now))


def _decisions(parsed: Parsed, likeness: Likeness, wanted: Wanted | None) -> tuple[Decision, ...]:
    offered = [Decision.LINK] if likeness.people and wanted is not None else []
    if isinstance(parsed.row, Form03Row) and _states_an_id(parsed.row):
        offered.append(Decision.NEW)
    return (*offered, Decision.ACCEPT, Decision.REFUSE)


def _states_an_id(row: Form03Row) -> bool:
    return row.personal_id is not None and identifier_kind(row.personal_id) == "PIN"


def _check_may_be_new(db: Db, inst: Installation, parsed: Parsed) -> None:
    """Refuse to enter somebody without a personal ID, or with one that names somebody."""
    row = parsed.row
    if not isinstance(row, Form03Row) or row.personal_id is None or not _states_an_id(row):
        raise Invalid("only a form that states a personal ID can be about somebody new")
    if people.named_by(db, [inst.vault.index.of(row.personal_id)]):
        raise StillOpen("this personal ID names somebody on file", cause="SOMEONE_ELSES_NUMBER")


def _meant(
    db: Db, inst: Installation, wanted: Wanted | None, receipt: Receipt
) -> PersonOnFile | None:
    """Return whom a row means that was held back for another reason."""
    if receipt.person_id is not None:
        return people.people_by_ids(db, [receipt.person_id]).get(receipt.person_id)
    if wanted is None:
        return None
    directory = Directory(db, inst.vault)
    directory.look_up([wanted])
    return directory.find(wanted).person


def _none_proposed(db: Db, wanted: Wanted | None, run_id: UUID) -> NoneProposed | None:
    if wanted is None:
        return None
    run = imports.run_by_id(db, run_id)
    if run is None or not linking.done_since(db, HELD, run.started_at):
        return NoneProposed.NOT_YET
    if wanted.full_name is None:
        return NoneProposed.NUMBER_ALONE
    return NoneProposed.NAME_ALONE if wanted.birth_date is None else NoneProposed.NOBODY_LIKE


def _named(db: Db, inst: Installation, number: str) -> list[UUID]:
    digits = "".join(number.split())
    if not digits:
        return []
    index = inst.vault.index.of(digits)
    return [each.person.id for each in people.named_by(db, [index]).get(index, [])]


def _communes(db: Db, caller: Caller, now: datetime) -> list[str] | None:
    unit = units.unit(db, caller.unit_code or "")
    if unit is None:
        raise NotFound("your unit does not exist")
    return plans.communes_served(db, unit.place_code, unit.kind, vietnam_day(now))
