"""The union's list: numbers by firm, names for the unit in charge, no small number elsewhere."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from json import loads

import pytest
import sqlalchemy as sa

from labour_book.database import insert_rows, transaction
from labour_book.domain.months import Month, MonthRange
from labour_book.domain.union_list import Insured, at_stake, each_month
from labour_book.errors import Invalid
from labour_book.law.owed_contributions import Owed, owed_for
from labour_book.queries.rows import table_of
from labour_book.services import union_export, union_figures, union_list
from labour_book.services.callers import Action, Caller, Role, operator
from labour_book.services.installation import Installation
from labour_book.services.permission import DeniedToRole, NotFoundForCaller, deed
from labour_book.services.union_list import Page
from labour_book.tables import Unit
from tests.services import cases, people, shares

HERE = Caller("official", "u1", "Vân", Role.UNION, unit_code="LDLD01")
THERE = Caller("official", "u2", "Tú", Role.UNION, unit_code="LDLD79")
COUNTRY = Caller("official", "u3", "Hà", Role.UNION, unit_code="LDLD")
REPORTED = Month.parse("2026-10")
HOUR = timedelta(hours=1)
OPERATOR = operator("test")


def span(text: str) -> MonthRange:
    return MonthRange.parse(text)


class TestAtStake:
    def test_parts_what_was_declared_from_what_was_not(self) -> None:
        insured = [
            Insured(span("2026-01/2026-03"), "contributed", 8_000_000),
            Insured(span("2026-04/2026-06"), "arrears", 9_000_000),
            Insured(span("2026-04/2026-04"), "contributed", 9_000_000),
        ]

        found = at_stake(insured, [span("2025-11/2026-10")], REPORTED)

        assert found is not None
        assert [str(each) for each in found.owed] == ["2026-05/2026-06"]
        # The newest month may only be late; before the first declaration no wage is known.
        assert [str(each) for each in found.undeclared] == ["2025-11/2025-12", "2026-07/2026-09"]
        assert set(found.wages.values()) == {9_000_000}
        assert len(found.wages) == 5

    def test_is_nothing_for_who_is_insured(self) -> None:
        paid = [Insured(span("2026-01/2026-10"), "contributed", 8_000_000)]

        assert at_stake(paid, [span("2026-01/2026-10")], REPORTED) is None


class TestFigures:
    def test_are_what_the_page_would_count_itself(self, owing: Installation, now: datetime) -> None:
        live = listed(owing, now)

        assert union_figures.count(owing, by=OPERATOR, now=now - HOUR) == len(live.firms) == 1
        counted = listed(owing, now)

        assert counted.counted_at == now - HOUR
        assert [replace(each, counted_at=None) for each in counted.firms] == list(live.firms)

    def test_go_with_the_firm_and_with_the_next_month(
        self, small: Installation, now: datetime
    ) -> None:
        union_figures.count(small, by=OPERATOR, now=now)
        with small.engine.begin() as connection:
            connection.execute(sa.text("UPDATE union_figure SET reported = '2026-09', workers = 9"))
        assert [each.workers for each in listed(small, now).firms] == [3]

        with small.engine.begin() as connection:
            connection.execute(sa.text("DELETE FROM employer_status"))
            connection.execute(sa.text("UPDATE insurance_fact SET status = 'contributed'"))
        assert union_figures.count(small, by=OPERATOR, now=now + HOUR) == 0
        with small.engine.connect() as connection:
            assert connection.execute(sa.text("SELECT firm FROM union_figure")).all() == []

    def test_are_counted_by_the_installation_alone(
        self, small: Installation, now: datetime
    ) -> None:
        with pytest.raises(DeniedToRole):
            union_figures.count(small, by=HERE, now=now)


class TestOwed:
    def test_is_both_sides_by_the_law_of_each_month(self) -> None:
        months = list(each_month([span("2025-06/2025-07"), span("2026-07/2026-08")]))
        wages = {months[0]: 10_000_000, months[1]: 10_000_000, months[2]: 2_000_000}

        found = owed_for(months, wages)

        # By hand: 32 % of 10,000,000; in 07/2026 the floor is 2,530,000 for 25.5 % (SI and
        # accident), and 4.5 % health and 2 % unemployment are of the wage of 2,000,000.
        assert found.vnd == 3_200_000 + 645_150 + 90_000 + 40_000
        assert (found.months, found.wage_unknown, found.law_unknown) == (4, 1, 1)
        assert found.plus(Owed(1, 1)).months == 5


@pytest.fixture
def owing(inst: Installation) -> Installation:
    return _owing(inst)


@pytest.fixture
def small(sqlite_inst: Installation) -> Installation:
    return _owing(sqlite_inst)


def _owing(inst: Installation) -> Installation:
    """A bankrupt firm in Hà Nội that owes three people all months since July 2026."""
    people.add_people(inst.engine, 3)
    cases.add_units(inst.engine)
    owe(inst)
    return inst


def owe(inst: Installation) -> None:
    """Let the firm be bankrupt and owe everybody's months; open the offices of the union."""
    cases.close_employer(inst.engine, "BANKRUPTCY")
    row = {"kind": "union", "valid_from": date(2025, 7, 1), "valid_to": None}
    with transaction(inst.engine) as db:
        insert_rows(
            db,
            table_of(Unit),
            [
                row | {"code": code, "name": code, "parent_code": above, "place_code": place}
                for code, above, place in (
                    *(("LDLD", None, None), ("LDLD01", "LDLD", "01")),
                    ("LDLD79", "LDLD", "79"),
                )
            ],
        )
    with inst.engine.begin() as connection:
        connection.execute(sa.text("UPDATE employer SET commune_code = '00070'"))
        connection.execute(
            sa.text("UPDATE insurance_fact SET status = 'arrears', first_month = '2026-07'")
        )
        connection.execute(sa.text("UPDATE employment_fact SET first_day = '2026-07-01'"))


