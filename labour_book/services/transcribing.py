"""Old paper books: a page is scanned, one official transcribes it, another one checks it.

Only what the second official found right is recorded, by the way of a file of transcribed lines.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from tempfile import TemporaryDirectory
from uuid import UUID

from labour_book.database import Db
from labour_book.documents import page_scan
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.names import display_name
from labour_book.errors import Conflict, Denied, Invalid, NotFound
from labour_book.queries import books, paper_pages, people, units
from labour_book.queries.paper_pages import PageOnFile
from labour_book.registers import Parsed
from labour_book.services.auditing import check_purpose, trace
from labour_book.services.by_hand import record
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.likeness import check_not_own, personal_id_of
from labour_book.services.mending import read_rows
from labour_book.services.permission import check_may, check_role
from labour_book.services.receipts import Receipt, Told, receipts_of, told
from labour_book.services.recording import new_id

KIND = "paper_books"
PURPOSE = "Số hóa sổ lao động giấy"
PAGE = 50
MOST_LINES = 12
LONGEST_REFERENCE = 60
OPEN = (paper_pages.SCANNED, paper_pages.TRANSCRIBED)


class SecondPersonNeeded(Denied):
    """Whoever transcribed a page may not be the one who checks it (QĐ 533/LĐTBXH)."""

    slug = "second-person-needed"
    title = "Somebody else has to check what you transcribed"
    title_vi = "Người khác phải kiểm tra phần bạn đã chép"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page as transcribed; months are ``YYYY-MM``."""

    employer_name: str
    position: str
    first_month: str
    last_month: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page, whose it is, and what was read from it."""

    on_file: PageOnFile
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a line, by its number from 1."""

    line: int
    told: Sequence[Told]


class LinesRefused(Invalid):
    """Lines that cannot be recorded as they stand."""

    slug = "lines-refused"
    title = "Some lines cannot be recorded as they stand"
    title_vi = "Có dòng chưa ghi được, cần sửa"

    def __init__(self, wrong: Sequence[Wrong]) -> None:
        super().__init__("some lines cannot be recorded as they stand", lines=len(wrong))
        self.wrong = wrong


def keep_scan(
    db: Db,
    inst: Installation,
    caller: Caller,
    person_id: UUID,
    *,
    page_ref: str,
    content: bytes,
    now: datetime,
) -> UUID:
    """Keep the picture of a page of somebody's book, sealed, and return the page.

    Raises:
        DeniedToRole, NotFoundForCaller: as ``check_may``.
        OwnRecord: it is the official's own book.
        Invalid: no reference of the page, or no picture that can be read.
    """
    reference = " ".join(page_ref.split())
    if not reference or len(reference) > LONGEST_REFERENCE or not reference.isprintable():
        raise Invalid("give the number of the book and of the page")
    _check_may(db, caller, Action.PAPER_KEEP, person_id, now)
    page_id, picture = new_id(now), page_scan(content)
    assert caller.unit_code is not None
    row = {
        "id": page_id,
        "person_id": person_id,
        "unit_code": caller.unit_code,
        "page_ref": reference,
        "scan": inst.vault.sealer.seal(picture, bound_to=_picture_at(page_id)),
        "state": paper_pages.SCANNED,
        "scanned_by": caller.id,
        "scanned_at": now,
        "note": "",
    }
    paper_pages.add_page(db, row)
    _trace(db, caller, Action.PAPER_KEEP, page_id, person_id=person_id, outcome="scanned", now=now)
    return page_id


def pages(
    db: Db, caller: Caller, states: Sequence[str] = OPEN, *, now: datetime
) -> list[PageOnFile]:
    """Return pages of the caller's unit and those under it, the oldest first; list is traced.

    Raises:
        DeniedToRole: the role reads no paper books.
    """
    check_role(caller, Action.PAPER_KEEP, now)
    codes = units.codes_below(db, caller.unit_code or "", vietnam_day(now))
    found = paper_pages.pages_of(db, codes, states, limit=PAGE)
    detail: dict[str, str | int] = {"rows": len(found)}
    trace(db, caller, Action.PAPER_KEEP, at=now, purpose=PURPOSE, outcome="listed", detail=detail)
    return found


