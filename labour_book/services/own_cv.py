"""The worker's own CV: what of the book stands in it, in what order, own lines, photo."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.documents.photo import printable_photo
from labour_book.domain.book import LabourBook
from labour_book.domain.cv_lines import CvLine, cv_of
from labour_book.domain.own_cv import Choices, OwnCv, OwnLine, check_choices
from labour_book.errors import Conflict, NotFound
from labour_book.queries import own_cv as stored
from labour_book.queries.own_cv import StoredCv
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.ownership import newest_book, owner, trace_own


class CvChanged(Conflict):
    """The CV was changed meanwhile, perhaps on another device."""

    slug = "cv-changed"
    title = "The CV was changed meanwhile; load it again"
    title_vi = "Hồ sơ việc làm vừa được sửa ở nơi khác; hãy tải lại"


@dataclass(frozen=True, slots=True)
class Shown:
    """A line that can stand in the CV: whether it does, and whose it is."""

    line: CvLine
    shown: bool
    own: bool


@dataclass(frozen=True, slots=True)
class CvPage:
    """Everything there is to choose from, in the order of the CV."""

    revision: int
    choices: Choices
    has_photo: bool
    lines: tuple[Shown, ...]


def cv_page(db: Db, inst: Installation, caller: Caller, *, now: datetime) -> CvPage:
    """Return what can stand in the caller's CV, and what was chosen.

    Raises:
        NotFound: no book has been issued yet.
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    person_id = owner(db, caller, Action.CV_READ, now=now)
    page = _page(db, inst, person_id, now=now)
    trace_own(db, caller, Action.CV_READ, person_id, now=now)
    return page


def save_choices(
    db: Db, inst: Installation, caller: Caller, revision: int, choices: Choices, *, now: datetime
) -> CvPage:
    """Store how the caller wants the CV, made out of the page with that revision.

    Raises:
        Invalid: a text is too long, or a contact cannot be; ``field`` names it.
        CvChanged: it was changed since that page was read.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    check_choices(choices)
    return _changed(
        db,
        inst,
        caller,
        lambda cv: replace(cv, choices=choices),
        what="choices",
        now=now,
        revision=revision,
    )


def add_line(db: Db, inst: Installation, caller: Caller, line: OwnLine, *, now: datetime) -> CvPage:
    """Add a line of the caller's own; its id is made here.

    Raises:
        Invalid: it is not as a line has to be; ``field`` names the part.
        TooManyLines: there are as many as there may be.
        CvChanged: the CV was changed at the same instant.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    named = replace(line, line_id=inst.entropy(8).hex())
    return _changed(db, inst, caller, lambda cv: cv.with_line(named), what="line added", now=now)


def change_line(
    db: Db, inst: Installation, caller: Caller, line: OwnLine, *, now: datetime
) -> CvPage:
    """Put a line in place of the own one with its id.

    Raises:
        NotFound: there is no such line.
        Invalid, CvChanged, NotFoundForCaller, DeniedToRole, LevelTooLow: as ``add_line``.
    """
    return _changed(
        db, inst, caller, lambda cv: cv.with_changed(line), what="line changed", now=now
    )


def remove_line(
    db: Db, inst: Installation, caller: Caller, line_id: str, *, now: datetime
) -> CvPage:
    """Delete one of the caller's own lines; nothing of it stays.

    Raises:
        NotFound: there is no such line.
        CvChanged, NotFoundForCaller, DeniedToRole, LevelTooLow: as ``add_line``.
    """
    return _changed(
        db, inst, caller, lambda cv: cv.without_line(line_id), what="line removed", now=now
    )


def put_photo(db: Db, inst: Installation, caller: Caller, picture: bytes, *, now: datetime) -> None:
    """Store a photo in place of the one before: written anew, without what the camera noted.

    Raises:
        Invalid: it is no JPEG, PNG or WebP picture, or too large.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    person_id = owner(db, caller, Action.CV_CHANGE, now=now)
    stored.save_photo(db, inst.vault, person_id, printable_photo(picture), now=now)
    trace_own(db, caller, Action.CV_CHANGE, person_id, now=now, what="photo")


def remove_photo(db: Db, caller: Caller, *, now: datetime) -> None:
    """Delete the photo.

    Raises:
        NotFound: there is none.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    person_id = owner(db, caller, Action.CV_CHANGE, now=now)
    if not stored.remove_photo(db, person_id):
        raise NotFound("there is no photo")
    trace_own(db, caller, Action.CV_CHANGE, person_id, now=now, what="photo removed")


def photo(db: Db, inst: Installation, caller: Caller, *, now: datetime) -> bytes:
    """Return the caller's photo as JPEG.

    Raises:
        NotFound: there is none.
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    person_id = owner(db, caller, Action.CV_READ, now=now)
    found = stored.photo(db, inst.vault, person_id)
    if found is None:
        raise NotFound("there is no photo")
    trace_own(db, caller, Action.CV_READ, person_id, now=now, what="photo")
    return found


def _changed(
    db: Db,
    inst: Installation,
    caller: Caller,
    change: Callable[[OwnCv], OwnCv],
    *,
    what: str,
    now: datetime,
    revision: int | None = None,
) -> CvPage:
    person_id = owner(db, caller, Action.CV_CHANGE, now=now)
    before = stored.own_cv(db, inst.vault, person_id)
    if revision is not None and revision != before.revision:
        raise CvChanged
    after = change(before.cv)
    if not stored.save_cv(db, inst.vault, person_id, after, revision=before.revision, now=now):
        raise CvChanged
    page = _page(db, inst, person_id, now=now)
    trace_own(db, caller, Action.CV_CHANGE, person_id, now=now, what=what)
    return page


def _page(db: Db, inst: Installation, person_id: UUID, *, now: datetime) -> CvPage:
    found = stored.own_cv(db, inst.vault, person_id)
    lines = lines_of(newest_book(db, person_id, now=now), found)
    has_photo = stored.has_photo(db, person_id)
    return CvPage(found.revision, found.cv.choices, has_photo, lines)


def lines_of(book: LabourBook, found: StoredCv) -> tuple[Shown, ...]:
    """Return every line that can stand in a CV, in its order."""
    cv = found.cv
    own = {each.line_id for each in cv.lines}
    whole = cv_of(book, [each.as_cv_line() for each in cv.lines], order=cv.choices.order)
    hidden = frozenset(cv.choices.hidden)
    return tuple(
        Shown(line, shown=line.ref not in hidden, own=line.ref in own) for line in whole.lines
    )
