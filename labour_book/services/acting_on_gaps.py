"""What a worker does about missing months: ask the employer, complain, bridge.

The complaint and the bridge are dossiers at the National Public Service Portal, filled in from the
book; with the complaint goes the part of the signed book that shows the months of that job.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.book import LabourBook
from labour_book.domain.correction_claims import read_words
from labour_book.domain.display import show_months
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.gap_advice import GapAdvice, Way, firm_of
from labour_book.domain.months import MonthRange, month_set, ranges_of, unique_months
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.errors import Conflict, Invalid
from labour_book.law.missing_months import bridge_over
from labour_book.law.provisions import amount
from labour_book.law.voluntary_support import GROUPS
from labour_book.queries import versions
from labour_book.queries.gap_steps import StoredStep
from labour_book.queries.versions import CURRENT
from labour_book.registers.messages.portal import COMPLAIN, VOLUNTARY
from labour_book.services.books import book_as_of
from labour_book.services.callers import Action, Caller
from labour_book.services.drafting import stored_credential
from labour_book.services.installation import Installation
from labour_book.services.missing_months import begin_step, gap_of, open_months
from labour_book.services.notifying import notify
from labour_book.services.ownership import owner, trace_own
from labour_book.services.permission import deed
from labour_book.services.portal_dossiers import OwnDossier, begin_in, hand_over
from signing import disclose, read_disclosed

__all__ = ["NoWay", "ask_employer", "bridge", "complain"]

SHOWN = frozenset({"full_name", "birth_date", "personal_id"})
"""What the evidence tells of the worker; of other jobs it tells nothing."""
NONE = "–"
LONGEST = 200
"""Of a field of a dossier."""


class NoWay(Conflict):
    """That cannot be done about these months; the gap says what can be."""

    slug = "gap-way-closed"
    title = "This way is not open for these months"
    title_vi = "Không dùng được cách này cho các tháng này"


def ask_employer(
    db: Db, inst: Installation, caller: Caller, entry_number: int, words: str, *, now: datetime
) -> UUID:
    """Ask the employer of a job about its missing months; return the id of the question.

    The employer has as many working days as for a correction of a worker (our rule).

    Raises:
        NotFound: no months of this job are missing.
        NoWay: the employer is gone or cannot be found, or is known by its name alone.
        ToldBefore: all of the months were asked about.
        Invalid: words that are none.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    person_id, _, gap = _gap(db, inst, caller, Action.GAP_ASK, entry_number, now=now)
    code = gap.enterprise_code
    if code is None or Way.ASK_EMPLOYER not in gap.ways:
        raise NoWay
    today = vietnam_day(now)
    due_on = inst.calendar.after(today, amount("corrections.owner.employer", on=today))
    step = begin_step(
        *(db, inst.vault, person_id, gap, Way.ASK_EMPLOYER),
        words=read_words(words),
        due_on=due_on,
        now=now,
    )
    facts: Mapping[str, str | int] = {"due_on": due_on.isoformat()}
    employer = Recipient("employer", firm_of(code, gap.employer))
    notify(db, employer, NoticeKind.GAP_ASKED, about=str(step.id), facts=facts, now=now)
    _trace(db, caller, Action.GAP_ASK, step, now)
    return step.id


