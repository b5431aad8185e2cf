"""Finds where the sources of a book do not fit together. Nothing is decided or dropped here."""

from collections.abc import Iterable, Iterator, Sequence

from labour_book.domain.assurance import Assurance, Source
from labour_book.domain.employers import gone_since, is_gone
from labour_book.domain.entries import START_UNKNOWN, Setting
from labour_book.domain.evidence import Evidence
from labour_book.domain.facts import EmploymentFact, IdentityFact
from labour_book.domain.lines import Discrepancy, EmploymentEntry
from labour_book.domain.months import Month, last_of
from labour_book.domain.partial_dates import PartialDate
from labour_book.domain.personal_ids import identifier_kind, personal_id_findings
from labour_book.domain.spells import Spell, declared_end

_TOLERATED_MONTHS = 1
"""Months two sources may differ by: a month with fewer than half its days worked is not paid."""
_WORKING_AGE = 15
"""Years; Luật Việc làm 74/2025/QH15, art. 2(1)."""


def of_identity(identity: IdentityFact, personal_id: str | None) -> Iterator[Discrepancy]:
    """Yield where the personal ID says otherwise than the population register."""
    if personal_id is None or identifier_kind(personal_id) != "PIN":
        return
    for found in personal_id_findings(
        personal_id, sex=identity.sex, birth_date=identity.birth_date
    ):
        yield Discrepancy(found.cause, found.field, None, found.detail)


def of_entry(entry: EmploymentEntry, spell: Spell, setting: Setting) -> Iterator[Discrepancy]:
    """Yield where the facts of one entry contradict each other or the employer."""
    number = entry.number
    if is_gone(entry.employer_status):
        yield from _work_against_employer(number, spell, setting)
    for each in spell.evidence:
        for flag in each.fact.flags:
            yield Discrepancy(flag, None, number, {"source": each.source.value})
        if each.stale:
            yield _stale_range(number, each, setting)
    if len(spell.evidence) == 1:
        return
    insured = [each for each in spell.evidence if each.source is Source.INSURANCE]
    contracts = [each for each in spell.evidence if each.source is Source.CONTRACT_PLATFORM]
    if spell.running and declared_end(spell.evidence) is not None:
        detail = {"source": Source.EMPLOYER.value}
        yield Discrepancy("STATED_RUNNING_DIFFERS", "last_day", number, detail)
    if contracts and insured:
        yield from _contracts_against_insurance(number, contracts, insured, setting)
    for each in spell.evidence:
        if not each.dates:
            yield from _memory_against_record(number, each, spell)


def _stale_range(number: int, each: Evidence, setting: Setting) -> Discrepancy:
    months = {"known": str(Month(each.last)), "reported": str(Month(setting.reported))}
    return Discrepancy("STALE_OPEN_RANGE", "last_day", number, months)


def of_person(spells: Iterable[Spell], identity: IdentityFact) -> Iterator[Discrepancy]:
    """Yield work in childhood and contributions after death; the spells are oldest first."""
    birth, died = identity.birth_date, identity.life_status_on
    grown = 0
    if birth is not None:
        # As early as the partial date allows: nothing is flagged on an invented day.
        grown = Month.of_day(birth.first_possible).ordinal + _WORKING_AGE * 12
    death = Month.of_day(died) if died and identity.life_status == "DECEASED" else None
    for number, spell in enumerate(spells, start=1):
        if spell.first < grown:
            first = {"first": str(Month(spell.first))}
            yield Discrepancy("WORK_BEFORE_15", "first_day", number, first)
        paid_to = None if death is None else last_of(spell.paid)
        if death is not None and paid_to is not None and paid_to > death:
            months = {"died": str(death), "insurance": str(paid_to)}
            yield Discrepancy("CONTRIBUTIONS_AFTER_DEATH", "months_paid", number, months)


def of_overlaps(
    entries: Sequence[EmploymentEntry], spells: Sequence[Spell]
) -> Iterator[Discrepancy]:
    """Yield pairs of well-vouched entries that share more than a month."""
    reached = 0
    for later, (entry, spell) in enumerate(zip(entries, spells, strict=True)):
        if spell.first < reached:
            for other, earlier in zip(entries[:later], spells[:later], strict=True):
                yield from _overlap(entry, spell, other, earlier)
        reached = max(reached, spell.last)


