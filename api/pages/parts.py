"""From what a share discloses to what its page says. Pure; of what is not in there, not a word."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from api.pages.texts import Language, catalogue, say
from labour_book.domain.assurance import Assurance
from labour_book.domain.display import show_date, show_month, show_personal_id
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate
from labour_book.services.explaining import framework_level

Claims = Mapping[str, Any]
_OF_FRAMEWORK = frozenset({"DIPLOMA", "VOCATIONAL_CERTIFICATE"})
FUNDS = ("SI", "UI", "HI", "VOL")


@dataclass(frozen=True, slots=True)
class Row:
    """A value, with the key of its label."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Job:
    """One employment in words."""

    employer: str
    position: str
    period: str
    months: tuple[str, ...]
    details: tuple[str, ...]
    assurance: str


@dataclass(frozen=True, slots=True)
class Diploma:
    """One diploma or certificate in words."""

    name: str
    field: str
    issued: str
    assurance: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a share shows; what it does not show is empty here, and not spoken of."""

    name: str | None
    population_check: str | None
    person: tuple[Row, ...]
    book: tuple[Row, ...]
    totals: tuple[Row, ...]
    insured: tuple[Row, ...]
    reported_to: str | None
    jobs: tuple[Job, ...]
    """The latest first."""
    gaps: tuple[str, ...] | None
    """None: not shared. Empty: shared, and there are none."""
    diplomas: tuple[Diploma, ...]
    levels: tuple[str, ...]
    """Levels of assurance that occur, the highest first."""


def sheet_of(claims: Claims, language: Language) -> Sheet:
    """Put what was disclosed into words."""
    worker, insurance = claims.get("worker", {}), claims.get("insurance", {})
    jobs, diplomas = claims.get("employments", ()), claims.get("qualifications", ())
    gaps = claims.get("gaps")
    return Sheet(
        name=worker.get("full_name"),
        population_check=worker.get("population_check"),
        person=tuple(_person(worker, language)),
        book=tuple(_book(claims)),
        totals=tuple(_totals(insurance, language)),
        insured=tuple(_insured(insurance)),
        reported_to=_month(insurance["as_of_month"]) if "as_of_month" in insurance else None,
        jobs=tuple(_job(each, language) for each in reversed(jobs)),
        gaps=None if gaps is None else tuple(_gap(each, language) for each in gaps),
        diplomas=tuple(_diploma(each, language) for each in diplomas),
        levels=_levels([*jobs, *diplomas]),
    )


def _person(worker: Claims, language: Language) -> Iterable[Row]:
    said: Mapping[str, Callable[[str], str]] = {
        "birth_date": _day,
        "sex": lambda code: _coded(language, "sex", code),
        "nationality": lambda code: _coded(language, "nationality", code),
        "residence": str,
        "personal_id": show_personal_id,
    }
    for name, in_words in said.items():
        if name in worker:
            yield Row(f"share.worker.{name}", in_words(worker[name]))


def _book(claims: Claims) -> Iterable[Row]:
    if "book_no" in claims:
        yield Row("book.no", claims["book_no"])
    if "version" in claims:
        yield Row("book.version", str(claims["version"]))
    if "as_of" in claims:
        yield Row("book.as_of", _day(claims["as_of"]))
    signed = vietnam_day(datetime.fromtimestamp(claims["iat"], UTC))
    yield Row("share.signed_on", show_date(signed))


def _totals(insurance: Claims, language: Language) -> Iterable[Row]:
    for name in FUNDS:
        if name in insurance:
            yield Row(f"fund.{name}", say(language, "book.months", count=insurance[name]))


def _insured(insurance: Claims) -> Iterable[Row]:
    for name in ("first_month", "last_month"):
        if name in insurance:
            yield Row(f"share.insurance.{name}", _month(insurance[name]))


def _job(line: Claims, language: Language) -> Job:
    details = []
    if "contract_kind" in line:
        details.append(_coded(language, "contract", line["contract_kind"]))
    if "workplace" in line:
        details.append(line["workplace"])
    if "enterprise_code" in line:
        details.append(say(language, "share.entry.code", code=line["enterprise_code"]))
    if "occupation_code" in line:
        details.append(say(language, "share.entry.occupation", code=line["occupation_code"]))
    return Job(
        employer=line["employer"],
        position=line.get("position", ""),
        period=_period(line, language),
        months=tuple(_months(line, language)),
        details=tuple(details),
        assurance=line["assurance"],
    )


def _period(line: Claims, language: Language) -> str:
    first, last = line.get("first_day"), line.get("last_day")
    if "known_since" in line:
        said = say(language, "entry.known_since", month=_month(line["known_since"]))
    elif first and last:
        said = f"{_day(first)} – {_day(last)}"
    elif first:
        said = say(language, "entry.since", first=_day(first))
    else:
        said = ""
    if "known_until" in line:
        until = say(language, "entry.known_until", month=_month(line["known_until"]))
        said = f"{said}; {until}" if said else until
    return said


def _months(line: Claims, language: Language) -> Iterable[str]:
    """Say how many months were paid; of those that were not, no share tells."""
    if line.get("months_paid"):
        yield say(language, "entry.months", count=line["months_paid"])


def _gap(line: Claims, language: Language) -> str:
    if "last" not in line:
        return say(language, "share.gap.open", first=_month(line["first"]))
    return _range(f"{line['first']}/{line['last']}")


def _diploma(line: Claims, language: Language) -> Diploma:
    of_framework = line["kind"] in _OF_FRAMEWORK
    named = framework_level(line["level"], language) if of_framework else None
    key = f"qualification.{line['kind']}"
    known = say(language, key, level=line["level"]) if key in catalogue() else None
    issued = {"issuer": line["issuer"], "day": _day(line["issued_on"]), "number": line["number"]}
    return Diploma(
        name=named or known or f"{line['kind']} {line['level']}",
        field=line["field"],
        issued=say(language, "share.qualification.issued", **issued),
        assurance=line["assurance"],
    )


def _levels(lines: Iterable[Claims]) -> tuple[str, ...]:
    found = {Assurance[line["assurance"]] for line in lines}
    return tuple(level.name for level in sorted(found, reverse=True))


def _coded(language: Language, kind: str, code: str) -> str:
    """Return the word for a code, or the code where there is no word for it."""
    key = f"{kind}.{code}"
    return say(language, key) if key in catalogue() else code


def _day(text: str) -> str:
    return show_date(PartialDate.parse(text))


def _month(text: str) -> str:
    return show_month(Month.parse(text))


def _range(text: str) -> str:
    first, _, last = text.partition("/")
    if not last or first == last:
        return _month(first)
    return f"{_month(first)} – {_month(last)}"
