from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from labour_book.database import reading, transaction
from labour_book.domain.book import claims
from labour_book.errors import Conflict, Invalid
from labour_book.queries import people
from labour_book.queries.rows import table_of
from labour_book.services import access, correcting, issuing, merging
from labour_book.services.access import DeniedToRole, NotFoundForCaller, Role
from labour_book.services.books import book_as_of
from labour_book.services.case_lines import StaleLine
from labour_book.services.installation import Installation
from labour_book.services.likeness import OwnRecord
from labour_book.services.merging import CannotMerge, SamePerson
from labour_book.tables import EmploymentFact, InsuranceFact, Notice, Person, PersonIdentifier
from tests.services.cases import COLLEAGUE, COMMUNE, MISSING, OTHER_WORKER, confirmed, drafted
from tests.services.cases import official as official_named
from tests.services.cases import proposed as cases_proposed
from tests.services.desk import Desk, official, opened_desk
from tests.services.people import add_diploma, personal_id

WHY = "Cùng một người, số định danh ghi sai"


@pytest.fixture
def desk(inst: Installation, now: datetime) -> Desk:
    return twice(opened_desk(inst, now, people=3), now)


@pytest.fixture
def small(sqlite_inst: Installation, now: datetime) -> Desk:
    return twice(opened_desk(sqlite_inst, now, people=3), now)


def twice(desk: Desk, now: datetime) -> Desk:
    """Let the second person be one whom no register knows, with the name of the first."""
    kept, merged = desk.people[:2]
    table = table_of(Person)
    with transaction(desk.inst.engine) as db:
        first = people.people_by_ids(db, [kept])[kept]
        key = people.identity_key(first.full_name, first.birth_date)
        for person, state in ((kept, "MATCHED"), (merged, "NOT_FOUND")):
            db.execute(
                sa.update(table)
                .where(table.c.id == person)
                .values(full_name=first.full_name, identity_key=key, match_state=state)
            )
    for person in (kept, merged):
        with access.deed(desk.inst.engine) as db:
            issuing.issue_book(db, desk.inst, person, by=desk.approver, now=now)
    return desk


def proposed(desk: Desk, now: datetime) -> UUID:
    kept, merged = desk.people[:2]
    with access.deed(desk.inst.engine) as db:
        return merging.propose(db, desk.collector, kept, merged, WHY, now=now)


def merged_at(desk: Desk, at: datetime) -> UUID:
    merge = proposed(desk, at)
    with access.deed(desk.inst.engine) as db:
        merging.confirm(db, desk.inst, desk.approver, merge, now=at)
    return merge


def undone_at(desk: Desk, merge: UUID, at: datetime) -> None:
    with access.deed(desk.inst.engine) as db:
        merging.undo(db, desk.inst, desk.approver, merge, "Là hai người", now=at)


def book(desk: Desk, person: UUID, known_at: datetime) -> dict[str, Any]:
    with reading(desk.inst.engine) as db:
        found = book_as_of(
            db,
            desk.inst.vault,
            person,
            as_of=date(2026, 11, 20),
            known_at=known_at,
            places=desk.inst.places,
        )
    return claims(found)


def live(desk: Desk, model: type[Any]) -> list[UUID]:
    table = table_of(model)
    with reading(desk.inst.engine) as db:
        query = sa.select(table.c.person_id).where(table.c.voided_at.is_(None))
        return sorted(db.execute(query.order_by(table.c.id)).scalars())


def states(desk: Desk, person: UUID) -> list[str]:
    with desk.inst.engine.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT state FROM book_version WHERE person_id = :p ORDER BY version"),
            {"p": person.hex if connection.dialect.name == "sqlite" else person},
        )
        return [row.state for row in rows]


def notices(desk: Desk, kind: str) -> set[str]:
    table = table_of(Notice)
    with reading(desk.inst.engine) as db:
        query = sa.select(table.c.recipient).where(table.c.kind == kind)
        return set(db.execute(query.order_by(table.c.id)).scalars())