def open_page(db: Db, inst: Installation, caller: Caller, page_id: UUID, *, now: datetime) -> Page:
    """Return a page with what was transcribed so far; traced.

    Raises:
        DeniedToRole, NotFoundForCaller: as ``check_may``.
        NotFound: there is no such page.
    """
    page = _page(db, caller, Action.PAPER_KEEP, page_id, now)
    _trace(
        db, caller, Action.PAPER_KEEP, page_id, person_id=page.person_id, outcome="opened", now=now
    )
    return Page(page, _lines(inst, page))


def picture_of(
    db: Db, inst: Installation, caller: Caller, page_id: UUID, *, now: datetime
) -> bytes:
    """Return the picture of a page as a JPEG; traced.

    Raises:
        DeniedToRole, NotFoundForCaller: as ``check_may``.
        NotFound: there is no such page.
    """
    page = _page(db, caller, Action.PAPER_KEEP, page_id, now)
    picture = inst.vault.sealer.open(
        paper_pages.picture_of(db, page_id), bound_to=_picture_at(page_id)
    )
    _trace(
        db, caller, Action.PAPER_KEEP, page_id, person_id=page.person_id, outcome="seen", now=now
    )
    return picture


def transcribe(
    db: Db,
    inst: Installation,
    caller: Caller,
    page_id: UUID,
    lines: Sequence[Line],
    *,
    now: datetime,
) -> None:
    """Note what somebody read from a page; somebody else has to check it.

    Raises:
        DeniedToRole, NotFoundForCaller, OwnRecord: as ``keep_scan``.
        Invalid: no line, or too many.
        LinesRefused: lines that could not be recorded so.
        Conflict: the page is being checked, or is done.
    """
    page = _page(db, caller, Action.PAPER_KEEP, page_id, now)
    check_not_own(caller, page.person_id)
    if not 1 <= len(lines) <= MOST_LINES:
        raise Invalid(f"a page has 1 to {MOST_LINES} lines")
    if page.state != paper_pages.SCANNED:
        raise Conflict("this page has been transcribed already", state=page.state)
    _check(_parsed(db, inst, page, lines, by=(caller.id, "-"), now=now))
    body = json.dumps([asdict(each) for each in lines], ensure_ascii=False).encode()
    values = {
        "lines": inst.vault.sealer.seal(body, bound_to=_lines_at(page_id)),
        "transcribed_by": caller.id,
        "transcribed_at": now,
        "note": "",
    }
    if not paper_pages.change_page(db, page, paper_pages.TRANSCRIBED, values):
        raise Conflict("somebody else has transcribed this page just now")
    _trace(
        db,
        caller,
        Action.PAPER_KEEP,
        page_id,
        person_id=page.person_id,
        outcome="transcribed",
        now=now,
    )


def check_right(
    db: Db, inst: Installation, caller: Caller, page_id: UUID, *, now: datetime
) -> list[Receipt]:
    """Confirm what another official read from a page: it is recorded; return the receipts.

    Raises:
        DeniedToRole, NotFoundForCaller, OwnRecord: as ``keep_scan``.
        SecondPersonNeeded: the caller transcribed it.
        Conflict: there is nothing to check, or somebody else has checked it.
    """
    page = _to_check(db, caller, page_id, now)
    assert page.transcribed_by is not None
    people_named = (page.transcribed_by, caller.id)
    rows = _parsed(db, inst, page, _lines(inst, page), by=people_named, now=now)
    done = record(db, inst.vault, caller, KIND, rows, named=page.page_ref, within=None, now=now)
    values = {"checked_by": caller.id, "checked_at": now, "run_id": done.run_id}
    if not paper_pages.change_page(db, page, paper_pages.RECORDED, values):
        raise Conflict("somebody else has checked this page just now")
    _trace(
        db,
        caller,
        Action.PAPER_CHECK,
        page_id,
        person_id=page.person_id,
        outcome="recorded",
        now=now,
    )
    return receipts_of(db, inst.vault, done.run_id)


