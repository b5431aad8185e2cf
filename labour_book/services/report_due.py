"""The calendar of reports: which are due for which unit, how far each is, and reminders.

A report is in time if it was approved by its last day. Units are reminded when it is late, and
those above them; once a week, for as long as it is.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.domain.reports import DONE, ReportState
from labour_book.errors import Invalid
from labour_book.law.report_calendar import Due, ReportKind, dues, kind_for
from labour_book.queries import coverage_counts, reports, units
from labour_book.queries.reports import ReportLine
from labour_book.queries.units import UnitRow
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.notifying import notify_all
from labour_book.services.permission import check_role

__all__ = ["Calendar", "Entry", "ReportLine", "calendar", "remind_late"]

BACK, AHEAD = timedelta(days=400), timedelta(days=60)
"""Reports whose last day lies so far away are shown."""
REMINDED = timedelta(days=180)
"""So long after its last day nobody is reminded any more."""
WEEK = 7
PURPOSE = "NQ 125/NQ-CP"
_OWING = ("ministry", "province", "insurance")
"""Kinds of units among which are those that owe reports."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A report that is due, or was made when asked for."""

    unit: UnitRow
    kind: ReportKind
    as_of: date
    due: Due | None
    """None: it was asked for and has no last day."""
    report: ReportLine | None
    today: date

    @property
    def state(self) -> ReportState:
        return ReportState.NOT_BEGUN if self.report is None else ReportState(self.report.state)

    @property
    def is_done(self) -> bool:
        return self.state in DONE

    @property
    def days_late(self) -> int:
        """Return for how many days it has been late, or was late when approved; 0 if in time."""
        if self.due is None:
            return 0
        decided = None if self.report is None else self.report.decided_at
        until = vietnam_day(decided) if self.is_done and decided is not None else self.today
        return max(0, (until - self.due.last_day).days)

    @property
    def days_left(self) -> int | None:
        """Return how many days are left; None where it is done or has no last day."""
        if self.due is None or self.is_done:
            return None
        return (self.due.last_day - self.today).days


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the caller's unit owes, and what the others that it sees owe."""

    own: Sequence[Entry]
    others: Sequence[Entry]


def calendar(db: Db, caller: Caller, *, now: datetime) -> Calendar:
    """Return the reports of the caller's unit and of those it sees, the latest deadline first.

    Raises:
        DeniedToRole: the role sees no reports.
        Invalid: the caller's unit does not exist.
    """
    check_role(caller, Action.REPORT_READ, now)
    today = vietnam_day(now)
    codes = _codes_seen(db, caller, today)
    owing = units.of_kinds(db, _OWING, today)
    seen = [each for each in owing if codes is None or each.code in codes]
    lines = reports.lines_of(db, codes, since=today - 2 * BACK)
    entries = _entries(db, seen, lines, today)
    trace(db, caller, Action.REPORT_READ, at=now, purpose=PURPOSE, detail={"units": len(seen)})
    own = [each for each in entries if each.unit.code == caller.unit_code]
    others = [each for each in entries if each.unit.code != caller.unit_code]
    return Calendar(own, others)


def remind_late(db: Db, by: Caller, *, now: datetime) -> int:
    """Tell units of reports that are late, and the units right above them; return how many are.

    Each is told of once a week of being late: another run of that week tells nothing new.

    Raises:
        DeniedToRole: the caller is not the installation itself.
    """
    check_role(by, Action.REPORT_REMIND, now)
    today = vietnam_day(now)
    lines = reports.lines_of(db, None, since=today - 2 * BACK)
    late = [
        each
        for each in _entries(db, units.of_kinds(db, _OWING, today), lines, today)
        if not each.is_done and 0 < each.days_late <= REMINDED.days
    ]
    told = [one for each in late for one in _told(each)]
    if told:
        notify_all(db, NoticeKind.REPORT_LATE, told, now=now)
        detail: dict[str, str | int] = {"late": len(late)}
        trace(db, by, Action.REPORT_REMIND, at=now, purpose=PURPOSE, detail=detail)
    return len(late)


def _told(entry: Entry) -> list[tuple[Recipient, str, Mapping[str, str | int]]]:
    assert entry.due is not None
    about = f"{entry.kind}:{entry.as_of}:{entry.unit.code}:{entry.days_late // WEEK}"
    facts: dict[str, str | int] = {
        "kind": str(entry.kind),
        "before": entry.due.before.isoformat(),
        "unit": entry.unit.code,
    }
    whom = [each for each in (entry.unit.code, entry.unit.parent_code) if each is not None]
    return [(Recipient("official", each), about, facts) for each in whom]


def _codes_seen(db: Db, caller: Caller, today: date) -> Collection[str] | None:
    """Return the units whose reports the caller sees; None for all."""
    if caller.kind != "official":
        return None
    own = units.unit(db, caller.unit_code or "")
    if own is None:
        raise Invalid("your unit does not exist", cause="COVERAGE_UNIT")
    return None if own.place_code is None else units.codes_below(db, own.code, today)


def _entries(
    db: Db, owing: Sequence[UnitRow], lines: Sequence[ReportLine], today: date
) -> list[Entry]:
    """Return what units owe, and what was made besides; the latest deadline first.

    Nothing is owed here for deadlines before the installation first counted.
    """
    counted = coverage_counts.first_known(db)
    begun = today if counted is None else vietnam_day(counted)
    first, last = max(today - BACK, begun), today + AHEAD
    owed = {kind: dues(kind, first, last) for kind in ReportKind}
    made = {(each.unit_code, each.kind, each.as_of): each for each in lines}
    found = [
        Entry(unit, kind, due.as_of, due, made.pop((unit.code, kind, due.as_of), None), today)
        for unit in owing
        if (kind := kind_for(unit.kind, unit.place_code)) is not None
        for due in owed[kind]
    ]
    others = {
        each.code: each for each in units.rows_of(db, {each.unit_code for each in made.values()})
    }
    found += [
        Entry(others[each.unit_code], ReportKind(each.kind), each.as_of, None, each, today)
        for each in made.values()
    ]
    return sorted(found, key=lambda each: (-_shown_on(each).toordinal(), each.unit.code))


def _shown_on(entry: Entry) -> date:
    return entry.as_of if entry.due is None else entry.due.last_day
