"""Reports on coverage: one official drafts, another one of the unit approves or sends back.

A draft holds every number it tells, taken from one round with the figures and targets of that
moment. Nothing of it changes when more arrives; only a draft can be made anew.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.reports import TRANSITIONS, ReportState, ReportStep
from labour_book.errors import Conflict, Denied, Invalid
from labour_book.law.report_calendar import ReportKind
from labour_book.queries import reports, units
from labour_book.queries.reports import ReportOnFile
from labour_book.queries.units import UnitRow
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.permission import NotFoundForCaller, Refusal, check_role
from labour_book.services.recording import new_id
from labour_book.services.report_bodies import kind_of, numbers_of, stored

__all__ = ["LONGEST_WORDS", "Opened", "approve", "begin", "opened", "send", "send_back", "write"]

LONGEST_WORDS, LONGEST_REASON = 4000, 400
PURPOSE = "NQ 125/NQ-CP"


class ReportMovedOn(Conflict):
    """Somebody else has taken the report a step further in the meantime."""

    slug = "report-moved-on"
    title = "The report does not stand where you saw it"
    title_vi = "Báo cáo đã được xử lý tiếp, hãy xem lại"


class OwnReport(Denied):
    """Who drafted a report does not approve it."""

    slug = "report-own"
    title = "Somebody else approves what you have drafted"
    title_vi = "Người soạn không tự duyệt báo cáo của mình"


@dataclass(frozen=True, slots=True)
class Opened:
    """A report as it is shown: where it stands, its numbers, and the hashes of its files."""

    report: ReportOnFile
    unit: UnitRow
    body: Mapping[str, Any]
    files: Mapping[str, str]
    """SHA-256 by form; empty until it is archived."""


def begin(
    db: Db, inst: Installation, caller: Caller, kind: str, as_of: date, *, now: datetime
) -> UUID:
    """Begin a report of the caller's unit and return its id.

    Raises:
        DeniedToRole: the role drafts no reports.
        Invalid: the unit owes no such report, or not of that day.
        NotCounted: nobody has counted the day.
        Conflict: the unit has this report already.
    """
    check_role(caller, Action.REPORT_DRAFT, now)
    unit = _unit(db, caller.unit_code)
    wanted = kind_of(unit, kind, as_of, vietnam_day(now))
    round_id, body = numbers_of(db, inst, unit, as_of, kind=wanted, now=now)
    report_id = new_id(now)
    row = {
        "id": report_id,
        "kind": str(wanted),
        "unit_code": unit.code,
        "as_of": as_of,
        "state": str(ReportState.DRAFT),
        "revision": 0,
        "round_id": round_id,
        **stored(body),
        "words": "",
        "drafted_by": caller.id,
        "drafted_at": now,
        "reason": "",
    }
    if not reports.add_report(db, row):
        raise Conflict("the unit has this report already")
    _trace(db, caller, Action.REPORT_DRAFT, report_id, step="begin", now=now)
    return report_id


def opened(
    db: Db,
    caller: Caller,
    report_id: UUID,
    *,
    now: datetime,
    action: Action = Action.REPORT_READ,
) -> Opened:
    """Return a report of the caller's unit or of one below it; the look is traced.

    Raises:
        DeniedToRole: the role sees no reports.
        NotFoundForCaller: there is no such report, or it is not the caller's to see.
    """
    check_role(caller, action, now)
    found = reports.report_by_id(db, report_id)
    if found is None or not _sees(db, caller, found.unit_code, vietnam_day(now)):
        raise _refused(caller, action, now)
    _trace(db, caller, action, report_id, step="open", now=now)
    unit = _unit(db, found.unit_code)
    return Opened(found, unit, json.loads(found.body), reports.hashes_of(db, report_id))


def write(
    db: Db,
    inst: Installation,
    caller: Caller,
    report_id: UUID,
    *,
    revision: int,
    words: str,
    now: datetime,
) -> None:
    """Say something of the numbers, and take the newest numbers of the day into the draft.

    Raises:
        DeniedToRole, NotFoundForCaller: it is not the caller's to write.
        Invalid: too many words.
        ReportMovedOn: it is no draft any more, or somebody else wrote in it.
    """
    found = _own(db, caller, report_id, Action.REPORT_DRAFT, now)
    said = words.strip().replace("\r\n", "\n")
    if len(said) > LONGEST_WORDS:
        raise Invalid(
            f"a report holds at most {LONGEST_WORDS} characters of words", cause="COVERAGE_WORDS"
        )
    kind, unit = ReportKind(found.kind), _unit(db, found.unit_code)
    round_id, body = numbers_of(db, inst, unit, found.as_of, kind=kind, now=now)
    values = {"round_id": round_id, "words": said, **stored(body | {"words": said})}
    drafted = {"drafted_by": caller.id, "drafted_at": now}
    _step(db, caller, found, ReportStep.WRITE, revision=revision, values=values | drafted, now=now)


def send(db: Db, caller: Caller, report_id: UUID, *, revision: int, now: datetime) -> None:
    """Send a draft to those who approve in the unit; from now on nothing of it changes.

    Raises:
        DeniedToRole, NotFoundForCaller: it is not the caller's to send.
        ReportMovedOn: it is no draft any more, or somebody else wrote in it.
    """
    found = _own(db, caller, report_id, Action.REPORT_DRAFT, now)
    values = {"sent_at": now, "reason": ""}
    _step(db, caller, found, ReportStep.SEND, revision=revision, values=values, now=now)


def approve(db: Db, caller: Caller, report_id: UUID, *, revision: int, now: datetime) -> None:
    """Approve a report as it was seen: it gets its number, and can be archived.

    Raises:
        DeniedToRole, NotFoundForCaller: it is not the caller's to approve.
        OwnReport: the caller has drafted it.
        ReportMovedOn: it was not sent, or is not what was seen any more.
    """
    found = _decidable(db, caller, report_id, now)
    year = vietnam_day(now).year
    values = {
        "decided_by": caller.id,
        "decided_at": now,
        "approver": caller.name,
        "year": year,
        "serial": reports.next_serial(db, found.unit_code, year),
    }
    _step(db, caller, found, ReportStep.APPROVE, revision=revision, values=values, now=now)


def send_back(
    db: Db, caller: Caller, report_id: UUID, *, revision: int, reason: str, now: datetime
) -> None:
    """Send a report back to who drafted it, and say why.

    Raises:
        DeniedToRole, NotFoundForCaller, OwnReport, ReportMovedOn: as ``approve``.
        Invalid: no reason is given, or a very long one.
    """
    found = _decidable(db, caller, report_id, now)
    said = " ".join(reason.split())
    if not 0 < len(said) <= LONGEST_REASON:
        raise Invalid("say why it is sent back", cause="COVERAGE_REASON")
    values = {"decided_by": caller.id, "decided_at": now, "reason": said}
    _step(db, caller, found, ReportStep.SEND_BACK, revision=revision, values=values, now=now)


def _decidable(db: Db, caller: Caller, report_id: UUID, now: datetime) -> ReportOnFile:
    found = _own(db, caller, report_id, Action.REPORT_DECIDE, now)
    if found.drafted_by == caller.id:
        raise OwnReport
    return found


def _own(db: Db, caller: Caller, report_id: UUID, action: Action, now: datetime) -> ReportOnFile:
    """Return a report of the caller's own unit, for whoever may do something with it."""
    check_role(caller, action, now)
    found = reports.report_by_id(db, report_id)
    if found is None or found.unit_code != caller.unit_code:
        raise _refused(caller, action, now)
    return found


