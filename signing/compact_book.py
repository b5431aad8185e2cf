"""What an offline QR code says of a book: a closed form with no place for more.

There is no field for pay, for a reason of leaving or for the whole personal ID: only its last
four digits exist here, and no text may hold a row of nine digits or more, which is how long the
older and newer personal IDs are. The check at the counter is name and last four digits against
the card.

A day is one whole number of two bytes until 2057: ((year - 1900) * 13 + month) * 32 + day, where
month or day is 0 if it is not known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from re import Pattern
from re import compile as pattern
from typing import Any

from signing.errors import SigningError

# Keys inside the private claim
NAME, BIRTH_DAY, ID_TAIL, JOBS, TOTALS, BOOK_NO, VERSION = 1, 2, 3, 5, 6, 7, 8
CONTRACT_KINDS = {1: "INDEFINITE", 2: "FIXED_TERM"}
MAX_JOBS = 12
MAX_TEXT = 200
MAX_COUNT = 10_000

_JOB_MEMBERS = (
    "employer",
    "enterprise_code",
    "position",
    "occupation_code",
    "contract_kind",
    "first_day",
    "last_day",
)
_TOTAL_MEMBERS = ("SI", "UI", "as_of")
_NEEDED = {NAME, JOBS, BOOK_NO, VERSION}
_ALL = _NEEDED | {BIRTH_DAY, ID_TAIL, TOTALS}
_KIND_CODES = {kind: code for code, kind in CONTRACT_KINDS.items()}
_ID_TAIL = pattern(r"[0-9]{4}")
_DAY = pattern(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?")
_ENTERPRISE = pattern(r"[0-9]{10}(?:-[0-9]{3})?")
_OCCUPATION = pattern(r"[0-9]{1,6}")
_LONG_NUMBER = pattern(r"\d{9}").search
_FIRST_YEAR, _MONTHS, _DAYS = 1900, 13, 32
_END_OF_DAYS = (10_000 - _FIRST_YEAR) * _MONTHS * _DAYS


@dataclass(frozen=True, slots=True)
class CompactJob:
    """One employment as an offline QR code tells it; days are partial dates, inclusive."""

    employer: str
    enterprise_code: str | None
    position: str | None
    occupation_code: str | None
    contract_kind: str | None
    first_day: str
    last_day: str | None


@dataclass(frozen=True, slots=True)
class CompactTotals:
    """Paid months of social and unemployment insurance, as of a day or month."""

    social_months: int
    unemployment_months: int
    as_of: str


@dataclass(frozen=True, slots=True)
class CompactBook:
    """All that an offline QR code can say of a worker's book."""

    full_name: str
    birth_date: str | None
    id_tail: str | None
    jobs: tuple[CompactJob, ...]
    totals: CompactTotals | None
    book_no: str
    version: int


