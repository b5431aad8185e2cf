from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from labour_book.database import reading, transaction
from labour_book.domain.assurance import Assurance, Source
from labour_book.domain.book import LabourBook
from labour_book.domain.months import Month
from labour_book.errors import NotFound
from labour_book.queries import books, versions
from labour_book.queries.rows import table_of
from labour_book.services.access import deed, operator
from labour_book.services.books import book_as_of, books_as_of, standpoint
from labour_book.services.installation import Installation
from labour_book.services.issuing import issue_book
from labour_book.tables import EmployerName, InsuranceFact, ProfileFact
from tests.services import people

DAY = timedelta(days=1)


def book(inst: Installation, now: datetime, as_of: date | None = None) -> LabourBook:
    with reading(inst.engine) as db:
        return book_as_of(
            db,
            inst.vault,
            people.person_id(),
            as_of=as_of or now.date(),
            known_at=now,
            places=inst.places,
        )


class TestBookAsOf:
    def test_joins_the_facts_of_all_kinds(self, inst: Installation, now: datetime) -> None:
        people.add_people(inst.engine)

        made = book(inst, now)

        (entry,) = made.employments
        assert (entry.employer, entry.employer_status) == ("Công ty Cổ phần Thép Hồng Hà", "ACTIVE")
        assert entry.assurance is Assurance.CONTRIBUTION_MATCHED
        assert [each.source for each in entry.sources] == [
            Source.CONTRACT_PLATFORM,
            Source.INSURANCE,
        ]
        assert made.identity.full_name == "Nguyễn Thị Số 1"
        assert made.identity.personal_id == people.personal_id()
        assert made.insurance.as_of_month == Month.parse("2026-10")
        assert len(made.qualifications) == 1
        assert made.book_no == ""

    def test_knows_only_what_was_recorded_by_then(self, inst: Installation, now: datetime) -> None:
        people.add_people(inst.engine)
        people.add_diploma(inst.engine, people.person_id(), 1, at=now + DAY)

        before, after = book(inst, now), book(inst, now + DAY)

        assert [len(each.qualifications) for each in (before, after)] == [1, 2]
        assert book(inst, people.RECORDED - DAY).employments == ()

    def test_forgets_what_was_voided_only_from_then_on(
        self, inst: Installation, now: datetime
    ) -> None:
        people.add_people(inst.engine)
        people.void_employment(inst.engine, 1, at=now)

        before, after = book(inst, now - DAY), book(inst, now)

        assert [each.employments[0].contract_id for each in (before, after)] == [
            "HD-00000001",
            None,
        ]

    def test_of_an_earlier_day_ends_there(self, inst: Installation, now: datetime) -> None:
        people.add_people(inst.engine)

        assert book(inst, now, date(2021, 2, 1)).employments == ()
        assert book(inst, now, date(2021, 6, 1)).insurance.by_fund["SI"] == 3

    def test_has_the_number_of_the_book(self, inst: Installation, now: datetime) -> None:
        (person,) = people.add_people(inst.engine)
        with deed(inst.engine) as db:
            issue_book(db, inst, person, by=operator("test"), now=now)
            number = versions.book_numbers(db, [person])[person]

        assert book(inst, now).book_no == number

    def test_of_nobody_is_not_found(self, inst: Installation, now: datetime) -> None:
        with pytest.raises(NotFound):
            book(inst, now)


class TestBooksAsOf:
    def test_gives_the_same_as_one_by_one_in_few_queries(
        self, inst: Installation, now: datetime
    ) -> None:
        ids = people.add_people(inst.engine, 30)
        seen: list[object] = []

        def count(*given: object) -> None:
            seen.append(given[2])

        with reading(inst.engine) as db:
            at = standpoint(db, as_of=now.date(), known_at=now)
            sa.event.listen(inst.engine, "before_cursor_execute", count)
            many = dict(books_as_of(db, inst.vault, ids[::-1], {}, at=at, places=inst.places))

        assert list(many) == ids
        assert len(seen) == 10
        assert many[people.person_id()] == book(inst, now)
        assert [each.identity.personal_id for each in many.values()] == [
            people.personal_id(number) for number in range(1, 31)
        ]


