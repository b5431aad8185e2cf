"""Losses of work (mất việc làm) as the registers show them together. Pure.

A loss is one person, one firm and the month with which the work there ended. Three things point to
it: contributions stop, the contract ends with a clause of the Labour Code, the firm is closed.
What the other registers say decides: they confirm it, contradict it, or have to be waited for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from zlib import crc32

from labour_book import data
from labour_book.domain.assurance import Assurance
from labour_book.domain.employers import EmployerStatus, is_gone, name_key, root_of
from labour_book.domain.lines import EmploymentEntry, LabourBook
from labour_book.domain.months import Month, MonthSet, last_of, month_set
from labour_book.domain.partial_dates import PartialDate

LATE_FILING_DAYS = 45
"""Days after the last insured month in which the next one may still be filed late."""
INTERRUPTION_MONTHS = 6
"""Who is back at the same firm after so many months without, or fewer, had no loss but an
interruption: maternity leave is as long."""
LOOKBACK_MONTHS = 24
"""Older losses change nothing any more: every deadline for support is over."""
_IN_TROUBLE = frozenset(
    {
        *(EmployerStatus.SUSPENDED, EmployerStatus.NOT_AT_ADDRESS),
        *(EmployerStatus.DISSOLVING_OR_SPLIT, EmployerStatus.BANKRUPTCY),
    }
)
_FIRM_LENGTH = 16
_NEVER = Month.of(2199, 12).ordinal


class Signal(StrEnum):
    """What points to a loss of work; the word is permanent."""

    CONTRIBUTION_STOPPED = "contribution-stopped"
    CONTRACT_ENDED = "contract-ended"
    FIRM_CLOSED = "firm-closed"


class LossState(StrEnum):
    """How sure a loss of work is; the word is permanent."""

    SUSPECTED = "suspected"
    """Silence alone: nobody has said that the work ended."""
    WAITING = "waiting"
    """Only contributions stopped, and the next ones may have been filed late."""
    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    """Another register says that the work goes on."""
    OTHER_WORK = "other-work"
    """The next month was worked elsewhere, or the same firm soon went on: a change, no loss."""
    WITHDRAWN = "withdrawn"
    """Nothing points to it any more."""


STANDING = frozenset({LossState.SUSPECTED, LossState.WAITING, LossState.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Waits:
    """For how long late filings are waited for, and how far back losses are looked for."""

    late_filing_days: int = LATE_FILING_DAYS
    lookback_months: int = LOOKBACK_MONTHS


NO_SETTING = Waits()


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss of work as the facts show it on a day."""

    firm: str
    """Code of the enterprise without its branch; a hash of the name where no code is known."""
    month: Month
    """The last month of the work."""
    enterprise_code: str | None
    employer: str
    ended_on: date | None
    """None where only the month is known."""
    clause: int | None
    signals: tuple[Signal, ...]
    firm_status: str | None
    state: LossState

    @property
    def is_standing(self) -> bool:
        """Say whether nobody has said otherwise yet."""
        return self.state in STANDING


def losses_of(
    book: LabourBook, *, not_after: date | None, waits: Waits = NO_SETTING
) -> tuple[Loss, ...]:
    """Return the losses of work that a person's book shows, oldest first; each firm and month once.

    ``not_after`` is the day from which somebody has left working life (retired or died): no end
    from then on is a loss.
    """
    oldest = book.insurance.as_of_month.plus(-waits.lookback_months)
    found: dict[tuple[str, Month], Loss] = {}
    for entry in book.employments:
        loss = _loss(entry, book, waits)
        if loss is None or loss.month < oldest:
            continue
        if not_after is not None and loss.month >= Month.of_day(not_after):
            continue
        found.setdefault((loss.firm, loss.month), loss)
    return tuple(sorted(found.values(), key=lambda each: (each.month, each.firm)))


def firm_of(entry: EmploymentEntry) -> str:
    """Return what a firm is called among the losses: its code, or a hash of its name."""
    if entry.enterprise_code is None:
        return f"{crc32(name_key(entry.employer).encode()):08x}"
    return root_of(entry.enterprise_code)[:_FIRM_LENGTH]


def _loss(entry: EmploymentEntry, book: LabourBook, waits: Waits) -> Loss | None:
    if entry.assurance <= Assurance.ATTESTED or entry.end_reason_clause in _no_losses():
        return None
    end = _end(entry, book)
    if end is None:
        return None
    is_change = _works_on(entry, end, book.employments)
    return Loss(
        firm=firm_of(entry),
        month=end.month,
        enterprise_code=entry.enterprise_code,
        employer=entry.employer,
        ended_on=end.day,
        clause=end.clause,
        signals=end.signals,
        firm_status=entry.employer_status,
        state=LossState.OTHER_WORK if is_change else _state(entry, end, book.as_of, waits),
    )


