"""What a register's answer says about a claimed value: it confirms it, denies it, or is silent.

Cautious on purpose: a correction may go straight through on CONFIRMS. Silence is no denial, and a
register that answers in part, too late or not at all is silent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from labour_book.domain.evidence import vietnam_day
from labour_book.domain.months import Month, MonthRange, month_set
from labour_book.domain.names import fold, tone_key
from labour_book.domain.partial_dates import PartialDate
from labour_book.registers.envelope import Status
from labour_book.registers.online_answers import (
    Body,
    ContractEvent,
    ContractsAnswer,
    EnterpriseAnswer,
    InsuranceAnswer,
    InsuredMonths,
    PopulationAnswer,
    Qualification,
    QualificationsAnswer,
)

ANOTHER_SPELL_DAYS = 92
"""A claimed day that is further away from every contract is about another one, maybe on paper."""


class Says(StrEnum):
    """What an answer means for a claim."""

    CONFIRMS = "CONFIRMS"
    DENIES = "DENIES"
    SAYS_NOTHING = "SAYS_NOTHING"


@dataclass(frozen=True, slots=True)
class IdentityClaim:
    """That somebody has this name and was born on that day; asked of the population register."""

    full_name: str | None = None
    birth_date: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class JobClaim:
    """That somebody worked for an employer, from its first to its last day; days inclusive.

    What is None is not claimed. ``is_running`` claims that the job has not ended.
    """

    employer_code: str
    first_day: PartialDate | None = None
    last_day: PartialDate | None = None
    is_running: bool = False


@dataclass(frozen=True, slots=True)
class MonthsClaim:
    """That contributions were paid for all these months, at one employer or at any."""

    months: MonthRange
    employer_code: str | None = None


@dataclass(frozen=True, slots=True)
class QualificationClaim:
    """That somebody holds a diploma or certificate; what is None is not claimed."""

    number: str
    kind: str | None = None
    level: str | None = None
    field: str | None = None
    issuer: str | None = None
    issued_on: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class EmployerNameClaim:
    """That the enterprise with a code has this name, now or before it was renamed."""

    employer_code: str
    name: str


Claim = IdentityClaim | JobClaim | MonthsClaim | QualificationClaim | EmployerNameClaim


class Answered(Protocol):
    """As much of a fetched answer as is needed to hold a claim against it."""

    @property
    def status(self) -> Status: ...
    @property
    def body(self) -> Body | None: ...
    @property
    def data_as_of(self) -> datetime | None: ...


def confirms(answer: Answered, claim: Claim) -> Says:
    """Say what a register's answer means for a claim.

    An answer of a register that knows nothing of such claims says nothing.
    """
    body = answer.body
    is_whole = answer.status is Status.OK
    says = Says.SAYS_NOTHING
    match claim:
        case IdentityClaim() if isinstance(body, PopulationAnswer):
            says = _identity(body)
        case JobClaim() if isinstance(body, ContractsAnswer) and answer.data_as_of is not None:
            says = _job_by_contracts(body, claim, vietnam_day(answer.data_as_of))
        case JobClaim() if isinstance(body, InsuranceAnswer):
            says = _job_by_insurance(body, claim)
        case MonthsClaim() if isinstance(body, InsuranceAnswer):
            says = _months(body, claim)
        case QualificationClaim() if isinstance(body, QualificationsAnswer):
            says = _qualification(body, claim)
        case EmployerNameClaim() if isinstance(body, EnterpriseAnswer):
            says = _employer_name(body, claim)
    # Of a part, only what is there counts: what denies may be what is missing.
    denies_whole = says is not Says.DENIES or is_whole or isinstance(body, PopulationAnswer)
    return says if denies_whole else Says.SAYS_NOTHING


def _identity(body: PopulationAnswer) -> Says:
    if body.result == "MATCHED":
        return Says.CONFIRMS
    return Says.DENIES if body.result == "MISMATCH" else Says.SAYS_NOTHING


def _job_by_contracts(body: ContractsAnswer, job: JobClaim, as_of: date) -> Says:
    """Hold a job against the contracts with that employer; one job may be several in a row."""
    found = [each for each in body.newest() if each.enterprise_code == job.employer_code]
    if not found:
        return Says.SAYS_NOTHING
    said = [Says.CONFIRMS]  # of the employer
    if job.first_day is not None:
        said.append(_one_of(job.first_day, [each.first_day for each in found]))
    if job.last_day is not None:
        ended = [each.last_day for each in found if each.event == "ENDED"]
        said.append(_one_of(job.last_day, [day for day in ended if day is not None]))
    if job.is_running:
        said.append(_is_running(found, as_of))
    return _all(said)


def _one_of(claimed: PartialDate, known: Sequence[date]) -> Says:
    """Compare a day; of a claim that knows the month only, the month counts."""
    if any(claimed.agrees_with(PartialDate.of_day(day)) for day in known):
        return Says.CONFIRMS
    apart = min(
        (_days_apart(claimed, day) for day in known),
        default=ANOTHER_SPELL_DAYS,
    )
    return Says.DENIES if apart < ANOTHER_SPELL_DAYS else Says.SAYS_NOTHING


def _days_apart(claimed: PartialDate, day: date) -> int:
    before, after = (claimed.first_possible - day).days, (day - claimed.last_possible).days
    return max(before, after, 0)


def _is_running(contracts: Sequence[ContractEvent], as_of: date) -> Says:
    if all(each.event == "ENDED" for each in contracts):
        return Says.DENIES
    runs = any(
        each.event != "ENDED" and (each.last_day is None or each.last_day >= as_of)
        for each in contracts
    )
    return Says.CONFIRMS if runs else Says.SAYS_NOTHING


def _job_by_insurance(body: InsuranceAnswer, job: JobClaim) -> Says:
    """Hold a job against insured months: they confirm a month at most, and deny nothing.

    There may be more spells at one employer than the claim is about, and the first and the last
    month of a job may be too short to be insured.
    """
    at_employer = [each for each in body.periods if each.enterprise_code == job.employer_code]
    if not at_employer:
        return Says.SAYS_NOTHING
    said = [Says.CONFIRMS]
    if job.first_day is not None:
        said.append(_in_month(job.first_day, {each.first_month for each in at_employer}))
    if job.last_day is not None:
        ended = {each.last_month for each in at_employer if each.last_month is not None}
        said.append(_in_month(job.last_day, ended))
    if job.is_running and all(each.last_month is not None for each in at_employer):
        said.append(Says.SAYS_NOTHING)
    return _all(said)


def _in_month(claimed: PartialDate, known: set[Month]) -> Says:
    is_month = claimed.month is not None and claimed.day is None
    same = is_month and Month.of_day(claimed.first_possible) in known
    return Says.CONFIRMS if same else Says.SAYS_NOTHING


def _months(body: InsuranceAnswer, paid: MonthsClaim) -> Says:
    known = month_set(
        MonthRange(each.first_month, _last_of(each, body))
        for each in body.periods
        if each.status == "contributed"
        and _last_of(each, body) >= each.first_month
        and paid.employer_code in {None, each.enterprise_code}
    )
    if not month_set([paid.months]) & ~known:
        return Says.CONFIRMS
    return Says.DENIES if paid.months.last <= body.reported_through else Says.SAYS_NOTHING


def _last_of(period: InsuredMonths, body: InsuranceAnswer) -> Month:
    """Return the last month that counts: of one that runs, the last one reported."""
    last = period.last_month or body.reported_through
    return min(last, body.reported_through)


def _qualification(body: QualificationsAnswer, held: QualificationClaim) -> Says:
    same = [each for each in body.qualifications if _plain(each.number) == _plain(held.number)]
    return _best(_is_as_claimed(each, held) for each in same)


def _is_as_claimed(known: Qualification, held: QualificationClaim) -> Says:
    pairs = (
        (held.kind, known.kind),
        (held.level, known.level),
        (held.field, known.field),
        (held.issuer, known.issuer),
    )
    same = all(claimed is None or tone_key(claimed) == tone_key(told) for claimed, told in pairs)
    if held.issued_on is not None:
        same = same and held.issued_on.agrees_with(known.issued_on)
    return Says.CONFIRMS if same else Says.DENIES


def _employer_name(body: EnterpriseAnswer, called: EmployerNameClaim) -> Says:
    if body.enterprise_code != called.employer_code:
        return Says.SAYS_NOTHING
    names = {tone_key(each) for each in (body.name, body.name_before) if each}
    return Says.CONFIRMS if tone_key(called.name) in names else Says.DENIES


def _plain(text: str) -> str:
    return fold(text).replace("-", "").replace(" ", "")


def _all(said: Iterable[Says]) -> Says:
    """Return what several parts of one claim come to: the worst of them."""
    parts = set(said)
    if Says.DENIES in parts:
        return Says.DENIES
    return Says.SAYS_NOTHING if Says.SAYS_NOTHING in parts else Says.CONFIRMS


def _best(said: Iterable[Says]) -> Says:
    """Return what several candidates come to: one that confirms is enough."""
    found = set(said)
    if Says.CONFIRMS in found:
        return Says.CONFIRMS
    return Says.DENIES if found == {Says.DENIES} else Says.SAYS_NOTHING