class TestFactsOf:
    def test_leaves_out_who_is_not_there(self, inst: Installation, now: datetime) -> None:
        (person,) = people.add_people(inst.engine)

        with reading(inst.engine) as db:
            known = books.facts_of(db, inst.vault, [people.person_id(404), person], now)
            nobody = books.facts_of(db, inst.vault, [], now)

        assert list(known.people) == [person]
        assert nobody == books.Known({}, {})

    def test_knows_a_person_by_the_first_meeting_where_no_register_stated_them(
        self, inst: Installation, now: datetime
    ) -> None:
        (person,) = people.add_people(inst.engine)
        with transaction(inst.engine) as db:
            db.execute(sa.delete(table_of(ProfileFact)))

        with reading(inst.engine) as db:
            found = books.facts_of(db, inst.vault, [person], now).people[person]

        assert found.identity.full_name == "Nguyễn Thị Số 1"
        assert str(found.identity.birth_date) == "1990-05-17"

    def test_takes_the_economic_activity_stated_last(
        self, inst: Installation, now: datetime
    ) -> None:
        (person,) = people.add_people(inst.engine)
        table = table_of(ProfileFact)
        with transaction(inst.engine) as db:
            row = dict(db.execute(sa.select(table)).mappings().one())
            for number, activity in enumerate(("EMPLOYED", "UNEMPLOYED")):
                form = {
                    "id": people.uid(51, number),
                    "kind": "form03",
                    "source": "FORM03",
                    "source_ref": f"form-{number}",
                    "stated_at": people.STATED + number * DAY,
                    "body": f'{{"economic_activity": "{activity}"}}',
                }
                db.execute(sa.insert(table), row | form)

        with reading(inst.engine) as db:
            found = books.facts_of(db, inst.vault, [person], now).people[person]

        assert found.economic_activity == "UNEMPLOYED"

    def test_has_the_names_of_employers_oldest_first(
        self, inst: Installation, now: datetime
    ) -> None:
        (person,) = people.add_people(inst.engine)
        table = table_of(EmployerName)
        with transaction(inst.engine) as db:
            db.execute(sa.update(table).values(valid_from=date(2020, 1, 1)))
            row = dict(db.execute(sa.select(table)).mappings().one())
            old = {"id": people.uid(10, 2), "name": "Tổ hợp tác Hồng Hà", "valid_from": None}
            db.execute(sa.insert(table), row | old | {"valid_to": date(2019, 12, 31)})

        with reading(inst.engine) as db:
            employers = books.facts_of(db, inst.vault, [person], now).employers

        assert [name for name, _, _ in employers[str(people.uid(9, 1))].names] == [
            "Tổ hợp tác Hồng Hà",
            "Công ty Cổ phần Thép Hồng Hà",
        ]

    def test_knows_facts_without_a_known_employer(self, inst: Installation, now: datetime) -> None:
        (person,) = people.add_people(inst.engine)
        table = table_of(InsuranceFact)
        with transaction(inst.engine) as db:
            db.execute(sa.update(table).values(employer_id=None, employer_code=None))

        with reading(inst.engine) as db:
            known = books.facts_of(db, inst.vault, [person], now)

        assert known.people[person].insurance[0].employer_id is None
        assert len(known.employers) == 1


class TestInsuranceReportedThrough:
    def test_is_the_month_before_the_newest_statement(
        self, inst: Installation, now: datetime
    ) -> None:
        people.add_people(inst.engine)

        with reading(inst.engine) as db:
            assert books.insurance_reported_through(db, now) == Month.parse("2026-10")
            assert books.insurance_reported_through(db, people.RECORDED - DAY) is None

    def test_is_not_known_where_no_range_runs(self, inst: Installation, now: datetime) -> None:
        with reading(inst.engine) as db:
            assert books.insurance_reported_through(db, now) is None


class TestPeopleAfter:
    def test_goes_on_in_order(self, inst: Installation) -> None:
        ids = people.add_people(inst.engine, 5)

        with reading(inst.engine) as db:
            first = books.person_ids_after(db, None, limit=2)
            then = books.person_ids_after(db, first[-1], limit=10)

        assert first + then == ids
