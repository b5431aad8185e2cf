"""What the sandbox registers know: the sample files of the demonstration, and nothing else.

Read once, when somebody first asks, into dictionaries; about 17,000 lines.
"""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from labour_book.domain.months import Month
from labour_book.domain.names import fold
from labour_book.domain.people import PartialDate, births_agree, digits_apart, names_agree

AS_OF = datetime.fromisoformat("2026-11-19T00:00:00+07:00")
"""When the sample files were made."""
REPORTED_THROUGH = "2026-10"
"""The last month of contributions in them."""
SHOWN_THROUGH = "2026-09"
"""VssID is one month behind the register."""
CANCELLED_DIGITS = 12
ONE_IN = 10
"""Of so many people one gets support already, and of so many one misses a month in VssID."""
Row = Mapping[str, Any]
_NAME_CAUSES = {"tone": "NAME_TONE_MARKS", "plain": "NAME_TONE_MARKS", "near": "NAME_SPELLING"}
_BIRTH_CAUSES = {
    "partial": "BIRTH_DATE_PARTIAL",
    "swapped": "BIRTH_DATE_SWAPPED",
    "year": "BIRTH_DATE_YEAR_ONLY",
}


@dataclass(slots=True)
class Samples:
    """The rows of each register by what they are asked for."""

    people: dict[str, Row] = field(default_factory=dict)
    people_by_old: dict[str, Row] = field(default_factory=dict)
    people_by_name: defaultdict[tuple[str, str], list[Row]] = field(
        default_factory=lambda: defaultdict(list)
    )
    insured: defaultdict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    events: defaultdict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    held: defaultdict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    firms: dict[str, Row] = field(default_factory=dict)

    def copy(self) -> "Samples":
        """Return the same again, to be changed: by replacing rows, never by writing into one."""
        return Samples(
            dict(self.people),
            dict(self.people_by_old),
            defaultdict(list, {key: list(rows) for key, rows in self.people_by_name.items()}),
            defaultdict(list, self.insured),
            defaultdict(list, self.events),
            defaultdict(list, self.held),
            dict(self.firms),
        )


@cache
def read_samples() -> Samples:
    """Read all files; once in a process."""
    found = Samples()
    for row in _csv("population"):
        found.people[row["personal_id"]] = row
        found.people_by_name[fold(row["full_name"]), row["birth_date"]].append(row)
        for old in filter(None, row["old_ids"].split(";")):
            found.people_by_old[old.strip()] = row
    for row in _csv("insurance"):
        for number in {row["personal_id"], row["si_number"]} - {"", "0" * 10, "0" * 12}:
            found.insured[number].append(row)
    for row in map(json.loads, _lines("contracts.jsonl")):
        found.events[row["personal_id"]].append(row)
    for row in _csv("qualifications"):
        found.held[row["personal_id"]].append(row)
    found.firms.update((row["enterprise_code"], row) for row in _csv("enterprises"))
    return found


def answer(samples: Samples, name: str, asked: Row) -> tuple[str, dict[str, Any]]:
    """Return the status and the body with which a register answers what it is asked.

    Raises:
        KeyError, TypeError, ValueError, Invalid: the question is not of the agreed form.
    """
    return _ANSWERS[name](samples, asked)


def _participation(samples: Samples, asked: Row) -> tuple[str, dict[str, Any]]:
    periods = [_period(row) for row in _insured(samples, asked)]
    return _listed(periods=periods, reported_through=REPORTED_THROUGH)


def _shown_months(samples: Samples, asked: Row) -> tuple[str, dict[str, Any]]:
    misses_one = _is_one_in_ten(asked.get("personal_id", ""), 7)
    months = _shown(_insured(samples, asked), misses_one=misses_one)
    return _listed(months=months, shown_through=SHOWN_THROUGH)


def _insured(samples: Samples, asked: Row) -> list[Row]:
    numbers = [asked.get("personal_id", ""), *asked.get("si_numbers", ())]
    return list({id(row): row for n in numbers for row in samples.insured.get(n, ())}.values())


def _events(samples: Samples, asked: Row) -> tuple[str, dict[str, Any]]:
    return _listed(events=[_event(row) for row in samples.events.get(asked["personal_id"], ())])


def _held(samples: Samples, asked: Row) -> tuple[str, dict[str, Any]]:
    held = samples.held.get(asked["personal_id"], ())
    return _listed(qualifications=[_without(row, "personal_id") for row in held])


def _by_code(samples: Samples, asked: Row) -> tuple[str, dict[str, Any]]:
    firm = samples.firms.get(asked["enterprise_code"])
    return ("NOT_FOUND", {}) if firm is None else ("OK", _firm(firm))


def _listed(**body: Any) -> tuple[str, dict[str, Any]]:  # noqa: ANN401 - values of JSON
    return (
        "OK" if any(isinstance(each, list) and each for each in body.values()) else "NOT_FOUND"
    ), body


