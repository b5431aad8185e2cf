"""Changes that the sandbox registers make when they are told to, and tell whoever asks for them.

Each is made of a line of the sample files, of the next person or firm each time, and from then on
the register answers accordingly. What was made is gone when the process ends.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from itertools import islice
from typing import Any
from uuid import uuid4

from api.sandbox.registers_samples import Row, Samples
from labour_book.domain.months import Month
from labour_book.domain.names import fold

CHANGES = ".changes"
CHANGED = ".changed"
VERSION = "1"
MOST = 500
"""Changes that are told at once."""
SHOWN = 5
_HOLDS = timedelta(days=365)
_VIET_NAM = timezone(timedelta(hours=7))
_LEGAL_BASIS = "ND 47/2020/ND-CP, art. 24"
_PURPOSE = "Thông báo dữ liệu thay đổi"
_AGREED = 3
"""Clause of Labour Code 45/2019, art. 34: both sides agree to end the contract."""


class Change(StrEnum):
    """What can be made to happen."""

    NAME = "name"
    """The civil registry corrects somebody's name."""
    DEATH = "death"
    DISSOLVED = "dissolved"
    """A firm that has workers is dissolved."""
    ENDED = "ended"
    """A contract that runs ends by agreement."""
    STOPPED = "stopped"
    """Contributions that ran have stopped with the month before."""


OF_REGISTER: Mapping[str, tuple[Change, ...]] = {
    "population": (Change.NAME, Change.DEATH),
    "enterprises": (Change.DISSOLVED,),
    "contracts": (Change.ENDED,),
    "insurance": (Change.STOPPED,),
}


@dataclass(frozen=True, slots=True)
class Made:
    """A change that was made, for the page: to whom, and when."""

    change: Change
    whom: str
    at: datetime


@dataclass(slots=True)
class Feed:
    """The changes of each register in their order, since the process began."""

    _began: str = field(default_factory=lambda: uuid4().hex[:12])
    """Begins each place in the feed: one of an earlier process means its start."""
    _told: defaultdict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    _made: defaultdict[str, list[Made]] = field(default_factory=lambda: defaultdict(list))
    _taken: set[tuple[Change, str]] = field(default_factory=set)

    def make(self, samples: Samples, register: str, change: Change, now: datetime) -> bool:
        """Let a change happen to the next person or firm; False when nobody is left for it."""
        for key, whom, row in _CANDIDATES[change](samples, now):
            if (change, key) in self._taken:
                continue
            self._taken.add((change, key))
            _CHANGE[change](samples, key, row)
            self._told[register].append(_notification(register, row, now))
            self._made[register].append(Made(change, whom, now))
            return True
        return False

    def made(self, register: str) -> list[Made]:
        """Return the last changes of a register, the newest first."""
        return self._made[register][: -SHOWN - 1 : -1]

    def as_of(self, register: str) -> datetime | None:
        """Return when a register changed last; None if it has not."""
        made = self._made[register]
        return made[-1].at if made else None

    def after(self, register: str, asked: Row) -> tuple[str, dict[str, Any]]:
        """Return status and body for what came after a place in the feed; not signed yet.

        Raises:
            KeyError, TypeError, ValueError: the question is not of the agreed form.
        """
        began, _, number = str(asked["after"]).partition(":")
        start = int(number) if began == self._began else 0
        limit = min(int(asked["limit"]), MOST)
        events = list(islice(self._told[register], start, start + limit))
        return "OK", {"events": events, "cursor": f"{self._began}:{start + len(events)}"}


def _notification(register: str, row: Row, now: datetime) -> dict[str, Any]:
    message_id = str(uuid4())
    return {
        "message_id": message_id,
        "correlation_id": message_id,
        "sender_org": f"Z00.{register.upper()}",
        "receiver_org": "Z00.LABOURBOOK",
        "service": register + CHANGED,
        "version": VERSION,
        "purpose": _PURPOSE,
        "legal_basis": _LEGAL_BASIS,
        "data_as_of": now.isoformat(),
        "valid_until": (now + _HOLDS).isoformat(),
        "status": "OK",
        "body": dict(row),
    }


Candidates = Iterator[tuple[str, str, dict[str, Any]]]
"""By what the line is found, whom it is about, and the line as it will be."""