def listed(inst: Installation, now: datetime, who: Caller = HERE) -> Page:
    with deed(inst.engine) as db:
        return union_list.firms(db, inst, who, now=now)


class TestFirms:
    def test_are_told_exactly_to_the_unit_in_charge(
        self, owing: Installation, now: datetime
    ) -> None:
        page = listed(owing, now)

        (firm,) = page.firms
        assert (firm.code, firm.name) == (people.EMPLOYER_CODE, "Công ty Cổ phần Thép Hồng Hà")
        assert firm.reasons == ("bankrupt", "arrears")
        assert (firm.workers, firm.owed, firm.undeclared, firm.in_charge) == (3, 12, 0, True)
        assert firm.amount is not None
        # 32 % of 7,654,321, each part rounded, for four months and three people
        assert abs(firm.amount.vnd - 12 * 7_654_321 * 32 // 100) < 12 * 10
        assert page.elsewhere == []

    def test_are_numbers_without_small_ones_elsewhere(
        self, small: Installation, now: datetime
    ) -> None:
        other, country = listed(small, now, THERE), listed(small, now, COUNTRY)

        assert other.firms == []
        assert [(each.firms, each.workers) for each in other.elsewhere] == [(1, None)]
        assert [(each.workers, each.amount, each.in_charge) for each in country.firms] == [
            (None, None, False)
        ]

    def test_are_for_the_union_alone(self, small: Installation, now: datetime) -> None:
        with pytest.raises(DeniedToRole):
            listed(small, now, cases.PROVINCE)


class TestWorkers:
    def test_are_named_for_a_purpose_and_can_read_who_looked(
        self, small: Installation, now: datetime
    ) -> None:
        with deed(small.engine) as db:
            name, found = union_list.workers(
                db, HERE, people.EMPLOYER_CODE, purpose="Khởi kiện", now=now
            )

        assert name == "Công ty Cổ phần Thép Hồng Hà"
        assert [[str(span) for span in each.owed] for each in found] == 3 * [["2026-07/2026-10"]]
        assert found[0].wage_vnd == 7_654_321
        rows = shares.traces(small, Action.UNION_WORKERS)
        assert {row["person_id"] for row in rows} == {people.person_id(n) for n in (1, 2, 3)}
        assert {row["purpose"] for row in rows} == {"Khởi kiện"}

    @pytest.mark.parametrize("who", [THERE, COUNTRY])
    def test_are_nobody_elses(self, small: Installation, now: datetime, who: Caller) -> None:
        with pytest.raises(NotFoundForCaller), deed(small.engine) as db:
            union_list.workers(db, who, people.EMPLOYER_CODE, purpose="Xem", now=now)

    def test_need_a_purpose(self, small: Installation, now: datetime) -> None:
        with pytest.raises(Invalid), deed(small.engine) as db:
            union_list.workers(db, HERE, people.EMPLOYER_CODE, purpose=" ", now=now)


class TestExport:
    def test_ends_with_the_hash_of_what_came_before_and_is_traced_with_it(
        self, small: Installation, now: datetime
    ) -> None:
        pieces = list(union_export.exported(small, HERE, purpose="Khởi kiện", now=now))

        digest = sha256(b"".join(pieces[:-1])).hexdigest()
        assert pieces[-1].decode() == f"# SHA-256 {digest}\r\n"
        assert people.EMPLOYER_CODE in pieces[1].decode()
        assert "Nguyễn" not in b"".join(pieces).decode()
        begun, ended = (loads(row["detail"]) for row in shares.traces(small, Action.UNION_EXPORT))
        assert begun == {"begun": "yes"}
        assert ended == {"rows": 1, "sha256": digest}

    def test_is_refused_before_anything_is_sent(self, small: Installation, now: datetime) -> None:
        with pytest.raises(Invalid):
            union_export.exported(small, HERE, purpose="", now=now)
        with pytest.raises(DeniedToRole):
            union_export.exported(small, cases.PROVINCE, purpose="x", now=now)