def _verified(samples: Samples, asked: Row) -> tuple[str, dict[str, Any]]:
    """Say whether number, name and birth date belong together; yes or no, and why not."""
    number, stated = asked["personal_id"], (asked["full_name"], asked.get("birth_date"))
    person = samples.people.get(number)
    causes = [] if person is None else _differences(person, *stated)
    if person is None:
        old = samples.people_by_old.get(number)
        near = _one_digit_off(samples, number, *stated)
        if old is not None:
            person = old
            is_cancelled = len(number) == CANCELLED_DIGITS
            causes = ["CANCELLED_NUMBER" if is_cancelled else "OLD_NUMBER"]
        elif near is not None:
            person, causes = near, ["ONE_DIGIT"]
    if person is None:
        return "NOT_FOUND", {"result": "NOT_FOUND"}
    if causes:
        return "MISMATCH", {"result": "MISMATCH", "causes": causes}
    if person["status"] == "DECEASED":
        return "OK", {"result": "DECEASED", "deceased_on": person["status_date"] or None}
    return "OK", {"result": "MATCHED"}


def _differences(person: Row, full_name: str, birth_date: str | None) -> list[str]:
    causes = []
    name = names_agree(full_name, person["full_name"])
    if name != "same":
        causes.append(_NAME_CAUSES.get(name, "NAME_DIFFERS"))
    if birth_date is not None:
        stated, known = PartialDate.parse(birth_date), PartialDate.parse(person["birth_date"])
        birth: str = births_agree(stated, known)
        if birth == "partial" and None in {stated.month, known.month}:
            birth = "year"  # of one side no more is known
        if birth != "same":
            causes.append(_BIRTH_CAUSES.get(birth, "BIRTH_DATE_DIFFERS"))
    return causes


def _one_digit_off(
    samples: Samples, number: str, full_name: str, birth_date: str | None
) -> Row | None:
    like = samples.people_by_name.get((fold(full_name), birth_date or ""), ())
    return next((row for row in like if digits_apart(number, row["personal_id"])), None)


def _period(row: Row) -> dict[str, Any]:
    """Return a period; wages are not among what is asked for, and so not told."""
    return {
        "si_number": row["si_number"] or None,
        "enterprise_code": row["enterprise_code"] or None,
        "unit_name": row["unit_name"],
        "first_month": row["from_month"],
        "last_month": row["to_month"] or None,
        "status": row["status"],
        "funds": [each for each in row["funds"].split(";") if each],
        "wage_base_vnd": {"state": "WITHHELD"},
    }


def _supported(samples: Samples, asked: Row) -> tuple[str, dict[str, Any]]:
    """Say yes or no; of the invented people one in ten gets support, by the number alone."""
    number, policy = asked["personal_id"], asked["policy"]
    if number not in samples.people or not policy:
        return "NOT_FOUND", {}
    return "OK", {"receives": _is_one_in_ten(number, 3), "as_of": AS_OF.date().isoformat()}


def _shown(rows: Iterable[Row], *, misses_one: bool) -> list[dict[str, Any]]:
    """Return the months as VssID shows them; one in ten people misses the last but one there."""
    through = Month.parse(SHOWN_THROUGH)
    shown = {
        (month.ordinal, row["enterprise_code"] or row["unit_name"]): {
            "month": str(month),
            "enterprise_code": row["enterprise_code"] or None,
            "unit_name": row["unit_name"],
            "status": row["status"],
        }
        for row in rows
        for month in _months(row, through)
    }
    kept = sorted(shown)
    if misses_one:
        del kept[-2:-1]
    return [shown[each] for each in kept]


def _months(row: Row, through: Month) -> Iterator[Month]:
    first = Month.parse(row["from_month"])
    last = min(through, Month.parse(row["to_month"])) if row["to_month"] else through
    for ordinal in range(first.ordinal, last.ordinal + 1):
        yield Month(ordinal)


def _is_one_in_ten(number: str, rest: int) -> bool:
    return number.isdigit() and int(number) % ONE_IN == rest


def _event(row: Row) -> dict[str, Any]:
    """Return an event; why a contract ended is for the worker's eyes alone."""
    told = _without(row, "personal_id", "delivered_at", "signed_at", "vsco_code", "reason_clause")
    if row["event"] == "ENDED":
        told["reason_clause"] = {"state": "WITHHELD"}
    return told


def _firm(row: Row) -> dict[str, Any]:
    blank = {name: value or None for name, value in row.items()}
    told = _without(blank, "status_date", "expected_headcount")
    return told | {"status_since": blank["status_date"]}


_ANSWERS: Mapping[str, Callable[[Samples, Row], tuple[str, dict[str, Any]]]] = {
    "population": _verified,
    "insurance": _participation,
    "contracts": _events,
    "qualifications": _held,
    "enterprises": _by_code,
    "social": _supported,
    "vssid": _shown_months,
}


def _without(row: Row, *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def _csv(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(_lines(f"{name}.csv"))


def _lines(file: str) -> Iterable[str]:
    folder = resources.files("labour_book.data") / "demo"
    return io.StringIO((folder / file).read_text(encoding="utf-8-sig"))
