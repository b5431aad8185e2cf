"""The owner of a book calls its lines right, or takes that back."""

from datetime import datetime

from labour_book.database import Db
from labour_book.domain.confirmations import Confirmation, lines_in
from labour_book.errors import Conflict
from labour_book.queries import confirmations as stored
from labour_book.services.callers import Action, Caller
from labour_book.services.ownership import newest_record, owner, trace_own


class LineChanged(Conflict):
    """The line was changed since it was read: nobody calls right what they have not seen."""

    slug = "line-changed"
    title = "This line reads differently now; look at it again"
    title_vi = "Dòng này vừa thay đổi; hãy xem lại nội dung mới"


def confirmations(db: Db, caller: Caller, *, now: datetime) -> list[Confirmation]:
    """Return each line of the caller's newest version, and when it was called right as it reads.

    Raises:
        NotFound: no book has been issued yet.
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    person_id = owner(db, caller, Action.LINE_READ, now=now)
    record = newest_record(db, person_id)
    said = stored.confirmed_at(db, person_id)
    trace_own(db, caller, Action.LINE_READ, person_id, now=now)
    return [Confirmation(line, said.get(line.key)) for line in lines_in(record)]


def confirm(db: Db, caller: Caller, key: str, *, right: bool = True, now: datetime) -> Confirmation:
    """Note that a line is right as it reads, or that it was called so by mistake.

    ``key`` is that of the line as the caller read it. Saying the same twice changes nothing: the
    first day stays.

    Raises:
        LineChanged: no line of the newest version reads like that any more.
        NotFound: no book has been issued yet.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    person_id = owner(db, caller, Action.LINE_CONFIRM, now=now)
    record = newest_record(db, person_id)
    line = next((each for each in lines_in(record) if each.key == key), None)
    if line is None:
        raise LineChanged
    if right:
        stored.confirm(db, person_id, key, at=now, by=caller.id)
    else:
        stored.take_back(db, person_id, key)
    trace_own(db, caller, Action.LINE_CONFIRM, person_id, now=now, right="yes" if right else "no")
    return Confirmation(line, stored.confirmed_at(db, person_id).get(key))
