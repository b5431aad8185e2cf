"""Corrections that are valid by default, and those who ask for and decide them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import insert_rows, reading, transaction
from labour_book.domain.correction_fields import Ask, CaseKind
from labour_book.domain.correction_limits import CorrectionLimits
from labour_book.domain.corrections import Outcome, Owner
from labour_book.queries.rows import table_of
from labour_book.services import case_files, correcting, deciding
from labour_book.services.callers import Caller, Role, operator
from labour_book.services.case_views import CaseFile
from labour_book.services.correcting import Request
from labour_book.services.deciding import Verdict
from labour_book.services.installation import Installation
from labour_book.services.issuing import issue_book
from labour_book.services.permission import deed
from labour_book.tables import (
    CorrectionCase,
    EmployerStatus,
    EmploymentFact,
    InsuranceFact,
    Notice,
    Trace,
    Unit,
)
from tests.services import people
from tests.support.evidence import photo

OPERATOR = operator("test")
WORKER = Caller("worker", "w1", "An", Role.WORKER, person_id=people.person_id(1))
OTHER_WORKER = Caller("worker", "w2", "Bình", Role.WORKER, person_id=people.person_id(2))
REPRESENTATIVE = Caller("proxy", "r1", "Chi", Role.REPRESENTATIVE, person_id=people.person_id(1))
EMPLOYER = Caller("employer", "e1", "HR", Role.EMPLOYER, enterprise_code=people.EMPLOYER_CODE)


def official(name: str, unit: str = "UB-00070", role: Role = Role.APPROVER) -> Caller:
    return Caller("official", name, f"Cán bộ {name}", role, unit_code=unit)


COMMUNE = official("c1")
COLLEAGUE = official("c2")
ELSEWHERE = official("x1", "UB-26734")
INSURANCE = official("i1", "BHXH01")
INSURANCE_COLLEAGUE = official("i2", "BHXH01")
PROVINCE = official("p1", "SNV-01")
PROVINCE_COLLEAGUE = official("p2", "SNV-01")
MINISTRY = official("m1", "BNV")
INSPECTOR = official("s1", "SNV-01", Role.INSPECTOR)

FIRST_DAY = Request(
    CaseKind.EMPLOYMENT,
    Ask.CHANGE,
    version=1,
    line=1,
    claimed={"first_day": "2021-03-01"},
    words="Tôi vào làm từ đầu tháng 3.",
)
POSITION = replace(FIRST_DAY, claimed={"position": "Thợ hàn bậc 5"})
NEVER_THERE = Request(CaseKind.EMPLOYMENT, Ask.REMOVE, version=1, line=1)
MISSING = Request(
    CaseKind.EMPLOYMENT,
    Ask.ADD,
    claimed={
        "employer": "Nhà máy Dệt 8/3",
        "position": "Thợ dệt",
        "first_day": "2015-02-01",
        "last_day": "2017-05-31",
    },
)
MONTHS = Request(
    CaseKind.INSURANCE,
    Ask.CHANGE,
    version=1,
    line=1,
    claimed={"first_month": "2022-01", "last_month": "2022-03", "status": "arrears"},
)
DIPLOMA = Request(
    CaseKind.QUALIFICATION, Ask.CHANGE, version=1, line=1, claimed={"field": "Hàn công nghệ cao"}
)
IDENTITY = Request(CaseKind.IDENTITY, Ask.CHANGE, claimed={"full_name": "", "birth_date": ""})

APPROVE = Verdict(Outcome.APPROVED, "EVIDENCE_CONVINCES", "Hợp đồng ghi rõ.")
REFUSE = Verdict(Outcome.REFUSED, "NOT_PROVEN", "Chưa đủ giấy tờ.")


def ready(inst: Installation, now: datetime, count: int = 1) -> list[UUID]:
    """Add units, and people whose books are issued."""
    ids = people.add_people(inst.engine, count)
    add_units(inst.engine)
    for each in ids:
        with deed(inst.engine) as db:
            issue_book(db, inst, each, by=OPERATOR, now=now)
    return ids


def add_units(engine: sa.Engine) -> None:
    people.add_units(engine)
    row = {"code": "BHXH01", "name": "BHXH Hà Nội", "kind": "insurance", "parent_code": "BNV"}
    with transaction(engine) as db:
        insert_rows(
            db,
            table_of(Unit),
            [row | {"place_code": "01", "valid_from": date(2025, 7, 1), "valid_to": None}],
        )


def close_employer(engine: sa.Engine, status: str = "CLOSED") -> None:
    """Let the employer be gone since 2026-01-01."""
    row = {"id": people.uid(11, 2), "employer_id": people.uid(9, 1), "status": status}
    with transaction(engine) as db:
        insert_rows(
            db,
            table_of(EmployerStatus),
            [row | {"since": date(2026, 1, 1), "recorded_at": people.RECORDED}],
        )


def restate(inst: Installation, **values: str | None) -> None:
    """Let what the contract platform stated be as if it had always said so."""
    with inst.engine.begin() as connection:
        connection.execute(sa.update(table_of(EmploymentFact)).values(**values))


def issue_again(inst: Installation, now: datetime) -> None:
    with deed(inst.engine) as db:
        issue_book(db, inst, people.person_id(), by=OPERATOR, now=now)


def drafted(
    inst: Installation,
    now: datetime,
    request: Request = FIRST_DAY,
    caller: Caller = WORKER,
    **given: Any,
) -> CaseFile:
    with deed(inst.engine) as db:
        return correcting.draft(db, inst, caller, request, now=now, **given)


def submitted(
    inst: Installation,
    now: datetime,
    request: Request = FIRST_DAY,
    caller: Caller = WORKER,
    **given: Any,
) -> CaseFile:
    case = drafted(inst, now, request, caller, **given)
    return correcting.submit(inst, caller, case.line.case_id, key="k", now=now)


def submitted_again(inst: Installation, now: datetime, request: Request = FIRST_DAY) -> CaseFile:
    """Submit a further case of the same worker, which the same line may be about."""
    case = drafted(inst, now, request)
    return correcting.submit(inst, WORKER, case.line.case_id, key=str(case.line.number), now=now)


def attached(inst: Installation, case: CaseFile, now: datetime, caller: Caller = WORKER) -> None:
    with deed(inst.engine) as db:
        case_files.attach(
            db, inst, caller, case.line.case_id, photo(), evidence_class="CONTRACT", now=now
        )


def claimed(inst: Installation, case: CaseFile, caller: Caller, now: datetime) -> CaseFile:
    with deed(inst.engine) as db:
        return deciding.claim(db, inst, caller, case.line.case_id, now=now)


def decided(
    inst: Installation,
    case: CaseFile,
    now: datetime,
    verdict: Verdict = APPROVE,
    caller: Caller = COMMUNE,
    *,
    key: str = "d",
) -> CaseFile:
    with deed(inst.engine) as db:
        return deciding.decide(db, inst, caller, case.line.case_id, verdict, key=key, now=now)


def proposed(
    inst: Installation,
    case: CaseFile,
    now: datetime,
    verdict: Verdict = APPROVE,
    caller: Caller = INSURANCE,
) -> CaseFile:
    with deed(inst.engine) as db:
        return deciding.propose(db, inst, caller, case.line.case_id, verdict, now=now)


def confirmed(
    inst: Installation,
    case: CaseFile,
    now: datetime,
    caller: Caller = INSURANCE_COLLEAGUE,
    key: str = "c",
) -> CaseFile:
    with deed(inst.engine) as db:
        return deciding.confirm(db, inst, caller, case.line.case_id, key=key, now=now)


def appealed(inst: Installation, case: CaseFile, now: datetime) -> CaseFile:
    with deed(inst.engine) as db:
        return correcting.appeal(db, inst, WORKER, case.line.case_id, "Tôi không đồng ý.", now=now)


def reversal_proposed(
    inst: Installation, case: CaseFile, now: datetime, caller: Caller = INSPECTOR
) -> CaseFile:
    with deed(inst.engine) as db:
        return deciding.propose_reversal(
            db,
            inst,
            caller,
            case.line.case_id,
            reason_code="DECIDED_IN_ERROR",
            words="Nhầm người.",
            now=now,
        )


def reversal_confirmed(
    inst: Installation,
    case: CaseFile,
    now: datetime,
    caller: Caller = PROVINCE_COLLEAGUE,
    key: str = "r",
) -> CaseFile:
    with deed(inst.engine) as db:
        return deciding.reverse(db, inst, caller, case.line.case_id, key=key, now=now)


def reversed_(
    inst: Installation, case: CaseFile, now: datetime, caller: Caller = PROVINCE_COLLEAGUE
) -> CaseFile:
    """Take a decision back as two officials do it."""
    reversal_proposed(inst, case, now)
    return reversal_confirmed(inst, case, now, caller)


def read(inst: Installation, case: CaseFile, now: datetime, caller: Caller = COMMUNE) -> CaseFile:
    with deed(inst.engine) as db:
        return deciding.case(db, inst, caller, case.line.case_id, now=now)


def owner_of(case: CaseFile) -> tuple[Owner, str]:
    assert case.line.owner is not None
    return case.line.owner.kind, case.line.owner.code


def live(inst: Installation, model: Any = EmploymentFact) -> list[Mapping[str, Any]]:
    """Return the facts of a kind that stand, in order of their beginning."""
    table = table_of(model)
    query = sa.select(table).where(table.c.voided_at.is_(None)).order_by(table.c.id)
    with reading(inst.engine) as db:
        rows = [dict(row) for row in db.execute(query).mappings()]
    return sorted(rows, key=lambda row: str(row.get("first_month") or row.get("first_day")))


def live_of(inst: Installation, model: Any) -> list[Mapping[str, Any]]:
    return live(inst, model)


def insured(inst: Installation) -> list[tuple[str, str | None, str, str]]:
    return [
        (row["first_month"], row["last_month"], row["status"], row["source"])
        for row in live(inst, InsuranceFact)
    ]


def told(inst: Installation, recipient_kind: str) -> list[tuple[str, str]]:
    """Return whom of a kind was told what, in order."""
    table = table_of(Notice)
    query = (
        sa.select(table.c.recipient, table.c.kind)
        .where(table.c.recipient_kind == recipient_kind)
        .order_by(table.c.created_at, table.c.kind)
    )
    with reading(inst.engine) as db:
        return [(row.recipient, row.kind) for row in db.execute(query)]


def traced(inst: Installation, action: str) -> list[str]:
    """Return the outcomes in the trace of an action."""
    table = table_of(Trace)
    query = sa.select(table.c.outcome).where(table.c.action == action).order_by(table.c.seq)
    with reading(inst.engine) as db:
        return list(db.execute(query).scalars())


def everything(engine: sa.Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of the tables that a decision may write."""
    names = (
        "correction_case", "correction_step", "correction_decision", "decision_effect",
        "decided_statement", "employment_fact", "insurance_fact", "book", "book_version",
        "status_list", "notice", "trace", "trace_head",
    )  # fmt: skip
    with engine.connect() as connection:
        return {
            name: sorted(
                (tuple(row) for row in connection.execute(sa.text(f"SELECT * FROM {name}"))),
                key=repr,
            )
            for name in names
        }


def cases(engine: sa.Engine) -> list[Mapping[str, Any]]:
    table = table_of(CorrectionCase)
    with reading(engine) as db:
        return [
            dict(row)
            for row in db.execute(sa.select(table).order_by(table.c.created_at)).mappings()
        ]


def replaced(request: Request, **changes: Any) -> Request:
    return replace(request, **changes)


def drawing(inst: Installation, permille: int) -> Installation:
    """Return the installation with another share of automatic decisions reviewed."""
    return replace(inst, corrections=CorrectionLimits(sample_permille=permille))