def send_back(db: Db, caller: Caller, page_id: UUID, note: str, *, now: datetime) -> None:
    """Send a page back to be transcribed again, saying why.

    Raises:
        Invalid: no reason.
        DeniedToRole, NotFoundForCaller, OwnRecord, SecondPersonNeeded, Conflict: as
            ``check_right``.
    """
    check_purpose(note)
    if not note.strip():
        raise Invalid("say what is not right")
    page = _to_check(db, caller, page_id, now)
    values = {"checked_by": caller.id, "checked_at": now, "note": note.strip()}
    if not paper_pages.change_page(db, page, paper_pages.SCANNED, values):
        raise Conflict("somebody else has checked this page just now")
    _trace(
        db,
        caller,
        Action.PAPER_CHECK,
        page_id,
        person_id=page.person_id,
        outcome="sent back",
        now=now,
    )


def _to_check(db: Db, caller: Caller, page_id: UUID, now: datetime) -> PageOnFile:
    page = _page(db, caller, Action.PAPER_CHECK, page_id, now)
    check_not_own(caller, page.person_id)
    if page.state != paper_pages.TRANSCRIBED:
        raise Conflict("there is nothing to check on this page", state=page.state)
    if page.transcribed_by == caller.id:
        raise SecondPersonNeeded
    return page


def _page(db: Db, caller: Caller, action: Action, page_id: UUID, now: datetime) -> PageOnFile:
    check_role(caller, action, now)
    page = paper_pages.page_by_id(db, page_id)
    if page is None:
        raise NotFound("there is no such page")
    subject = books.subject(db, page.person_id)
    check_may(db, caller, action, page.person_id, subject, purpose=PURPOSE, now=now)
    return page


def _check_may(db: Db, caller: Caller, action: Action, person_id: UUID, now: datetime) -> None:
    check_not_own(caller, person_id)
    subject = books.subject(db, person_id)
    check_may(db, caller, action, person_id, subject, purpose=PURPOSE, now=now)


def _lines(inst: Installation, page: PageOnFile) -> list[Line]:
    if page.lines is None:
        return []
    body = inst.vault.sealer.open(page.lines, bound_to=_lines_at(page.id))
    return [Line(**each) for each in json.loads(body)]


def _parsed(
    db: Db,
    inst: Installation,
    page: PageOnFile,
    lines: Sequence[Line],
    *,
    by: tuple[str, str],
    now: datetime,
) -> list[Parsed]:
    """Read the lines as those of a file, with whose they are and who vouches for them."""
    person = people.people_by_ids(db, [page.person_id])[page.person_id]
    whose = {
        "personal_id": personal_id_of(db, inst, page.person_id),
        "full_name": display_name(person.full_name),
        "page_ref": page.page_ref,
        "transcribed_by": by[0],
        "checked_by": by[1],
    }
    raws: list[Mapping[str, str]] = [{**asdict(each), **whose} for each in lines]
    folder = inst.data_dir / "received"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as inner:
        return read_rows(KIND, raws, folder / inner, as_of=vietnam_day(now))


def _check(rows: Sequence[Parsed]) -> None:
    wrong = [
        Wrong(number, [told(each) for each in row.findings])
        for number, row in enumerate(rows, 1)
        if row.row is None
    ]
    if wrong:
        raise LinesRefused(wrong)


def _trace(
    db: Db,
    caller: Caller,
    action: Action,
    page_id: UUID,
    *,
    person_id: UUID,
    outcome: str,
    now: datetime,
) -> None:
    trace(
        db,
        caller,
        action,
        at=now,
        purpose=PURPOSE,
        person_id=person_id,
        outcome=outcome,
        detail={"page": str(page_id)},
    )


def _picture_at(page_id: UUID) -> bytes:
    return b"paper_page.scan:" + page_id.bytes


def _lines_at(page_id: UUID) -> bytes:
    return b"paper_page.lines:" + page_id.bytes