def compact_book(record: Mapping[str, Any], *, jobs: Iterable[int] | None = None) -> CompactBook:
    """Return the compact form of a book's record: name, last four digits, jobs and totals.

    `jobs` are the numbers (`no`) of the employments to tell, in the order to tell them; without
    it, all of them.

    Raises:
        SigningError: a member is missing, or there is no employment of such a number.
    """
    try:
        worker, insurance = record["worker"], record.get("insurance") or {}
        by_number = {each["no"]: each for each in record.get("employments", ())}
        wanted = by_number if jobs is None else jobs
        personal_id = worker.get("personal_id")
        return CompactBook(
            full_name=worker["full_name"],
            birth_date=worker.get("birth_date"),
            id_tail=personal_id[-4:] if personal_id else None,
            jobs=tuple(_job(by_number[number]) for number in wanted),
            totals=_totals(insurance, record.get("as_of")),
            book_no=record["book_no"],
            version=record["version"],
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise SigningError("the record lacks what a compact book tells") from error


def to_wire(book: CompactBook) -> dict[int, Any]:
    """Return the private claim of the payload, its keys in order.

    Raises:
        SigningError: a text, number or day that may not stand in its place.
    """
    if len(book.jobs) > MAX_JOBS:
        raise SigningError(f"a QR code tells no more than {MAX_JOBS} jobs")
    wire: dict[int, Any] = {NAME: _text(book.full_name)}
    if book.birth_date is not None:
        wire[BIRTH_DAY] = _day(book.birth_date)
    if book.id_tail is not None:
        wire[ID_TAIL] = _matching(_ID_TAIL, book.id_tail)
    wire[JOBS] = [_job_to_wire(each) for each in book.jobs]
    if book.totals is not None:
        months = (book.totals.social_months, book.totals.unemployment_months)
        wire[TOTALS] = [*map(_count, months), _day(book.totals.as_of)]
    return wire | {BOOK_NO: _text(book.book_no), VERSION: _count(book.version)}


def from_wire(wire: object) -> CompactBook:
    """Read the private claim back, in which nothing may stand that `to_wire` would not write.

    Raises:
        SigningError: a member is missing, too many, or not what may stand in its place.
    """
    if type(wire) is not dict or not _NEEDED <= wire.keys() <= _ALL:
        raise SigningError("a compact book holds these members and no others")
    jobs = wire[JOBS]
    if type(jobs) is not list or len(jobs) > MAX_JOBS:
        raise SigningError(f"jobs are a list of at most {MAX_JOBS}")
    return CompactBook(
        full_name=_text(wire[NAME]),
        birth_date=_day_text(wire[BIRTH_DAY]) if BIRTH_DAY in wire else None,
        id_tail=_matching(_ID_TAIL, wire[ID_TAIL]) if ID_TAIL in wire else None,
        jobs=tuple(map(_job_from_wire, jobs)),
        totals=_totals_from_wire(wire[TOTALS]) if TOTALS in wire else None,
        book_no=_text(wire[BOOK_NO]),
        version=_count(wire[VERSION]),
    )


def named_facts(book: CompactBook) -> dict[str, Any]:
    """Return the facts by the names they have in the book credential."""
    worker = {"full_name": book.full_name, "birth_date": book.birth_date, "id_tail": book.id_tail}
    facts: dict[str, Any] = {
        "book_no": book.book_no,
        "version": book.version,
        "worker": _known(worker),
        "employments": [
            _known({name: getattr(each, name) for name in _JOB_MEMBERS}) for each in book.jobs
        ],
    }
    if book.totals is not None:
        totals = (book.totals.social_months, book.totals.unemployment_months, book.totals.as_of)
        facts["insurance"] = dict(zip(_TOTAL_MEMBERS, totals, strict=True))
    return facts


def _known(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _job(employment: Mapping[str, Any]) -> CompactJob:
    return CompactJob(
        employer=employment["employer"],
        enterprise_code=employment.get("enterprise_code"),
        position=employment.get("position"),
        occupation_code=employment.get("occupation_code"),
        contract_kind=employment.get("contract_kind"),
        first_day=employment["first_day"],
        last_day=employment.get("last_day"),
    )


def _totals(insurance: Mapping[str, Any], as_of: str | None) -> CompactTotals | None:
    known_at = insurance.get("as_of_month") or as_of
    if "SI" not in insurance or known_at is None:
        return None
    return CompactTotals(insurance["SI"], insurance.get("UI", 0), known_at)


def _job_to_wire(job: CompactJob) -> list[Any]:
    kind = job.contract_kind
    if kind is not None and kind not in _KIND_CODES:
        raise SigningError("a contract kind that has no code")
    return [
        _text(job.employer),
        job.enterprise_code and _matching(_ENTERPRISE, job.enterprise_code),
        job.position and _text(job.position),
        job.occupation_code and _matching(_OCCUPATION, job.occupation_code),
        kind and _KIND_CODES[kind],
        _day(job.first_day),
        job.last_day and _day(job.last_day),
    ]


def _job_from_wire(parts: object) -> CompactJob:
    if type(parts) is not list or len(parts) != len(_JOB_MEMBERS):
        raise SigningError("a job has seven parts")
    employer, enterprise, position, occupation, kind, first, last = parts
    if kind is not None and (type(kind) is not int or kind not in CONTRACT_KINDS):
        raise SigningError("a contract kind that has no name")
    return CompactJob(
        _text(employer),
        None if enterprise is None else _matching(_ENTERPRISE, enterprise),
        None if position is None else _text(position),
        None if occupation is None else _matching(_OCCUPATION, occupation),
        None if kind is None else CONTRACT_KINDS[kind],
        _day_text(first),
        None if last is None else _day_text(last),
    )


def _totals_from_wire(parts: object) -> CompactTotals:
    if type(parts) is not list or len(parts) != len(_TOTAL_MEMBERS):
        raise SigningError("totals have three parts")
    social, unemployment, as_of = parts
    return CompactTotals(_count(social), _count(unemployment), _day_text(as_of))


def _text(value: object) -> str:
    """Return a text that may be printed in a QR code; a personal ID may not."""
    if type(value) is not str or not 0 < len(value) <= MAX_TEXT:
        raise SigningError(f"a text has 1 to {MAX_TEXT} characters")
    if not value.isprintable() or _LONG_NUMBER(value):
        raise SigningError("a text holds a control character, or a number as long as an ID")
    return value


def _matching(form: Pattern[str], value: object) -> str:
    if type(value) is not str or not form.fullmatch(value):
        raise SigningError("a code does not have its form")
    return value


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value <= MAX_COUNT:
        raise SigningError(f"a count is a whole number up to {MAX_COUNT}")
    return value


def _day(text: str) -> int:
    """Return a partial date YYYY, YYYY-MM or YYYY-MM-DD as a number."""
    match = _DAY.fullmatch(text)
    if match is None:
        raise SigningError("a day is written YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = (int(part or 0) for part in match.groups())
    if year < _FIRST_YEAR:
        raise SigningError(f"a year before {_FIRST_YEAR}")
    return ((year - _FIRST_YEAR) * _MONTHS + month) * _DAYS + day


def _day_text(number: object) -> str:
    if type(number) is not int or not 0 <= number < _END_OF_DAYS:
        raise SigningError("a day is a whole number")
    rest, day = divmod(number, _DAYS)
    year, month = divmod(rest, _MONTHS)
    if day and not month:
        raise SigningError("a day without its month")
    parts = [f"{year + _FIRST_YEAR}"]
    if month:
        parts.append(f"{month:02}")
    if day:
        parts.append(f"{day:02}")
    return "-".join(parts)
