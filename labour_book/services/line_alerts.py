"""Lines of books that a change has made doubtful: opened for the unit that looks at them.

What is open follows from what the registers say now, not from how they came to say it. So an
alert closes by itself when its reason has gone, and never opens twice.

Source: ND 168/2025/ND-CP, art. 35 (legal states of an enterprise); Labour Code 45/2019, art. 34
(how a contract ends).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.corrections import Owner
from labour_book.domain.employers import EmployerStatus, root_of, status_on
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.errors import Conflict, Invalid
from labour_book.queries import books, register_lines, units
from labour_book.queries.facts import FactKind
from labour_book.queries.register_lines import RegisterLine, StoredAlert
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.notifying import notify_all
from labour_book.services.permission import check_may, check_role
from labour_book.services.recording import new_id
from labour_book.services.refitting import Known

__all__ = ["AT_ONCE", "StoredAlert", "alerts_for", "close", "look_over"]

AT_ONCE = 50
"""Alerts that are listed together."""
_BY_ITSELF = "register-events"
_GONE = "its reason has gone"
_REASON_LENGTH = 200
_SETTLED_FOR = timedelta(days=180)
"""For so long an alert that somebody has dealt with is not opened again."""
_STOPPED, _LATE = "CONTRIBUTIONS_STOPPED", "CONTRIBUTIONS_LATE"
_OF_STATUS = {
    EmployerStatus.SUSPENDED: "FIRM_SUSPENDED",
    EmployerStatus.NOT_AT_ADDRESS: "FIRM_NOT_AT_ADDRESS",
    EmployerStatus.REVOKED_TAX: "FIRM_GONE",
    EmployerStatus.DISSOLVING_OR_SPLIT: "FIRM_DISSOLVING",
    EmployerStatus.BANKRUPTCY: "FIRM_BANKRUPT",
    EmployerStatus.CLOSED: "FIRM_GONE",
}
_OWNERS = {
    _STOPPED: Owner.INSURANCE,
    _LATE: Owner.INSURANCE,
    "FIRM_SUSPENDED": Owner.COMMUNE,
}
"""Whose a cause is; all others are the province's (Sở Nội vụ), which confirms for a firm gone."""
_UP = (Owner.COMMUNE, Owner.INSURANCE, Owner.PROVINCE, Owner.MINISTRY)
Key = tuple[UUID, str, str]


def look_over(
    db: Db, lines: Mapping[UUID, Collection[RegisterLine]], known: Known, *, now: datetime
) -> int:
    """Open and close alerts so that they fit what the registers say of some people.

    Returns how many were opened; each worker is told of theirs, each unit once for an employer.
    """
    today = vietnam_day(now)
    wanted = {key for person, some in lines.items() for key in _wanted(person, some, known, today)}
    open_now = {
        (each.person_id, each.employer_code, each.cause): each
        for each in register_lines.open_alerts(db, lines.keys())
    }
    for key, alert in open_now.items():
        if key not in wanted:
            register_lines.close_alert(db, alert.id, at=now, by=_BY_ITSELF, reason=_GONE)
    settled = register_lines.settled_alerts(
        db, lines.keys(), but_by=_BY_ITSELF, since=now - _SETTLED_FOR
    )
    new = sorted(wanted - open_now.keys() - settled, key=str)
    if new:
        _open(db, new, today, now)
    return len(new)


def alerts_for(
    db: Db, caller: Caller, *, after: UUID | None = None, now: datetime
) -> list[StoredAlert]:
    """Return the open alerts of the caller's unit and those under it, oldest first.

    Raises:
        DeniedToRole: the caller does not look after books.
    """
    check_role(caller, Action.ALERT_LIST, now)
    codes = units.codes_below(db, caller.unit_code or "", vietnam_day(now))
    found = register_lines.alerts_of_units(db, codes, after=after, limit=AT_ONCE)
    trace(db, caller, Action.ALERT_LIST, at=now, purpose="alerts", detail={"listed": len(found)})
    return found