class TestMayBeTwice:
    def test_finds_who_shares_name_and_birth_date(self, desk: Desk, now: datetime) -> None:
        with access.deed(desk.inst.engine) as db:
            (found,) = merging.may_be_twice(db, desk.collector, now=now)
            assert list(found.people) == desk.people[:2]
            assert merging.may_be_twice(db, desk.collector, after=found.key, now=now) == []
            assert merging.may_be_twice(db, desk.elsewhere, now=now) == []
            assert len(merging.may_be_twice(db, desk.ministry, now=now)) == 1

    def test_finds_who_shares_a_number(self, desk: Desk, now: datetime) -> None:
        table = table_of(PersonIdentifier)
        with transaction(desk.inst.engine) as db:
            for number, person in enumerate(desk.people[:2]):
                db.execute(
                    sa.insert(table).values(
                        id=UUID(int=77 + number),
                        person_id=person,
                        kind="CMND9",
                        blind_index=bytes(32),
                        sealed=b"x",
                        source="FORM03",
                        recorded_at=now,
                        recorded_by="test",
                    )
                )
        with access.deed(desk.inst.engine) as db:
            (found,) = merging.may_be_twice(db, desk.collector, by_number=True, now=now)
            assert merging.may_be_twice(db, desk.elsewhere, by_number=True, now=now) == []
        assert list(found.people) == desk.people[:2]


class TestPropose:
    def test_needs_a_reason_and_two_people(self, small: Desk, now: datetime) -> None:
        kept, merged = small.people[:2]
        for pair, reason in (((kept, merged), " "), ((kept, kept), WHY)):
            with pytest.raises(Invalid), access.deed(small.inst.engine) as db:
                merging.propose(db, small.collector, *pair, reason, now=now)

    def test_keeps_whom_the_register_knows(self, small: Desk, now: datetime) -> None:
        kept, merged = small.people[:2]
        with pytest.raises(CannotMerge), access.deed(small.inst.engine) as db:
            merging.propose(db, small.collector, merged, kept, WHY, now=now)

    def test_is_once_at_a_time(self, desk: Desk, now: datetime) -> None:
        proposed(desk, now)

        with pytest.raises(CannotMerge):
            proposed(desk, now)

    def test_waits_for_requests_to_correct_the_one_who_would_go(
        self, small: Desk, now: datetime
    ) -> None:
        worker = replace(OTHER_WORKER, person_id=small.people[1])
        case = drafted(small.inst, now, caller=worker)
        correcting.submit(small.inst, worker, case.line.case_id, key="k", now=now)

        with pytest.raises(CannotMerge):
            proposed(small, now)

        with access.deed(small.inst.engine) as db:
            correcting.withdraw(db, small.inst, worker, case.line.case_id, now=now)
        proposed(small, now)

    def test_is_not_about_oneself(self, small: Desk, now: datetime) -> None:
        kept, merged = small.people[:2]
        own = official(small.inst, Role.COLLECTOR, "UB-00070", now, person_id=merged)
        with pytest.raises(OwnRecord), access.deed(small.inst.engine) as db:
            merging.propose(db, own, kept, merged, WHY, now=now)

    def test_is_not_about_people_elsewhere(self, small: Desk, now: datetime) -> None:
        kept, merged = small.people[:2]
        with pytest.raises(NotFoundForCaller), access.deed(small.inst.engine) as db:
            merging.propose(db, small.elsewhere, kept, merged, WHY, now=now)