@dataclass(frozen=True, slots=True)
class _End:
    """With which month the work ended, and what says so."""

    month: Month
    day: date | None
    clause: int | None
    signals: tuple[Signal, ...]
    is_denied: bool = False
    """The register goes on reporting the work."""


def _end(entry: EmploymentEntry, book: LabourBook) -> _End | None:
    """Return how the work of an entry ended; None where it goes on, as far as anybody says."""
    closed = _said(entry, book, "closed", "CONTRIBUTIONS_AFTER_CLOSURE", "EMPLOYER_GONE")
    paid = last_of(_insured(entry))
    if closed is not None and (paid is None or paid > closed):
        return _end_with_firm(entry, book, closed, is_denied=paid is not None)
    stopped = None if paid is None or paid >= book.insurance.as_of_month else paid
    day = _day(entry)
    if stopped is None and day is None:
        return None
    months = [each for each in (stopped, None if day is None else Month.of_day(day)) if each]
    signals = [Signal.CONTRIBUTION_STOPPED] * (stopped is not None)
    signals += [Signal.CONTRACT_ENDED] * (day is not None)
    signals += [Signal.FIRM_CLOSED] * is_gone(entry.employer_status)
    clause = None if day is None else entry.end_reason_clause
    return _End(max(months), day, clause, tuple(signals))


def _end_with_firm(
    entry: EmploymentEntry, book: LabourBook, closed: Month, *, is_denied: bool
) -> _End:
    """Return the end of work at a firm that is closed, whatever months are reported of it since.

    A contract that ended until then says that those are wrong; without one nobody does.
    """
    contract = _said(entry, book, "contract", "CONTRIBUTIONS_AFTER_CONTRACT_END")
    if contract is None or contract > closed.plus(1):
        return _End(closed, None, None, (Signal.FIRM_CLOSED,), is_denied=is_denied)
    signals = (Signal.CONTRACT_ENDED, Signal.FIRM_CLOSED)
    return _End(contract, None, entry.end_reason_clause, signals)


def _said(entry: EmploymentEntry, book: LabourBook, name: str, *causes: str) -> Month | None:
    """Return a month that a discrepancy of an entry names."""
    for each in book.discrepancies:
        if each.entry_number == entry.number and each.cause in causes and name in each.detail:
            return Month.parse(str(each.detail[name]))
    return None


def _state(entry: EmploymentEntry, end: _End, on: date, waits: Waits) -> LossState:
    if end.is_denied:
        return LossState.CONTRADICTED
    is_troubled = is_gone(entry.employer_status) or entry.employer_status in _IN_TROUBLE
    if is_troubled or Signal.CONTRACT_ENDED in end.signals:
        return LossState.CONFIRMED
    if on < end.month.last_day + timedelta(days=waits.late_filing_days):
        return LossState.WAITING
    if entry.running:
        return LossState.CONTRADICTED
    return LossState.CONFIRMED if entry.known_until is None else LossState.SUSPECTED


def _works_on(entry: EmploymentEntry, end: _End, entries: Iterable[EmploymentEntry]) -> bool:
    """Say whether the work goes on elsewhere at once, or soon at the same firm again."""
    following = end.month.plus(1).ordinal
    soon = range(following, following + INTERRUPTION_MONTHS + 1)
    others = [
        each
        for each in entries
        if each.number != entry.number and each.assurance > Assurance.ATTESTED
    ]
    if any(following in _worked(each) for each in others):
        return True
    is_open = Signal.CONTRACT_ENDED not in end.signals
    return is_open and any(
        firm_of(each) == firm_of(entry) and _worked(each).start in soon for each in others
    )


def _worked(entry: EmploymentEntry) -> range:
    """Return the months of an entry as ordinals; one that runs has no last."""
    known = _insured(entry) | month_set(entry.months_unknown)
    began = entry.first_day or str(entry.known_since or "")
    first = Month.of_day(PartialDate.parse(began).first_possible).ordinal if began else _NEVER
    if entry.running:
        return range(first, _NEVER)
    last = last_of(known)
    ends = entry.last_day
    until = [] if last is None else [last.ordinal]
    if ends is not None:
        until.append(Month.of_day(PartialDate.parse(ends).last_possible).ordinal)
    return range(first, max(until, default=first) + 1)


def _insured(entry: EmploymentEntry) -> MonthSet:
    return (
        month_set(entry.months_paid)
        | month_set(entry.months_arrears)
        | month_set(entry.months_credited)
    )


def _day(entry: EmploymentEntry) -> date | None:
    if entry.running or entry.last_day is None:
        return None
    last = PartialDate.parse(entry.last_day)
    return last.last_possible if last.is_whole else None


@cache
def _no_losses() -> frozenset[int]:
    """Return the clauses of Labour Code, art. 34, that are no loss of work to be supported."""
    rows = data.rows("termination_reasons")
    return frozenset(int(each["clause"]) for each in rows if each["job_loss_event"][0] == "n")
