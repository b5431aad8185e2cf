"""What registers say of a correction: asked online, and as far as their statements are on file.

Only what confirms every claimed value lets a case go straight through; silence confirms nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from labour_book.database import Db
from labour_book.domain.assurance import Source
from labour_book.domain.correction_fields import Ask, CaseKind
from labour_book.domain.facts import InsuranceFact
from labour_book.domain.months import Month, MonthRange
from labour_book.domain.names import tone_key
from labour_book.domain.partial_dates import PartialDate
from labour_book.queries import books
from labour_book.queries.corrections import StoredCase
from labour_book.services.asking_registers import (
    ContractsAnswer,
    Fetched,
    InsuranceAnswer,
    JobClaim,
    MonthsClaim,
    QualificationClaim,
    QualificationsAnswer,
    Register,
    Says,
    Status,
    ask_alone,
    confirms,
    is_connected,
)
from labour_book.services.callers import Caller
from labour_book.services.installation import Installation
from labour_book.services.register_claims import Answered

ASKED: Mapping[CaseKind, tuple[Register, ...]] = {
    CaseKind.EMPLOYMENT: (Register.CONTRACTS, Register.INSURANCE),
    CaseKind.INSURANCE: (Register.INSURANCE,),
    CaseKind.QUALIFICATION: (Register.QUALIFICATIONS,),
    CaseKind.IDENTITY: (),
}
"""Which registers know of which kind."""
_DAYS = ("first_day", "last_day")
_EMPLOYER = ("enterprise_code", "employer")
_BY_CONTRACT = ("position", "contract_kind")


@dataclass(frozen=True, slots=True)
class OnFile:
    """What a register has stated before, held like an answer; never all there is."""

    status: Status
    body: InsuranceAnswer | None
    data_as_of: datetime | None


def ask_registers(
    inst: Installation, caller: Caller, case: StoredCase, *, now: datetime
) -> list[Fetched]:
    """Ask the registers that know of such a line; with no transaction open. Traced each."""
    purpose = f"Đề nghị điều chỉnh {case.number}"
    return [
        ask_alone(inst, caller, case.person_id, register, purpose=purpose, now=now)
        for register in ASKED[case.kind]
        if is_connected(inst, register)
    ]


def confirmed_by(
    db: Db, inst: Installation, case: StoredCase, answers: Sequence[Fetched], *, now: datetime
) -> str | None:
    """Return the register that confirms all that a case claims; None if none does.

    A line that is said not to be the worker's own is confirmed by no register.
    """
    if case.ask is Ask.REMOVE or case.kind is CaseKind.IDENTITY:
        return None
    heard: list[tuple[str, Answered]] = [(str(each.register), each) for each in answers]
    heard += _on_file(db, inst, case, now)
    for register, answer in heard:
        if says(case, answer) is Says.CONFIRMS:
            return register
    return None


def says(case: StoredCase, answer: Answered) -> Says:
    """Say what one answer means for all that a case claims: the worst for any of its fields."""
    claimed = {each.field: each.after for each in case.changes}
    match case.kind:
        case CaseKind.EMPLOYMENT:
            said = set(_of_job(case, claimed, answer))
        case CaseKind.INSURANCE:
            said = {_of_months(case, claimed, answer)}
        case CaseKind.QUALIFICATION:
            said = {_of_qualification(claimed, answer)}
        case CaseKind.IDENTITY:
            said = {Says.SAYS_NOTHING}
    if Says.DENIES in said:
        return Says.DENIES
    return Says.CONFIRMS if said == {Says.CONFIRMS} else Says.SAYS_NOTHING


def _of_job(case: StoredCase, claimed: Mapping[str, str], answer: Answered) -> Iterator[Says]:
    code = claimed.get("enterprise_code") or case.employer_code
    if code is None or ("employer" in claimed and "enterprise_code" not in claimed):
        yield Says.SAYS_NOTHING  # a name alone names nobody
        return
    first, last = claimed.get("first_day"), claimed.get("last_day")
    if {*_DAYS, *_EMPLOYER} & claimed.keys():
        yield confirms(
            answer,
            JobClaim(
                employer_code=code,
                first_day=PartialDate.parse(first) if first else None,
                last_day=PartialDate.parse(last) if last else None,
                is_running=last == "",
            ),
        )
    for field in claimed.keys() - {*_DAYS, *_EMPLOYER}:
        yield _by_contract(field, claimed[field], code, answer)


def _by_contract(field: str, value: str, code: str, answer: Answered) -> Says:
    body = answer.body
    if field not in _BY_CONTRACT or not isinstance(body, ContractsAnswer):
        return Says.SAYS_NOTHING
    told = [getattr(each, field) for each in body.newest() if each.enterprise_code == code]
    same = any(tone_key(each) == tone_key(value) for each in told)
    return Says.CONFIRMS if same else Says.SAYS_NOTHING


def _of_months(case: StoredCase, claimed: Mapping[str, str], answer: Answered) -> Says:
    if claimed.get("status") != "contributed":
        return Says.SAYS_NOTHING
    code = claimed.get("enterprise_code") or case.employer_code
    first, last = claimed.get("first_month"), claimed.get("last_month")
    if code is None or first is None or last is None:
        return Says.SAYS_NOTHING
    months = MonthRange(Month.parse(first), Month.parse(last))
    return confirms(answer, MonthsClaim(months, code))


def _of_qualification(claimed: Mapping[str, str], answer: Answered) -> Says:
    number = claimed.get("number")
    if not number or not isinstance(answer.body, QualificationsAnswer):
        return Says.SAYS_NOTHING
    issued = claimed.get("issued_on")
    return confirms(
        answer,
        QualificationClaim(
            number,
            kind=claimed.get("kind"),
            level=claimed.get("level"),
            field=claimed.get("field"),
            issuer=claimed.get("issuer"),
            issued_on=PartialDate.parse(issued) if issued else None,
        ),
    )


def _on_file(
    db: Db, inst: Installation, case: StoredCase, now: datetime
) -> list[tuple[str, Answered]]:
    """Return what the insurance register has stated so far, where it is one that would be asked."""
    if Register.INSURANCE not in ASKED[case.kind]:
        return []
    known = books.facts_of(db, inst.vault, [case.person_id], now).people[case.person_id]
    stated = [each for each in known.insurance if each.source is Source.INSURANCE]
    if not stated:
        return []
    through = books.insurance_counted_through(db, now)
    body = InsuranceAnswer.model_validate(
        {"periods": list(_periods(stated)), "reported_through": str(through)}
    )
    return [(str(Register.INSURANCE), OnFile(Status.PARTIAL, body, now))]


def _periods(stated: Iterable[InsuranceFact]) -> Iterator[dict[str, object]]:
    for each in stated:
        yield {
            "enterprise_code": each.employer_code,
            "unit_name": each.employer_name,
            "first_month": str(each.first_month),
            "last_month": None if each.last_month is None else str(each.last_month),
            "status": each.status,
            "funds": sorted(each.funds),
        }
