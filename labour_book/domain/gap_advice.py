"""Months that somebody worked and no insurance was seen for, and what can be done about each.

"You worked at X from March to August, contributions were seen for March to May, X is closed": the
worker is the first who can do something about it, and years later nobody can any more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from labour_book.domain.assurance import Assurance
from labour_book.domain.employers import can_confirm, is_gone, name_key, root_of
from labour_book.domain.lines import EmploymentEntry
from labour_book.domain.months import Month, MonthRange, month_set, ordinal_set, ranges_of

LATE_REPORT_MONTHS = 1
"""Newest reported months of which nothing is said yet: they may only have been reported late."""


class Way(StrEnum):
    """What the worker can do."""

    ASK_EMPLOYER = "ask-employer"
    COMPLAIN = "complain"
    """To the social insurance office, or the labour inspectorate."""
    CORRECT = "correct"
    """Ask for a correction of the line, with the contract and pay slips as evidence."""
    BRIDGE = "bridge"
    """With voluntary insurance: for months to come, not for those that are missing."""


@dataclass(frozen=True, slots=True)
class GapAdvice:
    """One job with months that are missing: what was worked, what was seen, what to do."""

    entry_number: int
    employer: str
    employer_status: str | None
    employer_is_gone: bool
    worked: MonthRange
    paid: tuple[MonthRange, ...]
    owed: tuple[MonthRange, ...]
    """Reported by the employer and not paid (nợ đóng)."""
    unseen: tuple[MonthRange, ...]
    """Nobody reported anything."""
    ways: tuple[Way, ...]
    """The first is the one to begin with."""
    enterprise_code: str | None = None
    wage_base_vnd: int | None = None
    """Latest monthly wage that contributions were declared on."""

    @property
    def newest(self) -> Month:
        """The newest month that is missing."""
        return max(each.last for each in (*self.owed, *self.unseen))

    @property
    def missing(self) -> int:
        """Months."""
        return sum(len(each) for each in (*self.owed, *self.unseen))


def gap_advice(
    entries: Iterable[EmploymentEntry], *, reported: Month, insured_now: bool
) -> tuple[GapAdvice, ...]:
    """Return the jobs with missing months, the one with the newest missing month first.

    ``reported`` is the last month the insurance register has reported, ``insured_now`` whether the
    person is in compulsory insurance: voluntary insurance is for those who are not.
    """
    found = [
        _advice(entry, reported, insured_now=insured_now)
        for entry in entries
        if _owes_insurance(entry)
    ]
    advice = [each for each in found if each is not None]
    return tuple(sorted(advice, key=_newest_missing, reverse=True))


def _owes_insurance(entry: EmploymentEntry) -> bool:
    """Say whether an employer would have had to insure the work, as far as the book can tell.

    Who works on their own account has no employer; what only the worker states counts where it
    names an enterprise.
    """
    if entry.months_paid or entry.months_arrears or entry.contract_id is not None:
        return True
    return entry.enterprise_code is not None and entry.assurance > Assurance.ATTESTED


def _advice(entry: EmploymentEntry, reported: Month, *, insured_now: bool) -> GapAdvice | None:
    credited = month_set(entry.months_credited)
    recent = ordinal_set(reported.ordinal - LATE_REPORT_MONTHS + 1, reported.ordinal)
    unseen = month_set(entry.months_unknown) & ~credited & ~recent
    owed = month_set(entry.months_arrears)
    if not unseen | owed:
        return None
    known = month_set(entry.months_paid) | month_set(entry.months_unknown) | owed
    worked = ranges_of(known)
    return GapAdvice(
        entry_number=entry.number,
        employer=entry.employer,
        employer_status=entry.employer_status,
        employer_is_gone=is_gone(entry.employer_status),
        worked=MonthRange(worked[0].first, worked[-1].last),
        paid=entry.months_paid,
        owed=entry.months_arrears,
        unseen=ranges_of(unseen),
        ways=tuple(_ways(entry, owed=bool(owed), insured_now=insured_now)),
        enterprise_code=entry.enterprise_code,
        wage_base_vnd=entry.wage_base_vnd,
    )


def _ways(entry: EmploymentEntry, *, owed: bool, insured_now: bool) -> Iterable[Way]:
    """Yield what can be done. Nobody can ask an employer that is gone or cannot be found."""
    if can_confirm(entry.employer_status):
        yield Way.ASK_EMPLOYER
    if owed:
        yield Way.COMPLAIN
        yield Way.CORRECT
    else:
        yield Way.CORRECT
        yield Way.COMPLAIN
    if not insured_now:
        yield Way.BRIDGE


def _newest_missing(each: GapAdvice) -> tuple[Month, int]:
    return each.newest, each.entry_number


class Answer(StrEnum):
    """What an employer says of months that a worker asks about."""

    PAYS_LATER = "pays-later"
    DISPUTES = "disputes"
    AGREES = "agrees"
    """And hands in corrections of the months."""


def firm_of(code: str | None, name: str) -> str:
    """Return by what steps about a job are kept together: the enterprise, or a hash of its name."""
    if code:
        return root_of(code)
    return sha256(name_key(name).encode()).hexdigest()


def not_yet_told(gap: GapAdvice, told: Iterable[tuple[MonthRange, ...]]) -> tuple[MonthRange, ...]:
    """Return the missing months that stand in no step so far: none is ever told twice."""
    known = 0
    for each in told:
        known |= month_set(each)
    return ranges_of(month_set((*gap.owed, *gap.unseen)) & ~known)


def wire_of(ranges: Iterable[MonthRange]) -> str:
    """Return ranges as they are kept."""
    return " ".join(map(str, ranges))


def ranges_in(wire: str) -> tuple[MonthRange, ...]:
    """Return ranges as they were kept."""
    return tuple(map(MonthRange.parse, wire.split()))