def _renamed(samples: Samples, _now: datetime) -> Candidates:
    for number, person in _working(samples):
        before = str(person["full_name"])
        first, _, last = before.rpartition(" ")
        after = f"{first} THIÊN {last}"
        yield number, f"{before} → {after}", dict(person) | {"full_name": after}


def _deceased(samples: Samples, now: datetime) -> Candidates:
    for number, person in list(_working(samples))[::-1]:
        changed = {"status": "DECEASED", "status_date": _yesterday(now)}
        yield number, str(person["full_name"]), dict(person) | changed


def _working(samples: Samples) -> Iterator[tuple[str, Row]]:
    """Yield the living people who are insured now."""
    for number, person in samples.people.items():
        if person["status"] == "ALIVE" and any(
            _runs(row) for row in samples.insured.get(number, ())
        ):
            yield number, person


def _runs(row: Row) -> bool:
    return not row["to_month"] and bool(row["personal_id"])


def _dissolved(samples: Samples, now: datetime) -> Candidates:
    used = {
        row["enterprise_code"] for rows in samples.insured.values() for row in rows if _runs(row)
    }
    for code, firm in samples.firms.items():
        if firm["status"] == "ACTIVE" and code in used:
            changed = {"status": "CLOSED", "status_date": _yesterday(now)}
            yield code, str(firm["name"]), dict(firm) | changed


def _ended(samples: Samples, now: datetime) -> Candidates:
    for number, events in samples.events.items():
        if number not in samples.people:
            continue
        newest = {
            row["contract_id"]: row for row in sorted(events, key=lambda row: row["sequence"])
        }
        for contract, row in newest.items():
            if row["event"] == "SIGNED" and row["contract_kind"] == "INDEFINITE":
                changed = {
                    "message_id": str(uuid4()),
                    "delivered_at": now.isoformat(timespec="seconds"),
                    "event": "ENDED",
                    "sequence": row["sequence"] + 1,
                    "last_day": _yesterday(now),
                    "signed_at": (now - timedelta(days=3)).isoformat(timespec="seconds"),
                    "effective_on": _yesterday(now),
                    "reason_clause": _AGREED,
                }
                yield contract, str(samples.people[number]["full_name"]), dict(row) | changed


def _stopped(samples: Samples, now: datetime) -> Candidates:
    today = now.astimezone(_VIET_NAM).date()
    last = str(Month.of_day(today).plus(-1))
    for number, person in _working(samples):
        for row in samples.insured[number]:
            if _runs(row) and row["from_month"] <= last:
                changed = {"to_month": last, "last_updated": today.isoformat()}
                yield number, str(person["full_name"]), dict(row) | changed


def _yesterday(now: datetime) -> str:
    return (now.astimezone(_VIET_NAM).date() - timedelta(days=1)).isoformat()


def _change_person(samples: Samples, number: str, row: Row) -> None:
    before = samples.people[number]
    samples.people[number] = row
    key = fold(str(before["full_name"])), str(before["birth_date"])
    rest = [each for each in samples.people_by_name[key] if each["personal_id"] != number]
    samples.people_by_name[key] = rest
    samples.people_by_name[fold(str(row["full_name"])), key[1]].append(row)


def _change_firm(samples: Samples, code: str, row: Row) -> None:
    samples.firms[code] = row


def _change_contract(samples: Samples, _contract: str, row: Row) -> None:
    number = str(row["personal_id"])
    samples.events[number] = [*samples.events[number], row]


def _change_period(samples: Samples, _number: str, row: Row) -> None:
    same = ("si_number", "enterprise_code", "unit_name", "from_month", "funds")
    for number in {str(row["personal_id"]), str(row["si_number"])}:
        samples.insured[number] = [
            row if all(each[name] == row[name] for name in same) else each
            for each in samples.insured[number]
        ]


_CANDIDATES: Mapping[Change, Callable[[Samples, datetime], Candidates]] = {
    Change.NAME: _renamed,
    Change.DEATH: _deceased,
    Change.DISSOLVED: _dissolved,
    Change.ENDED: _ended,
    Change.STOPPED: _stopped,
}
_CHANGE: Mapping[Change, Callable[[Samples, str, Row], None]] = {
    Change.NAME: _change_person,
    Change.DEATH: _change_person,
    Change.DISSOLVED: _change_firm,
    Change.ENDED: _change_contract,
    Change.STOPPED: _change_period,
}