class TestConfirm:
    def test_needs_another_official_who_approves(self, small: Desk, now: datetime) -> None:
        kept, merged = small.people[:2]
        with access.deed(small.inst.engine) as db:
            own = merging.propose(db, small.approver, kept, merged, WHY, now=now)
        with pytest.raises(SamePerson), access.deed(small.inst.engine) as db:
            merging.confirm(db, small.inst, small.approver, own, now=now)
        with pytest.raises(DeniedToRole), access.deed(small.inst.engine) as db:
            merging.confirm(db, small.inst, small.collector, own, now=now)

    def test_moves_all_facts_and_numbers_to_the_one_kept(self, desk: Desk, now: datetime) -> None:
        kept, merged, other = desk.people

        merged_at(desk, now)

        assert live(desk, EmploymentFact) == [kept, kept, other]
        assert live(desk, InsuranceFact) == [kept, kept, other]
        with reading(desk.inst.engine) as db:
            numbers = people.numbers_of(db, desk.inst.vault, [kept, merged])
        assert numbers == {
            kept: [("CANCELLED_PIN", personal_id(2)), ("PIN", personal_id(1))],
        }

    def test_revokes_one_book_and_issues_the_other_anew(self, desk: Desk, now: datetime) -> None:
        kept, merged = desk.people[:2]

        merged_at(desk, now)

        assert states(desk, kept) == ["superseded", "current"]
        assert states(desk, merged) == ["revoked"]
        assert notices(desk, "person.merged") == {str(kept), str(merged)}
        with access.deed(desk.inst.engine) as db:
            issuing.issue_book(db, desk.inst, merged, by=desk.approver, now=now)
        assert states(desk, merged) == ["revoked"]

    def test_leaves_what_was_known_before_as_it_was(self, desk: Desk, now: datetime) -> None:
        before, after = now - timedelta(seconds=1), now + timedelta(seconds=1)
        known = [book(desk, each, before) for each in desk.people]

        merge = merged_at(desk, now)

        assert [book(desk, each, before) for each in desk.people] == known
        joined = book(desk, desk.people[0], after)
        undone_at(desk, merge, now + timedelta(minutes=1))
        assert [book(desk, each, before) for each in desk.people] == known
        assert book(desk, desk.people[0], after) == joined

    def test_lets_nothing_more_be_recorded_of_the_one_who_went(
        self, small: Desk, now: datetime
    ) -> None:
        merged_at(small, now)
        merged, clerk = small.people[1], replace(COMMUNE, id=small.colleague.id)
        case = drafted(small.inst, now, MISSING, clerk, person_id=merged, present=True)
        correcting.submit(small.inst, clerk, case.line.case_id, key="k", now=now)
        cases_proposed(small.inst, case, now, caller=COLLEAGUE)

        with pytest.raises(StaleLine):
            confirmed(small.inst, case, now, official_named("c3"))

        assert merged not in live(small, EmploymentFact)

    def test_makes_the_one_who_went_unfindable(self, desk: Desk, now: datetime) -> None:
        merged_at(desk, now)

        with access.deed(desk.inst.engine) as db:
            assert merging.may_be_twice(db, desk.collector, now=now) == []

    def test_happens_once(self, desk: Desk, now: datetime) -> None:
        merge = merged_at(desk, now)

        with pytest.raises(Conflict), access.deed(desk.inst.engine) as db:
            merging.confirm(db, desk.inst, desk.approver, merge, now=now)
        with pytest.raises(Conflict), access.deed(desk.inst.engine) as db:
            merging.decline(db, desk.approver, merge, "không", now=now)

    def test_moves_nothing_when_declined(self, desk: Desk, now: datetime) -> None:
        merge = proposed(desk, now)
        with access.deed(desk.inst.engine) as db:
            merging.decline(db, desk.approver, merge, "Hai chị em", now=now)

        assert live(desk, EmploymentFact) == sorted(desk.people)
        with access.deed(desk.inst.engine) as db:
            assert merging.proposals(db, desk.collector, now=now) == []
        proposed(desk, now)

    def test_lets_the_accounts_of_both_open_the_one_book(self, desk: Desk, now: datetime) -> None:
        kept, merged = desk.people[:2]
        with access.deed(desk.inst.engine) as db:
            account = access.open_account(
                db,
                access.operator("test"),
                kind="worker",
                name="x",
                role=Role.WORKER,
                person_id=merged,
                now=now,
            )
            token = access.grant_token(db, access.operator("test"), account, hours=1, now=now)

        merge = merged_at(desk, now)
        with access.deed(desk.inst.engine) as db:
            assert access.caller_of(db, token, now).person_id == kept
        undone_at(desk, merge, now)
        with access.deed(desk.inst.engine) as db:
            assert access.caller_of(db, token, now).person_id == merged


class TestUndo:
    def test_restores_both(self, desk: Desk, now: datetime) -> None:
        kept, merged = desk.people[:2]
        later = now + timedelta(days=3)
        before = [book(desk, each, now - timedelta(seconds=1)) for each in desk.people[:2]]
        merge = merged_at(desk, now)

        undone_at(desk, merge, later)

        restored = [book(desk, each, later) for each in desk.people[:2]]
        assert restored == before
        assert states(desk, kept) == ["superseded", "superseded", "current"]
        assert states(desk, merged) == ["revoked", "current"]
        with access.deed(desk.inst.engine) as db:
            (found,) = merging.may_be_twice(db, desk.collector, now=now)
        assert list(found.people) == [kept, merged]

    def test_leaves_what_was_learned_since_with_the_one_kept(
        self, desk: Desk, now: datetime
    ) -> None:
        kept, merged = desk.people[:2]
        merge = merged_at(desk, now)
        add_diploma(desk.inst.engine, kept, 9, at=now + timedelta(days=1))
        later = now + timedelta(days=2)

        undone_at(desk, merge, later)

        assert len(book(desk, kept, later)["qualifications"]) == 2
        assert len(book(desk, merged, later)["qualifications"]) == 1

    def test_happens_once_and_needs_a_reason(self, desk: Desk, now: datetime) -> None:
        merge = merged_at(desk, now)
        with pytest.raises(Invalid), access.deed(desk.inst.engine) as db:
            merging.undo(db, desk.inst, desk.approver, merge, " ", now=now)

        undone_at(desk, merge, now)

        with pytest.raises(Conflict):
            undone_at(desk, merge, now)