def _step(
    db: Db,
    caller: Caller,
    found: ReportOnFile,
    step: ReportStep,
    *,
    revision: int,
    values: Mapping[str, Any],
    now: datetime,
) -> None:
    states, state = TRANSITIONS[step]
    if not reports.step(db, found.id, revision, states, {**values, "state": str(state)}):
        raise ReportMovedOn
    decides = step in {ReportStep.APPROVE, ReportStep.SEND_BACK}
    action = Action.REPORT_DECIDE if decides else Action.REPORT_DRAFT
    _trace(db, caller, action, found.id, step=str(step), now=now)


def _unit(db: Db, code: str | None) -> UnitRow:
    unit = units.unit(db, code or "")
    if unit is None:
        raise Invalid("your unit does not exist", cause="COVERAGE_UNIT")
    return unit


def _sees(db: Db, caller: Caller, unit_code: str, today: date) -> bool:
    """Say whether a unit's reports are the caller's to see: those of the own unit and below.

    A unit for the whole country sees all.
    """
    if caller.kind != "official":
        return True
    own = units.unit(db, caller.unit_code or "")
    if own is None:
        return False
    return own.place_code is None or units.is_below(db, unit_code, own.code, today)


def _refused(caller: Caller, action: Action, now: datetime) -> NotFoundForCaller:
    return NotFoundForCaller(Refusal(caller, action, None, "reports", now, "NOT_THEIRS"))


def _trace(
    db: Db, caller: Caller, action: Action, report_id: UUID, *, step: str, now: datetime
) -> None:
    detail: dict[str, str | int] = {"report": str(report_id), "step": step}
    trace(db, caller, action, at=now, purpose=PURPOSE, detail=detail)
