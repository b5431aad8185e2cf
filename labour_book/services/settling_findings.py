"""Findings of checks as officials see them: counted, listed, settled; warnings judged.

A finding of a person or an enterprise is seen by the units that serve its commune; one about how an
official works only by inspectors and auditors above that official, and never by that official.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.check_rules import Family, Rule, Subject, of_family, rules
from labour_book.domain.completeness import fields_on
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.firm_checks import Headcounts, Standing, headcounts
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.queries import (
    books,
    check_findings,
    firm_numbers,
    plans,
    quality_marks,
    quality_snapshots,
    units,
)
from labour_book.queries.check_findings import FindingOnFile, Seen
from labour_book.queries.quality_marks import Lack, Lacking
from labour_book.queries.quality_snapshots import Numbers
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller, Role
from labour_book.services.permission import check_role
from labour_book.services.quality import not_for, serves
from labour_book.services.tuning import thresholds

__all__ = [
    "LONGEST_REASON",
    "PAGE",
    "Counted",
    "FindingOnFile",
    "Firm",
    "SettledBefore",
    "behind",
    "counted",
    "firm",
    "lacking",
    "listed",
    "review",
    "settle",
    "warnings",
]

PAGE = 50
LONGEST_REASON = 200
PHONES_SHOWN = 20
WITHIN = timedelta(days=365)
_OVER_OFFICIALS = frozenset({Role.INSPECTOR, Role.AUDITOR})


class SettledBefore(Conflict):
    """Somebody settled the finding, or the sources agree by now."""

    slug = "finding-settled-before"
    title = "This finding is not open any more"
    title_vi = "Điểm này không còn chờ xử lý"


@dataclass(frozen=True, slots=True)
class Counted:
    """A rule, and how many of its findings stand."""

    rule: Rule
    open: int
    handled: int
    ignored: int


@dataclass(frozen=True, slots=True)
class Firm:
    """An enterprise: its numbers, how many people it had month by month, what was found."""

    code: str
    name: str
    standing: Standing
    counts: Headcounts
    numbers: Numbers | None
    """None where it has too few people."""
    findings: Sequence[FindingOnFile]


def counted(db: Db, caller: Caller, *, now: datetime) -> list[Counted]:
    """Return how many findings stand by rule, where the caller may see them.

    Raises:
        DeniedToRole: the role sees no findings.
    """
    check_role(caller, Action.FINDINGS_READ, now)
    found = check_findings.counted(db, _seen(db, caller, now), list(rules()))
    trace(db, caller, Action.FINDINGS_READ, at=now, purpose="findings")
    by_state = [
        Counted(rule, *(found.get((code, state), 0) for state in ("open", "handled", "ignored")))
        for code, rule in rules().items()
    ]
    return [each for each in by_state if each.open or each.handled or each.ignored]


def listed(
    db: Db, caller: Caller, code: str, *, state: str, after: UUID | None, now: datetime
) -> list[FindingOnFile]:
    """Return what a rule found, where the caller may see it; nobody is named in it.

    Raises:
        DeniedToRole: the role sees no findings.
        NotFound: there is no such rule.
    """
    check_role(caller, Action.FINDINGS_READ, now)
    if code not in rules():
        raise NotFound("there is no such rule")
    found = check_findings.listed(
        db, _seen(db, caller, now), rules=[code], states=[state], after=after, limit=PAGE
    )
    detail: dict[str, str | int] = {"rule": code, "listed": len(found)}
    trace(db, caller, Action.FINDINGS_READ, at=now, purpose="findings", detail=detail)
    return [each for each in found if each.subject != caller.id]


def warnings(db: Db, caller: Caller, *, now: datetime) -> list[FindingOnFile]:
    """Return the warnings that wait for somebody's word, the most serious rules first.

    Raises:
        DeniedToRole: the role judges no warnings.
    """
    check_role(caller, Action.WARNING_REVIEW, now)
    codes = [each.code for each in of_family(Family.WARNING)]
    found = check_findings.listed(db, _seen(db, caller, now), rules=codes, limit=PAGE)
    detail: dict[str, str | int] = {"listed": len(found)}
    trace(db, caller, Action.FINDINGS_READ, at=now, purpose="warnings", detail=detail)
    theirs = [each for each in found if each.subject != caller.id]
    return sorted(theirs, key=lambda each: (rules()[each.rule].severity != "serious", each.id))


def settle(
    db: Db, caller: Caller, finding_id: UUID, *, state: str, reason: str, now: datetime
) -> str:
    """Note that a finding was dealt with, or is right as it is; return its rule.

    Raises:
        DeniedToRole: the role settles nothing.
        NotFoundForCaller: there is no such finding, or it is not the caller's.
        Invalid: another state, or no reason.
        SettledBefore: it is not open any more.
    """
    check_role(caller, Action.FINDING_SETTLE, now)
    found = _theirs(db, caller, finding_id, Action.FINDING_SETTLE, now)
    if state not in {"handled", "ignored"}:
        raise Invalid("say whether it was dealt with or is right as it is", cause="STATE")
    _settled(db, caller, found, state, _reason(reason), now=now)
    detail: dict[str, str | int] = {"rule": found.rule, "state": state}
    trace(
        db,
        caller,
        Action.FINDING_SETTLE,
        at=now,
        purpose="finding",
        person_id=found.person_id,
        detail=detail,
    )
    return found.rule


def review(
    db: Db, caller: Caller, finding_id: UUID, *, useful: bool, reason: str, now: datetime
) -> None:
    """Note whether a warning was useful, and why; that is what its threshold is tuned by.

    Raises:
        DeniedToRole: the role judges no warnings.
        NotFoundForCaller: there is no such warning, or it is not the caller's.
        Invalid: no reason.
        SettledBefore: somebody judged it before.
    """
    check_role(caller, Action.WARNING_REVIEW, now)
    found = _theirs(db, caller, finding_id, Action.WARNING_REVIEW, now)
    if rules()[found.rule].family is not Family.WARNING:
        raise not_for(caller, Action.WARNING_REVIEW, now)
    why = _reason(reason)
    row = {
        "finding_id": found.id,
        "rule": found.rule,
        "useful": useful,
        "reason": why,
        "threshold": thresholds(db)[found.rule],
        "by": caller.id,
        "at": now,
    }
    _settled(db, caller, found, "handled" if useful else "ignored", why, now=now)
    if not check_findings.add_review(db, row):
        raise SettledBefore
    detail: dict[str, str | int] = {"rule": found.rule, "useful": int(useful)}
    trace(
        db,
        caller,
        Action.WARNING_REVIEW,
        at=now,
        purpose="warning",
        person_id=found.person_id,
        detail=detail,
    )


def behind(
    db: Db, caller: Caller, found: Sequence[FindingOnFile], *, now: datetime
) -> Mapping[UUID, Sequence[UUID]]:
    """Return for warnings about a phone some of the people, where the caller may look at them."""
    communes = _seen(db, caller, now).communes
    return {
        each.id: quality_marks.people_of_phone(
            db, bytes.fromhex(each.subject), communes, limit=PHONES_SHOWN
        )
        for each in found
        if rules()[each.rule].subject is Subject.CONTACT
    }


def lacking(
    db: Db, caller: Caller, word: str, field: str, *, after: UUID | None, now: datetime
) -> list[Lacking]:
    """Return people of the caller's communes whose record would raise a number; nobody is named.

    Raises:
        DeniedToRole: the role sees no findings.
        Invalid: no such number, or no such field.
    """
    check_role(caller, Action.FINDINGS_READ, now)
    today = vietnam_day(now)
    known = {name for name, _ in fields_on(today)}
    if word not in {"right", "complete", "alive"} or (field and field not in known):
        raise Invalid("there is no such list", cause="LIST")
    lack = Lack(word, today - WITHIN, field)
    communes = _seen(db, caller, now).communes
    found = quality_marks.lacking(db, communes, lack, after=after, limit=PAGE)
    detail: dict[str, str | int] = {"word": word, "field": field, "listed": len(found)}
    trace(db, caller, Action.FINDINGS_READ, at=now, purpose="quality", detail=detail)
    return found


def firm(db: Db, caller: Caller, code: str, *, now: datetime) -> Firm:
    """Return an enterprise as the checks see it.

    Raises:
        DeniedToRole: the role sees no findings.
        NotFoundForCaller: there is no such enterprise, or it lies elsewhere.
    """
    check_role(caller, Action.FINDINGS_READ, now)
    name, commune = firm_numbers.named(db, code, now)
    if name is None or not serves(db, caller, commune, now):
        raise not_for(caller, Action.FINDINGS_READ, now)
    reported = books.insurance_counted_through(db, now)
    standing = firm_numbers.standings(db, [code], reported, now=now)[code]
    counts = headcounts(*firm_numbers.flows(db, [code], reported)[code], reported.ordinal)
    numbers = quality_snapshots.latest(db, "employer", [code])
    seen = _seen(db, caller, now)
    firms = [each.code for each in rules().values() if each.subject is Subject.ENTERPRISE]
    found = check_findings.listed(
        db, seen, rules=firms, subject=code, states=("open", "handled", "ignored"), limit=PAGE
    )
    detail: dict[str, str | int] = {"enterprise": code}
    trace(db, caller, Action.FINDINGS_READ, at=now, purpose="enterprise", detail=detail)
    return Firm(code, name, standing, counts, numbers[0] if numbers else None, found)


def _theirs(
    db: Db, caller: Caller, finding_id: UUID, action: Action, now: datetime
) -> FindingOnFile:
    found = check_findings.finding(db, finding_id)
    if found is None or found.subject == caller.id:
        raise not_for(caller, action, now)
    if rules()[found.rule].subject is Subject.OFFICIAL:
        seen = _seen(db, caller, now)
        if found.unit_code not in seen.units:
            raise not_for(caller, action, now)
    elif not serves(db, caller, found.commune_code, now):
        raise not_for(caller, action, now)
    return found


def _settled(
    db: Db, caller: Caller, found: FindingOnFile, state: str, reason: str, *, now: datetime
) -> None:
    if not check_findings.settle(db, found.id, state=state, reason=reason, by=caller.id, now=now):
        raise SettledBefore


def _reason(text: str) -> str:
    said = " ".join(text.split())
    if not said or len(said) > LONGEST_REASON:
        raise Invalid(f"say why, in at most {LONGEST_REASON} characters", cause="REASON")
    return said


def _seen(db: Db, caller: Caller, now: datetime) -> Seen:
    today = vietnam_day(now)
    unit = units.unit(db, caller.unit_code or "")
    if unit is None:
        raise not_for(caller, Action.FINDINGS_READ, now)
    over = units.codes_below(db, unit.code, today) if caller.role in _OVER_OFFICIALS else ()
    return Seen(plans.communes_served(db, unit.place_code, unit.kind, today), over)
