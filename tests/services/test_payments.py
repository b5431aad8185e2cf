"""Lists of payments: drafted by one, approved by another, nobody twice, and with their hash."""

import json
from hashlib import sha256
from io import BytesIO

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from labour_book.database import transaction
from labour_book.domain.months import Month
from labour_book.errors import NotFound
from labour_book.queries.rows import table_of
from labour_book.services import payments
from labour_book.services.access import Caller, DeniedToRole, Role, deed
from labour_book.services.installation import Installation
from labour_book.services.payments import NobodyToPay, PaymentMoved
from labour_book.tables import PaymentLine, SupportProposal
from tests.services import checks, people
from tests.services.losses import NOW, detect, loses_work

VOLUNTARY = "voluntary-insurance-support"
MONTH, NEXT = Month.parse("2026-12"), Month.parse("2027-01")
CLERK = Caller("official", "clerk", "x", Role.COLLECTOR, unit_code="UB-00070")
CHIEF = Caller("official", "chief", "y", Role.APPROVER, unit_code="UB-00070")
STRANGER = Caller("official", "s", "z", Role.APPROVER, unit_code="UB-26734")


@pytest.fixture
def office(sqlite_inst: Installation) -> Installation:
    """Two people who were granted support."""
    people.add_units(sqlite_inst.engine)
    people.add_people(sqlite_inst.engine, 2)
    for number in (1, 2):
        loses_work(sqlite_inst, number)
    detect(sqlite_inst)
    table = table_of(SupportProposal)
    with transaction(sqlite_inst.engine) as db:
        db.execute(sa.update(table).where(table.c.policy == VOLUNTARY).values(state="granted"))
    return sqlite_inst


def drafted(
    office: Installation, month: Month = MONTH, by: Caller = CLERK
) -> payments.PaymentSheet:
    with deed(office.engine) as db:
        made = payments.draft(db, office, by, VOLUNTARY, month, now=NOW)
        return payments.opened(db, by, made, now=NOW)


def settled(office: Installation, sheet: payments.PaymentSheet, state: str, by: Caller) -> None:
    with deed(office.engine) as db:
        payments.settle(db, by, sheet.stored.id, state, now=NOW)


class TestDraft:
    def test_holds_each_person_once_with_the_sum_of_the_law(self, office: Installation) -> None:
        sheet = drafted(office)

        assert (sheet.stored.people, sheet.stored.total_vnd) == (2, 132_000)
        assert [(each.number, each.amount_vnd) for each in sheet.lines] == [
            (1, 66_000),
            (2, 66_000),
        ]

    def test_leaves_nobody_for_a_second_list_of_the_month(self, office: Installation) -> None:
        first = drafted(office)
        with pytest.raises(NobodyToPay):
            drafted(office)

        assert drafted(office, NEXT).stored.people == 2
        settled(office, first, payments.DROPPED, CHIEF)
        assert drafted(office).stored.people == 2

    def test_cannot_hold_somebody_twice_whoever_writes(self, office: Installation) -> None:
        sheet = drafted(office)
        row = dict(checks.rows(office, PaymentLine)[0]) | {"number": 99}

        with pytest.raises(sa.exc.IntegrityError), transaction(office.engine) as db:
            db.execute(sa.insert(table_of(PaymentLine)), row)
        assert len(sheet.lines) == 2


class TestSettle:
    def test_needs_another_official_than_the_one_who_drafted(self, office: Installation) -> None:
        own = drafted(office, by=CHIEF)

        with pytest.raises(PaymentMoved):
            settled(office, own, payments.APPROVED, CHIEF)
        with pytest.raises(DeniedToRole):
            settled(office, own, payments.APPROVED, CLERK)
        with pytest.raises(NotFound):
            settled(office, own, payments.APPROVED, STRANGER)
        settled(office, own, payments.DROPPED, CHIEF)

    def test_ends_with_the_first(self, office: Installation) -> None:
        sheet = drafted(office)
        settled(office, sheet, payments.APPROVED, CHIEF)

        with pytest.raises(PaymentMoved):
            settled(office, sheet, payments.DROPPED, CHIEF)


class TestTaken:
    def test_is_a_workbook_with_the_hash_and_no_whole_number(self, office: Installation) -> None:
        sheet = drafted(office)
        with pytest.raises(PaymentMoved), deed(office.engine) as db:
            payments.taken(db, office, CHIEF, sheet.stored.id, purpose="Chi trả", now=NOW)
        settled(office, sheet, payments.APPROVED, CHIEF)

        with deed(office.engine) as db:
            name, content = payments.taken(
                db, office, CHIEF, sheet.stored.id, purpose="Chi trả", now=NOW
            )

        rows = list(load_workbook(BytesIO(content)).worksheets[0].values)
        text = str(rows)
        assert name == f"{sheet.stored.number}.xlsx"
        assert sheet.stored.content_hash.hex() in text
        assert people.personal_id(1) not in text
        assert people.personal_id(1)[-4:] in text

        lines = [[row[5], int(row[4])] for row in rows if str(row[0]).isdecimal()]
        said = {"lines": lines, "month": sheet.stored.month, "number": sheet.stored.number}
        anew = json.dumps(said | {"policy": sheet.stored.policy}, separators=(",", ":"))
        assert len(lines) == sheet.stored.people
        assert sha256(anew.encode()).digest() == sheet.stored.content_hash