def close(db: Db, caller: Caller, alert_id: UUID, reason: str, *, now: datetime) -> None:
    """Note that an alert has been dealt with, and how.

    Raises:
        Invalid: nothing is said of how.
        Conflict: it is closed already.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    check_role(caller, Action.ALERT_CLOSE, now)
    said = reason.strip()
    if not 0 < len(said) <= _REASON_LENGTH:
        raise Invalid("say in some words how it was dealt with")
    found = register_lines.alert_by_id(db, alert_id)
    person_id = None if found is None else found.person_id
    subject = None if person_id is None else books.subject(db, person_id)
    stated = check_may(
        db, caller, Action.ALERT_CLOSE, person_id, subject, purpose="alerts", now=now
    )
    if not register_lines.close_alert(db, alert_id, at=now, by=caller.id, reason=said):
        raise Conflict("it is closed already")
    detail = {"cause": "" if found is None else found.cause}
    trace(
        db,
        caller,
        Action.ALERT_CLOSE,
        at=now,
        purpose=stated,
        person_id=person_id,
        detail=detail,
    )


def _wanted(
    person_id: UUID, lines: Collection[RegisterLine], known: Known, today: date
) -> Iterator[Key]:
    person = known.people.get(person_id)
    if person is None or person.life_status == "DECEASED":
        return
    for code in sorted({each.employer_code for each in lines if each.employer_code}):
        at_firm = [each for each in lines if each.employer_code == code]
        if not any(each.running for each in at_firm):
            continue
        employer = known.employers.get(code)
        status = None if employer is None else status_on(employer.statuses, today)
        if status in _OF_STATUS:
            yield person_id, code, _OF_STATUS[EmployerStatus(status or "")]
        yield from ((person_id, code, cause) for cause in _of_contributions(at_firm))


def _of_contributions(lines: Iterable[RegisterLine]) -> Iterator[str]:
    """Yield what is wrong with the contributions of somebody whose contract goes on."""
    every = list(lines)
    works = any(
        each.running and each.status != "suspended"
        for each in every
        if each.kind is FactKind.EMPLOYMENT
    )
    insured = [each for each in every if each.kind is FactKind.INSURANCE]
    if insured and works and not any(each.running for each in insured):
        yield _STOPPED
    newest = max((each.first for each in insured), default=None)
    if any(each.status == "arrears" and each.first == newest for each in insured):
        yield _LATE


def _open(db: Db, new: Collection[Key], today: date, now: datetime) -> None:
    rows = _alert_rows(db, new, today, now)
    register_lines.add_alerts(db, rows)
    workers = [
        (Recipient("worker", str(each["person_id"])), str(each["id"]), {"cause": each["cause"]})
        for each in rows
    ]
    notify_all(db, NoticeKind.LINE_DOUBTFUL, workers, now=now)
    to_units = sorted(
        {(each["unit_code"], root_of(each["employer_code"])) for each in rows if each["unit_code"]}
    )
    told = [
        (Recipient("official", unit), f"{code}:{today}", {"day": str(today)})
        for unit, code in to_units
    ]
    notify_all(db, NoticeKind.LINES_TO_LOOK_AT, told, now=now)


def _alert_rows(db: Db, new: Collection[Key], today: date, now: datetime) -> list[dict[str, Any]]:
    communes = register_lines.communes_of(db, {person for person, _, _ in new})
    owners: dict[tuple[Owner, str | None], str | None] = {}
    rows = []
    for person_id, code, cause in new:
        place = (_OWNERS.get(cause, Owner.PROVINCE), communes.get(person_id))
        if place not in owners:
            owners[place] = _unit(db, *place, today)
        rows.append(
            {
                "id": new_id(now),
                "person_id": person_id,
                "employer_code": code,
                "cause": cause,
                "unit_code": owners[place],
                "opened_at": now,
                "closed_at": None,
                "closed_by": None,
                "close_reason": None,
            }
        )
    return rows


def _unit(db: Db, owner: Owner, commune: str | None, today: date) -> str | None:
    """Return the unit of a kind that serves a place, or the next one above; None: no unit is."""
    for kind in _UP[_UP.index(owner) :]:
        code = units.unit_of(db, str(kind), commune, today)
        if code is not None:
            return code
    return None
