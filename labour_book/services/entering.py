"""Entering a Form 03 by hand, as an official visits or has somebody at the desk."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.findings import Severity, severity_of
from labour_book.domain.names import display_name
from labour_book.domain.people import PartialDate, mask, show_date
from labour_book.errors import Conflict, NotFound
from labour_book.queries import books, forms, people
from labour_book.registers import read_form
from labour_book.services.auditing import trace
from labour_book.services.by_hand import record
from labour_book.services.callers import Action, Caller
from labour_book.services.collecting import whom
from labour_book.services.home_visits import visit_of
from labour_book.services.installation import Installation
from labour_book.services.likeness import Likeness, Look, check_not_own, people_like, personal_id_of
from labour_book.services.permission import check_may, check_role
from labour_book.services.receipts import ACCEPTED, Receipt, Told, receipts_of, told

NAMED = "Phiếu nhập tay"
PURPOSE = "Thu thập Mẫu số 03"
_FIELD_OF_ANSWER = {"sex": "gender", "ethnic_code": "ethnic_group"}
_DATES = ("birth_date", "contract_start")
_NOT_TAKEN_OVER = frozenset({"commune_code", "collected_on", "note"})


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it was filled in."""

    key: UUID
    """Made with the empty form: the same form sent again counts once."""
    commune_code: str
    collected_on: PartialDate
    texts: Mapping[str, str]
    """By field; several codes are joined by ``;``."""
    visit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a form."""

    run_id: UUID
    receipt: Receipt
    is_accepted: bool
    was_entered_before: bool


def with_known_id(db: Db, inst: Installation, caller: Caller, form: Form, *, now: datetime) -> Form:
    """Return a form with the ID that was masked when it was begun, if it was left as it was.

    Raises:
        DeniedToRole, NotFound: as ``home_visits.visit_of``.
    """
    stated = form.texts.get("personal_id", "")
    if form.visit_id is None or "*" not in stated:
        return form
    _plan, visit = visit_of(db, caller, form.visit_id, now=now)
    known = "" if visit.person_id is None else personal_id_of(db, inst, visit.person_id)
    if not known or mask(known) != stated:
        return form
    return replace(form, texts={**form.texts, "personal_id": known})


def check_form(form: Form) -> tuple[list[Told], list[Told]]:
    """Return what is wrong with a form, so that it would be refused, and what is doubtful."""
    parsed = read_form(form.texts, commune_code=form.commune_code, collected_on=form.collected_on)
    found: dict[Severity, list[Told]] = {each: [] for each in Severity}
    for each in parsed.findings:
        found[severity_of(each.cause)].append(told(each))
    return found[Severity.REFUSE], found[Severity.REVIEW]


def enter_form(db: Db, inst: Installation, caller: Caller, form: Form, *, now: datetime) -> Entered:
    """Record a form; a form that is refused or goes to review is kept with its receipt.

    Raises:
        DeniedToRole: the role enters no forms.
        OwnRecord: it is about the official.
        NotFound: there is no such visit, or of a commune that the unit does not serve.
        Conflict: somebody else entered a form with this key.
    """
    check_role(caller, Action.FORM_ENTER, now)
    before = forms.form_entered(db, form.key)
    if before is not None:
        return _again(db, inst, caller, before)
    if form.visit_id is not None:
        visit_of(db, caller, form.visit_id, now=now)
    parsed = read_form(form.texts, commune_code=form.commune_code, collected_on=form.collected_on)
    done = record(
        db, inst.vault, caller, "form03", [parsed], named=NAMED, within=caller.unit_code, now=now
    )
    (judged,) = done.judged
    check_not_own(caller, judged.person_id)
    row = {
        "key": form.key,
        "run_id": done.run_id,
        "visit_id": form.visit_id,
        "unit_code": caller.unit_code,
        "entered_by": caller.id,
        "entered_at": now,
    }
    if not forms.add_form(db, row):
        raise Conflict("this form is being entered at this moment")
    trace(
        db,
        caller,
        Action.FORM_ENTER,
        at=now,
        purpose=PURPOSE,
        person_id=judged.person_id,
        detail={"run_id": str(done.run_id), "outcome": judged.outcome.value},
    )
    return _entered(db, inst, done.run_id, was_entered_before=False)


def is_entered(db: Db, key: UUID) -> bool:
    """Say whether somebody has entered a form before; to whom it belongs, ``enter_form`` asks."""
    return forms.form_entered(db, key) is not None


def form_entered(
    db: Db, inst: Installation, caller: Caller, key: UUID, *, now: datetime
) -> Entered:
    """Return what became of a form that the caller entered.

    Raises:
        DeniedToRole: the role enters no forms.
        NotFound: no such form of theirs.
    """
    check_role(caller, Action.FORM_ENTER, now)
    before = forms.form_entered(db, key)
    if before is None or before[1] != caller.id:
        raise NotFound("you have entered no such form")
    return _again(db, inst, caller, before)


def similar_people(
    db: Db, inst: Installation, caller: Caller, form: Form, *, now: datetime
) -> Likeness:
    """Return who on file may be the person of a form; each look is traced.

    Found by a number, by one mistyped digit of it, or by name and birth date.

    Raises:
        DeniedToRole: the role enters no forms.
    """
    check_role(caller, Action.FORM_ENTER, now)
    parsed = read_form(form.texts, commune_code=form.commune_code, collected_on=form.collected_on)
    wanted = whom(parsed.row)
    if wanted is None:
        return Likeness((), 0)
    look = Look(caller, Action.FORM_ENTER, PURPOSE, now)
    return people_like(db, inst, wanted, look)


def known_answers(
    db: Db, inst: Installation, caller: Caller, person_id: UUID, *, now: datetime
) -> Mapping[str, str]:
    """Return what is known of a person, by field of the form, to begin it with; the ID masked.

    Raises:
        DeniedToRole, NotFoundForCaller: as ``check_may``.
    """
    subject = books.subject(db, person_id)
    check_may(db, caller, Action.FORM_ENTER, person_id, subject, purpose=PURPOSE, now=now)
    answers = json.loads(forms.last_answers(db, person_id) or "{}")
    known = {
        _FIELD_OF_ANSWER.get(name, name): _text(value)
        for name, value in answers.items()
        if name not in _NOT_TAKEN_OVER
    }
    known |= _identity(db, inst, person_id)
    known |= {name: _as_written(known[name]) for name in _DATES if known.get(name)}
    trace(
        db,
        caller,
        Action.FORM_ENTER,
        at=now,
        purpose=PURPOSE,
        person_id=person_id,
        outcome="begun",
    )
    return known


def _again(db: Db, inst: Installation, caller: Caller, before: tuple[UUID, str]) -> Entered:
    run_id, entered_by = before
    if entered_by != caller.id:
        raise Conflict("somebody else has entered this form")
    return _entered(db, inst, run_id, was_entered_before=True)


def _entered(db: Db, inst: Installation, run_id: UUID, *, was_entered_before: bool) -> Entered:
    (receipt,) = receipts_of(db, inst.vault, run_id)
    return Entered(run_id, receipt, receipt.outcome in ACCEPTED, was_entered_before)


def _identity(db: Db, inst: Installation, person_id: UUID) -> dict[str, str]:
    person = people.people_by_ids(db, [person_id])[person_id]
    personal_id = personal_id_of(db, inst, person_id)
    known = {
        "full_name": display_name(person.full_name),
        "birth_date": "" if person.birth_date is None else str(person.birth_date),
        "gender": person.sex or "",
        "personal_id": mask(personal_id) if personal_id else "",
    }
    return {name: text for name, text in known.items() if text}


def _as_written(date: str) -> str:
    """Return a date as people write it: day, month, year, as far as it is known."""
    return show_date(PartialDate.parse(date))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "x" if value else "0"
    return ";".join(map(str, value)) if isinstance(value, list) else str(value)
