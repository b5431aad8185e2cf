"""Looking for work through public employment services: consent, and the one door they look through.

Source: Law 91/2025, art. 9 (consent for one purpose, which can be taken back at any time).
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from labour_book import data
from labour_book.database import Db
from labour_book.domain.book import LabourBook
from labour_book.domain.cv_lines import Contact, CvLine, Section
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.names import display_name
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.queries import books, units
from labour_book.queries import own_cv as stored
from labour_book.queries.own_cv import Seeker, Seeking
from labour_book.queries.units import UnitRow
from labour_book.services.auditing import check_purpose, trace
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.own_cv import Shown, lines_of
from labour_book.services.ownership import newest_book, owner, trace_own
from labour_book.services.permission import DeniedToRole, Refusal, check_role

__all__ = [
    "AT_ONCE",
    "LONGEST_WISH",
    "MOST_AT_ONCE",
    "MOST_PROVINCES",
    "PURPOSE",
    "Page",
    "Part",
    "SeekerCv",
    "Seeking",
    "Wish",
    "begin",
    "end",
    "home_province",
    "job_seekers",
    "job_seeking",
]

PURPOSE = "Tổ chức dịch vụ việc làm công xem hồ sơ để giới thiệu việc làm phù hợp"
"""What is agreed to; it is stored with each consent as it read then."""
LASTS = timedelta(days=365)
MOST_PROVINCES = 5
LONGEST_WISH = 200
AT_ONCE = 20
MOST_AT_ONCE = 50
COMMUNES = "wards_2026-07-25"
EMPLOYMENT = "employment"
"""The kind of unit that may look."""


class Part(StrEnum):
    """What of a CV employment services may see, beside the name and what work is wanted."""

    CONTACT = "contact"
    WORK = "work"
    LEARNT = "learnt"
    """Education, certificates and languages out of the book."""
    OWN = "own"
    """Lines of the worker's own, and what they say of themselves."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for, where, and what of the CV may be seen."""

    wanted: str
    provinces: tuple[str, ...]
    shows: frozenset[Part]


