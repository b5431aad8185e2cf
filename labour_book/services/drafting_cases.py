"""What a new correction is made of: the line it is about, and what is claimed of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.correction_claims import read_claim, read_words
from labour_book.domain.correction_fields import Ask, CaseKind, FieldChange
from labour_book.domain.correction_routing import is_high_impact
from labour_book.domain.corrections import CaseState, Step
from labour_book.domain.employers import root_of
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate
from labour_book.errors import Invalid
from labour_book.queries import corrections
from labour_book.queries.corrections import StoredCase, changes_text, facts_text
from labour_book.services.callers import Action, Caller
from labour_book.services.case_access import ASKING, asker_id, asking_kind
from labour_book.services.case_lines import Line, line_of
from labour_book.services.case_moves import SILENT, case_place, sealed_words, write_step
from labour_book.services.installation import Installation
from labour_book.services.permission import NotFoundForCaller, Refusal
from labour_book.services.recording import new_id

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letter that could be read as a digit."""
_NUMBER_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Request:
    """What is wrong and what is right.

    ``version`` and ``line`` name a line as the person sees it: the number of the entry in that
    version of the book (for qualifications its place in the list, 1 is the first). For a line that
    is missing, and for identity, both are None; so is ``version`` where no book was issued yet.
    """

    kind: CaseKind
    ask: Ask
    version: int | None = None
    line: int | None = None
    claimed: Mapping[str, str] = field(default_factory=dict)
    """Field to what is right (``correction_fields.FIELDS``)."""
    words: str = ""
    """In the person's own words, at most 2,000 characters."""


def begun_case(
    db: Db,
    inst: Installation,
    caller: Caller,
    person_id: UUID,
    request: Request,
    *,
    now: datetime,
) -> StoredCase:
    """Store a new draft with its first step and return it.

    Raises:
        Invalid, StaleLine: as ``rewritten``.
    """
    values = rewritten(db, inst, caller, person_id, request, now=now)
    case_id = new_id(now)
    row = {
        **values,
        "id": case_id,
        "person_id": person_id,
        "words": sealed_words(inst.vault, case_place(case_id), read_words(request.words)),
        "declared_kind": asking_kind(caller),
        "declared_by": asker_id(caller),
        "assisted": caller.kind == "official",
        "created_at": now,
        "state": str(CaseState.DRAFT),
        "state_since": now,
        "revision": 1,
        "escalations": 0,
        "alternative": False,
    }
    while not corrections.add_case(db, row | {"number": _new_number(inst)}):
        pass  # the number is taken: draw again
    case = corrections.case_by_id(db, case_id)
    assert case is not None
    write_step(db, inst.vault, case, Step.BEGIN, caller, before=None, said=SILENT, now=now)
    return case


def rewritten(
    db: Db,
    inst: Installation,
    caller: Caller,
    person_id: UUID,
    request: Request,
    *,
    now: datetime,
) -> dict[str, Any]:
    """Return the columns of what a request is about.

    Raises:
        Invalid: a field or value that cannot be, or that says what the line says already.
        StaleLine: the line is not that of the newest version any more.
        NotFoundForCaller: an enterprise asks about somebody else's worker.
    """
    read_words(request.words)
    claimed = read_claim(request.kind, request.ask, request.claimed, vietnam_day(now))
    line = _line(db, inst, person_id, request, now)
    code = claimed.get("enterprise_code") or (None if line is None else line.employer_code)
    name = claimed.get("employer") or ("" if line is None else line.employer_name)
    _check_enterprise(caller, person_id, line, code, now)
    changes = _changes(request, claimed, line)
    if line is not None and request.kind is CaseKind.EMPLOYMENT:
        _check_days(line, claimed)
    return {
        "kind": str(request.kind),
        "ask": str(request.ask),
        "version": request.version,
        "line_number": request.line,
        "line_facts": facts_text(() if line is None else line.facts),
        "changes": changes_text(changes),
        "employer_code": (None if line is None else line.employer_code) or code,
        "employer_name": ("" if line is None else line.employer_name) or name,
        "assurance": "" if line is None else line.assurance.name,
        "high_impact": is_high_impact(request.kind, request.ask, changes),
    }


def _line(
    db: Db, inst: Installation, person_id: UUID, request: Request, now: datetime
) -> Line | None:
    if request.kind is CaseKind.IDENTITY or request.ask is Ask.ADD:
        return None
    return line_of(
        db,
        inst,
        person_id,
        request.kind,
        version=request.version,
        number=request.line,
        now=now,
    )


def _changes(
    request: Request, claimed: Mapping[str, str], line: Line | None
) -> tuple[FieldChange, ...]:
    before = {} if line is None else line.fields
    changes = tuple(
        FieldChange(name, before.get(name, ""), value)
        for name, value in claimed.items()
        if request.kind is not CaseKind.EMPLOYMENT or line is None or before.get(name) != value
    )
    if claimed and not changes:
        raise Invalid("the line says so already", cause="NOTHING_CHANGES")
    return changes


def _check_enterprise(
    caller: Caller, person_id: UUID, line: Line | None, code: str | None, now: datetime
) -> None:
    """Refuse an enterprise that asks about a line that is not of its own workers."""
    if caller.kind != "employer":
        return
    at = code if line is None else line.employer_code
    if at is None or root_of(at) != root_of(caller.enterprise_code or ""):
        refusal = Refusal(caller, Action.CASE_DRAFT, person_id, ASKING, now, "NOT_THEIRS")
        raise NotFoundForCaller(refusal)


def _check_days(line: Line, claimed: Mapping[str, str]) -> None:
    """Refuse days that would leave months of insurance outside the job: those come first."""
    first, last = claimed.get("first_day"), claimed.get("last_day")
    if line.insured is None:
        return
    begins, ends = line.insured
    if first and Month.of_day(PartialDate.parse(first).first_possible) > begins:
        raise Invalid(
            "insurance was reported before that day: ask for those months to be put right first",
            cause="INSURED_BEFORE",
            field="first_day",
            month=str(begins),
        )
    if last and (ends is None or Month.of_day(PartialDate.parse(last).last_possible) < ends):
        raise Invalid(
            "insurance was reported after that day: ask for those months to be put right first",
            cause="INSURED_AFTER",
            field="last_day",
            month=str(ends or ""),
        )


def _new_number(inst: Installation) -> str:
    drawn = inst.entropy(_NUMBER_LENGTH)
    return "YC-" + "".join(_ALPHABET[each % len(_ALPHABET)] for each in drawn)