def complain(
    inst: Installation, caller: Caller, entry_number: int, request: str, *, now: datetime
) -> OwnDossier:
    """Hand a complaint to the insurance office over to the portal, with the evidence of the book.

    Raises:
        NotFound, NoWay, ToldBefore, Invalid: as ``ask_employer``; Invalid also without a request.
        Unavailable: the portal does not take it now; it waits among the dossiers.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    asked_for = read_words(request, needed=True)
    with deed(inst.engine) as db:
        person_id, book, gap = _gap(db, inst, caller, Action.GAP_COMPLAIN, entry_number, now=now)
        if Way.COMPLAIN not in gap.ways:
            raise NoWay
        months = month_set(open_months(db, person_id, gap, Way.COMPLAIN))
        said = {
            "employer": gap.employer,
            "enterprise_code": gap.enterprise_code or NONE,
            "declared_unpaid": _in_words(ranges_of(months & month_set(gap.owed))),
            "undeclared": _in_words(ranges_of(months & month_set(gap.unseen))),
            "request": asked_for,
        }
        evidence = _evidence(db, inst, person_id, book, entry_number)
        begun = begin_in(db, inst, caller, COMPLAIN, said, evidence=evidence, now=now)
        step = begin_step(
            *(db, inst.vault, person_id, gap, Way.COMPLAIN), dossier_id=begun.id, now=now
        )
        _trace(db, caller, Action.GAP_COMPLAIN, step, now)
    return hand_over(inst, caller, begun, now=now)


def bridge(
    inst: Installation, caller: Caller, entry_number: int, group: str, *, now: datetime
) -> OwnDossier:
    """Hand a registration for voluntary insurance over, for as many months as are missing.

    ``group`` is the person's own word; whoever decides on the support checks it.

    Raises:
        NotFound, NoWay, ToldBefore: as ``ask_employer``; NoWay for who is in compulsory insurance.
        Invalid: there is no such group.
        Unavailable: as ``complain``.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    if group not in GROUPS:
        raise Invalid("say which group", cause="GROUP", field="group")
    with deed(inst.engine) as db:
        person_id, _, gap = _gap(db, inst, caller, Action.GAP_BRIDGE, entry_number, now=now)
        if Way.BRIDGE not in gap.ways:
            raise NoWay
        missing = unique_months(open_months(db, person_id, gap, Way.BRIDGE))
        found = bridge_over(missing, vietnam_day(now), months_supported=0)
        if found is None:
            raise NoWay
        said = {
            "from_month": str(found.first),
            "months": str(missing),
            "income": str(found.income),
            "group": group,
        }
        begun = begin_in(db, inst, caller, VOLUNTARY, said, now=now)
        step = begin_step(
            *(db, inst.vault, person_id, gap, Way.BRIDGE), dossier_id=begun.id, now=now
        )
        _trace(db, caller, Action.GAP_BRIDGE, step, now)
    return hand_over(inst, caller, begun, now=now)


def _gap(
    db: Db,
    inst: Installation,
    caller: Caller,
    action: Action,
    entry_number: int,
    *,
    now: datetime,
) -> tuple[UUID, LabourBook, GapAdvice]:
    person_id = owner(db, caller, action, now=now)
    today = vietnam_day(now)
    book = book_as_of(db, inst.vault, person_id, as_of=today, known_at=now, places=inst.places)
    return person_id, book, gap_of(book, entry_number)


def _in_words(months: tuple[MonthRange, ...]) -> str:
    """Return months as a person writes them, short enough for a field of a form."""
    told = show_months(months)
    if len(told) > LONGEST:
        told = show_months([MonthRange(months[0].first, months[-1].last)]) + f" ({len(months)})"
    return told or NONE


def _evidence(
    db: Db, inst: Installation, person_id: UUID, book: LabourBook, entry_number: int
) -> str:
    """Return the part of the signed book that shows one job; nothing where none is signed."""
    version = versions.signed_version(db, person_id, None)
    if version is None or version.state != CURRENT:
        return ""
    entry = next(each for each in book.employments if each.number == entry_number)
    credential = stored_credential(inst, version.id, version.credential)
    jobs = read_disclosed(credential).get("employments", ())
    places = {
        at
        for at, job in enumerate(jobs)
        if job.get("no") == entry.number and job.get("employer") == entry.employer
    }

    def is_shown(path: tuple[str | int, ...]) -> bool:
        match path:
            case ("as_of",) | ("book_no",):
                return True
            case ("worker", str(member)):
                return member in SHOWN
            case ("employments", int(at)) | ("employments", int(at), str(_)):
                return at in places
            case _:
                return False

    return disclose(credential, is_shown) if places else ""


def _trace(db: Db, caller: Caller, action: Action, step: StoredStep, now: datetime) -> None:
    trace_own(db, caller, action, step.person_id, now=now, step=str(step.id))
