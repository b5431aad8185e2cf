"""Shares that are valid by default, and those who open them."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import insert_rows, reading, transaction
from labour_book.domain.sharing import Audience
from labour_book.queries.rows import table_of
from labour_book.services import sharing, visits
from labour_book.services.callers import ANYBODY, Caller, Role, operator
from labour_book.services.installation import Installation
from labour_book.services.issuing import issue_book
from labour_book.services.own_shares import OwnShare, own_shares
from labour_book.services.permission import deed
from labour_book.services.sharing import Created, Offer
from labour_book.services.visits import Shown, Visit
from labour_book.tables import Employer, EmployerName, EmployerStatus, Notice, Share, Trace
from tests.services import people
from tests.support.processes import CONTEXT
from tests.support.share_process import race

OPERATOR = operator("test")
WORKER = Caller("worker", "w1", "An", Role.WORKER, person_id=people.person_id(1))
OTHER = Caller("worker", "w2", "Bình", Role.WORKER, person_id=people.person_id(2))
EMPLOYER = Caller("employer", "e1", "HR", Role.EMPLOYER, enterprise_code=people.EMPLOYER_CODE)
RIVAL_CODE = "0300588569"
RIVAL = Caller("employer", str(UUID(int=2)), "HR", Role.EMPLOYER, enterprise_code=RIVAL_CODE)
ADDRESS = "203.0.113.77"
OFFER = Offer("GENERAL", Audience.ANYONE, "Ứng tuyển thợ hàn", max_views=3)
TO_EMPLOYER = replace(
    OFFER, audience=Audience.ENTERPRISE, enterprise_code=people.EMPLOYER_CODE, preset="SKILLED"
)


def issued(inst: Installation, now: datetime, count: int = 1) -> list[UUID]:
    """Add people and issue their books."""
    ids = people.add_people(inst.engine, count)
    for each in ids:
        issue(inst, each, now)
    return ids


def issue(inst: Installation, person: UUID, now: datetime) -> None:
    with deed(inst.engine) as db:
        issue_book(db, inst, person, by=OPERATOR, now=now)


def share(
    inst: Installation, now: datetime, offer: Offer = OFFER, caller: Caller = WORKER, **terms: Any
) -> Created:
    with deed(inst.engine) as db:
        return sharing.create_share(db, inst, caller, replace(offer, **terms), now=now)


def visit(caller: Caller = ANYBODY, address: str | None = ADDRESS, purpose: str = "") -> Visit:
    return Visit(caller, address, purpose)


def look(
    inst: Installation, code: str, now: datetime, caller: Caller = ANYBODY, **by: Any
) -> Shown:
    return visits.open_share(inst, code, visit(caller, **by), now=now)


def mine(inst: Installation, now: datetime, caller: Caller = WORKER) -> list[OwnShare]:
    with deed(inst.engine) as db:
        return own_shares(db, inst, caller, now=now)


def add_enterprise(engine: sa.Engine, code: str, status: str | None, number: int = 2) -> None:
    employer = {"id": people.uid(9, number), "code": code, "registered": True}
    recorded = {"recorded_at": people.RECORDED}
    of_it = recorded | {"employer_id": people.uid(9, number)}
    with transaction(engine) as db:
        insert_rows(
            db,
            table_of(Employer),
            [employer | recorded | {"fingerprint": bytes(16), "commune_code": people.COMMUNE}],
        )
        name = of_it | {"id": people.uid(10, number), "name": f"Công ty {number}"}
        insert_rows(db, table_of(EmployerName), [name])
        if status is not None:
            row = of_it | {"id": people.uid(11, number), "status": status}
            insert_rows(db, table_of(EmployerStatus), [row])


def notices(inst: Installation, kind: str) -> list[sa.RowMapping]:
    table = table_of(Notice)
    with reading(inst.engine) as db:
        query = sa.select(table).where(table.c.kind == kind).order_by(table.c.created_at)
        return list(db.execute(query).mappings())


def traces(inst: Installation, action: str) -> list[sa.RowMapping]:
    table = table_of(Trace)
    with reading(inst.engine) as db:
        query = sa.select(table).where(table.c.action == action).order_by(table.c.seq)
        return list(db.execute(query).mappings())


def row_of(inst: Installation, share_id: UUID) -> sa.RowMapping:
    table = table_of(Share)
    with reading(inst.engine) as db:
        return db.execute(sa.select(table).where(table.c.id == share_id)).mappings().one()


def in_processes(
    inst: Installation, now: datetime, *, means: str, codes: list[list[str]]
) -> list[str]:
    """Open shares from as many processes as there are lists, at once; return all outcomes."""
    url = inst.engine.url.render_as_string(hide_password=False)
    lines = []
    running = []
    for some in codes:
        ours, theirs = CONTEXT.Pipe()
        terms = {"now": now, "means": means, "address": ADDRESS, "codes": some, "line": theirs}
        given = (url, inst.data_dir)
        running.append(CONTEXT.Process(target=race, args=given, kwargs=terms))
        running[-1].start()
        theirs.close()  # theirs alone: if the process ends early, ours ends too
        lines.append(ours)
    assert [line.recv() for line in lines] == ["ready"] * len(codes)
    for line in lines:
        line.send("go")
    outcomes = [outcome for line in lines for outcome in line.recv()]
    for line, process in zip(lines, running, strict=True):
        process.join()
        line.close()
    assert [process.exitcode for process in running] == [0] * len(running)
    return outcomes