def _overlap(
    entry: EmploymentEntry, spell: Spell, other: EmploymentEntry, earlier: Spell
) -> Iterator[Discrepancy]:
    shared = min(spell.last, earlier.last) - max(spell.first, earlier.first) + 1
    vouched = min(entry.assurance, other.assurance) >= Assurance.EMPLOYER_DECLARED
    if vouched and shared > _TOLERATED_MONTHS:
        both = (spell.paid & earlier.paid).bit_count()
        cause = "ENTRIES_OVERLAP_PAID" if both else "ENTRIES_OVERLAP"
        detail = {"other": other.number, "months": both or shared}
        yield Discrepancy(cause, None, entry.number, detail)


def _contracts_against_insurance(
    number: int, contracts: list[Evidence], insured: list[Evidence], setting: Setting
) -> Iterator[Discrepancy]:
    begun = min([each.first for each in contracts])
    paid_from = min([each.first for each in insured])
    if paid_from - begun > _TOLERATED_MONTHS:
        months = {"contract": str(Month(begun)), "insurance": str(Month(paid_from))}
        yield Discrepancy("CONTRIBUTIONS_BEGAN_LATE", "first_day", number, months)
    ended = max([each.last for each in contracts])
    paid_to = max([each.last for each in insured])
    if abs(ended - paid_to) <= _TOLERATED_MONTHS:
        return
    suspended = any(
        isinstance(each.fact, EmploymentFact) and each.fact.suspended for each in contracts
    )
    months = {"contract": str(Month(ended)), "insurance": str(Month(paid_to))}
    if paid_to - ended > _TOLERATED_MONTHS:
        yield Discrepancy("CONTRIBUTIONS_AFTER_CONTRACT_END", "last_day", number, months)
    elif min(ended, setting.reported) - paid_to > _TOLERATED_MONTHS and not suspended:
        yield Discrepancy("CONTRIBUTIONS_STOPPED", "months_unknown", number, months)


def _memory_against_record(number: int, each: Evidence, spell: Spell) -> Iterator[Discrepancy]:
    """Compare a line of Form 03, a paper book or the worker with the spell it belongs to."""
    job = each.fact
    if not isinstance(job, EmploymentFact) or each.rank == max(e.rank for e in spell.evidence):
        return
    detail = {
        "source": each.source.value,
        "says": str(job.first_day),
        "record": str(Month(spell.first)),
    }
    says_start = START_UNKNOWN not in job.flags
    if says_start and _apart(job.first_day, spell.first) > _TOLERATED_MONTHS:
        yield Discrepancy("DATES_DIFFER", "first_day", number, detail)
    if each.running != spell.running:
        yield Discrepancy(
            "STATED_RUNNING_DIFFERS", "last_day", number, {"source": each.source.value}
        )
    elif job.last_day is not None and not spell.running:
        detail = {
            "source": each.source.value,
            "says": str(job.last_day),
            "record": str(Month(spell.last)),
        }
        if _apart(job.last_day, spell.last) > _TOLERATED_MONTHS:
            yield Discrepancy("DATES_DIFFER", "last_day", number, detail)


def _apart(stated: PartialDate, month: int) -> int:
    """Count the months a partial date is away from a month at the least."""
    earliest = Month.of_day(stated.first_possible).ordinal
    latest = Month.of_day(stated.last_possible).ordinal
    return max(earliest - month, month - latest, 0)


def _work_against_employer(number: int, spell: Spell, setting: Setting) -> Iterator[Discrepancy]:
    record = spell.record_in(setting.employers)
    gone = None if record is None else gone_since(record.statuses, setting.as_of)
    if gone is None:
        return
    closed = Month.of_day(gone)
    paid_to = last_of(spell.paid)
    if paid_to is not None and paid_to > closed:
        detail: dict[str, str | int] = {"closed": str(closed), "insurance": str(paid_to)}
        yield Discrepancy("CONTRIBUTIONS_AFTER_CLOSURE", "months_paid", number, detail)
    if spell.running:
        yield Discrepancy("EMPLOYER_GONE", "running", number, {"closed": str(closed)})


def in_order(found: Iterable[Discrepancy]) -> tuple[Discrepancy, ...]:
    """Return each discrepancy once, by entry and cause."""
    unique = {
        (
            each.entry_number or 0,
            each.cause,
            each.field or "",
            str(sorted(each.detail.items())),
        ): each
        for each in found
    }
    return tuple(unique[key] for key in sorted(unique))