@dataclass(frozen=True, slots=True)
class SeekerCv:
    """Somebody who looks for work, and what they opted to show; nothing else of them."""

    id: UUID
    """Of the consent."""
    full_name: str
    wanted: str
    provinces: tuple[str, ...]
    given_at: datetime
    expires_at: datetime
    contact: Contact | None
    headline: str
    summary: str
    lines: tuple[CvLine, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Some of those who look for work; ``after`` leads to the next ones."""

    seekers: list[SeekerCv] = field(default_factory=list)
    after: UUID | None = None


def job_seeking(db: Db, caller: Caller, *, now: datetime) -> Seeking | None:
    """Return the caller's consent that is in force; None if there is none.

    Raises:
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    person_id = owner(db, caller, Action.CV_READ, now=now)
    found = stored.seeking_of(db, person_id, now)
    trace_own(db, caller, Action.CV_READ, person_id, now=now, part="job-seeking")
    return found


def home_province(db: Db, caller: Caller) -> str | None:
    """Return the code of the province the caller lives in, to begin a choice with."""
    subject = None if caller.person_id is None else books.subject(db, caller.person_id)
    commune = None if subject is None else subject.residence_commune
    row = data.by(COMMUNES, "code").get(commune or "")
    return None if row is None else row["province_code"]


def begin(db: Db, inst: Installation, caller: Caller, wish: Wish, *, now: datetime) -> Seeking:
    """Let employment services see the caller's CV; a consent given before is ended by it.

    Raises:
        Invalid: no province, or none that there is; what is wanted is too long; nothing to show.
        NotFound: no book has been issued yet.
        Conflict: another consent was given at the same instant.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    _check(wish)
    person_id = owner(db, caller, Action.JOB_SEEKING_BEGIN, now=now)
    newest_book(db, person_id, now=now)
    stored.end_seeking(db, person_id, now)
    row = {
        "id": UUID(bytes=inst.entropy(16), version=4),
        "person_id": person_id,
        "purpose": PURPOSE,
        "wanted": wish.wanted.strip(),
        "provinces": _kept(wish.provinces),
        "shows": " ".join(sorted(wish.shows)),
        "given_at": now,
        "expires_at": now + LASTS,
    }
    if not stored.add_seeking(db, row):
        raise Conflict("another consent was given at the same instant")
    trace_own(db, caller, Action.JOB_SEEKING_BEGIN, person_id, now=now)
    found = stored.seeking_of(db, person_id, now)
    assert found is not None
    return found


def end(db: Db, caller: Caller, *, now: datetime) -> None:
    """Take the consent back: from now on nobody sees the CV through it.

    Raises:
        NotFound: there is none.
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    person_id = owner(db, caller, Action.JOB_SEEKING_END, now=now)
    if not stored.end_seeking(db, person_id, now):
        raise NotFound("there is no such consent")
    trace_own(db, caller, Action.JOB_SEEKING_END, person_id, now=now)


def job_seekers(
    db: Db,
    inst: Installation,
    caller: Caller,
    *,
    purpose: str,
    now: datetime,
    after: UUID | None = None,
    limit: int = AT_ONCE,
) -> Page:
    """Return some who let the caller's service see their CV; each of them can read that it did.

    Raises:
        Invalid: the caller does not say what for.
        DeniedToRole: the caller does not work for a public employment service.
    """
    check_purpose(purpose)
    if not purpose.strip():
        raise Invalid("say for what purpose")
    check_role(caller, Action.JOB_SEEKERS_SEE, now)
    province = _province_of(db, caller, now)
    most = min(limit, MOST_AT_ONCE)
    found = stored.seekers(db, province, now, after=after, limit=most)
    shown = [_seen(db, inst, each, now) for each in found]
    for each in found:
        trace(
            db,
            caller,
            Action.JOB_SEEKERS_SEE,
            at=now,
            purpose=purpose.strip(),
            person_id=each.seeking.person_id,
        )
    return Page(shown, found[-1].seeking.id if len(found) == most else None)


def _check(wish: Wish) -> None:
    if len(wish.wanted) > LONGEST_WISH or not wish.wanted.isprintable():
        raise Invalid("what is wanted is one line of text", field="wanted", cause="TOO_LONG")
    known = {row["code"] for row in data.provinces()}
    if not 1 <= len(set(wish.provinces)) <= MOST_PROVINCES or not known.issuperset(wish.provinces):
        raise Invalid("say in which provinces", field="provinces", cause="PROVINCES")
    if not wish.shows:
        raise Invalid("say what may be seen", field="shows", cause="NOTHING_CHOSEN")


def _kept(provinces: Collection[str]) -> str:
    return " " + " ".join(sorted(set(provinces))) + " "


def _province_of(db: Db, caller: Caller, now: datetime) -> str | None:
    """Return the province of the caller's service; None for a service of the whole country."""
    unit = None if caller.unit_code is None else units.unit(db, caller.unit_code)
    today = vietnam_day(now)
    if unit is None or unit.kind != EMPLOYMENT or not _exists(unit, today):
        refusal = Refusal(caller, Action.JOB_SEEKERS_SEE, None, "", now, "NOT_EMPLOYMENT_SERVICE")
        raise DeniedToRole(refusal)
    return unit.place_code


def _exists(unit: UnitRow, today: date) -> bool:
    return unit.valid_from <= today and (unit.valid_to is None or today <= unit.valid_to)


def _seen(db: Db, inst: Installation, seeker: Seeker, now: datetime) -> SeekerCv:
    seeking = seeker.seeking
    found = stored.own_cv(db, inst.vault, seeking.person_id)
    book = newest_book(db, seeking.person_id, now=now)
    parts = {Part(each) for each in seeking.shows}
    choices = found.cv.choices
    own = Part.OWN in parts
    return SeekerCv(
        id=seeking.id,
        full_name=display_name(seeker.full_name),
        wanted=seeking.wanted,
        provinces=seeking.provinces,
        given_at=seeking.given_at,
        expires_at=seeking.expires_at,
        contact=choices.contact if Part.CONTACT in parts else None,
        headline=choices.headline if own else "",
        summary=choices.summary if own else "",
        lines=tuple(_opted(book, found, parts)),
    )


def _opted(book: LabourBook, found: stored.StoredCv, parts: Collection[Part]) -> list[CvLine]:
    return [each.line for each in lines_of(book, found) if each.shown and _part_of(each) in parts]


def _part_of(each: Shown) -> Part:
    if each.own:
        return Part.OWN
    return Part.WORK if each.line.section is Section.WORK else Part.LEARNT
