"""What a merged person had going moves along or ends, and comes back when it is undone."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from labour_book.database import reading
from labour_book.domain.corrections import CaseState
from labour_book.domain.filings import FilingKind
from labour_book.domain.notices import Recipient
from labour_book.queries import channels, filings, mandates, share_copies
from labour_book.queries import own_cv as cvs
from labour_book.queries import shares as stored_shares
from labour_book.queries.rows import table_of
from labour_book.services import channels as choosing
from labour_book.services import correcting, filing, job_seeking, moving_dealings
from labour_book.services import mandates as giving
from labour_book.services.callers import Caller, Role
from labour_book.services.filing import NewFiling
from labour_book.services.installation import Installation
from labour_book.services.permission import deed
from labour_book.tables import Person, Trace
from tests.services import filings as employers
from tests.services import shares
from tests.services.cases import MISSING
from tests.services.desk import Desk, opened_desk
from tests.services.people import personal_id
from tests.services.shares import RIVAL
from tests.services.test_job_seeking import WISH
from tests.services.test_merging import merged_at, twice, undone_at

DAY = timedelta(days=1)


@pytest.fixture
def desk(inst: Installation, now: datetime) -> Desk:
    return twice(opened_desk(inst, now, people=3), now)


@pytest.fixture
def small(sqlite_inst: Installation, now: datetime) -> Desk:
    return twice(opened_desk(sqlite_inst, now, people=3), now)


def worker(desk: Desk, which: int) -> Caller:
    person = desk.people[which]
    return Caller("worker", str(person), "An", Role.WORKER, person_id=person)


def shared(desk: Desk, now: datetime, which: int = 1) -> UUID:
    created = shares.share(
        desk.inst, now, shares.TO_EMPLOYER, worker(desk, which), enterprise_code=shares.RIVAL_CODE
    )
    shares.look(desk.inst, created.code, now, RIVAL)
    return created.share_id


def seeking(desk: Desk, now: datetime, which: int = 1) -> UUID | None:
    with reading(desk.inst.engine) as db:
        found = cvs.seeking_of(db, desk.people[which], now)
    return None if found is None else found.id


def owner_of(desk: Desk, share_id: UUID) -> tuple[UUID, bool]:
    """Return whose a share is, and whether it has ended."""
    with reading(desk.inst.engine) as db:
        found = stored_shares.share_by_id(db, share_id)
    assert found is not None
    return found.person_id, found.terms.withdrawn_at is not None


class TestMandates:
    def test_move_along_and_back(self, desk: Desk, now: datetime) -> None:
        kept, merged = desk.people[:2]
        wish = giving.Wish("Chị Hoa", ("view",), now.date(), now.date() + 30 * DAY)
        with deed(desk.inst.engine) as db:
            given = giving.give(db, desk.inst.vault, worker(desk, 1), personal_id(3), wish, now=now)

        merge = merged_at(desk, now)
        with reading(desk.inst.engine) as db:
            after = [each.id for each in mandates.of_worker(db, kept)]
        undone_at(desk, merge, now + DAY)
        with reading(desk.inst.engine) as db:
            back = [each.id for each in mandates.of_worker(db, merged)]

        assert after == back == [given]

    def test_can_be_taken_back_by_whoever_stays(self, small: Desk, now: datetime) -> None:
        wish = giving.Wish("Chị Hoa", ("view",), now.date(), now.date() + 30 * DAY)
        with deed(small.inst.engine) as db:
            given = giving.give(
                db, small.inst.vault, worker(small, 1), personal_id(3), wish, now=now
            )
        merged_at(small, now)

        with deed(small.inst.engine) as db:
            giving.revoke(db, worker(small, 0), given, now=now)
            (mandate,) = giving.given_by(db, worker(small, 0), now=now)

        assert mandate.state == "revoked"


class TestJobSeeking:
    def test_ends_and_goes_on_again(self, desk: Desk, now: datetime) -> None:
        with deed(desk.inst.engine) as db:
            consent = job_seeking.begin(db, desk.inst, worker(desk, 1), WISH, now=now)

        merge = merged_at(desk, now + DAY)
        assert (seeking(desk, now + DAY, 0), seeking(desk, now + DAY, 1)) == (None, None)

        undone_at(desk, merge, now + 2 * DAY)
        assert seeking(desk, now + 2 * DAY) == consent.id

    def test_that_was_taken_back_before_stays_so(self, small: Desk, now: datetime) -> None:
        with deed(small.inst.engine) as db:
            job_seeking.begin(db, small.inst, worker(small, 1), WISH, now=now)
        with deed(small.inst.engine) as db:
            job_seeking.end(db, worker(small, 1), now=now)

        undone_at(small, merged_at(small, now + DAY), now + 2 * DAY)

        assert seeking(small, now + 2 * DAY) is None

    def test_of_who_stays_goes_on(self, small: Desk, now: datetime) -> None:
        with deed(small.inst.engine) as db:
            consent = job_seeking.begin(db, small.inst, worker(small, 0), WISH, now=now)

        merged_at(small, now)

        assert seeking(small, now, 0) == consent.id


class TestShares:
    def test_end_and_stay_in_sight_of_the_worker(self, desk: Desk, now: datetime) -> None:
        kept, merged = desk.people[:2]
        shares.add_enterprise(desk.inst.engine, shares.RIVAL_CODE, "ACTIVE")
        share_id = shared(desk, now)

        merge = merged_at(desk, now + DAY)
        (own,) = shares.mine(desk.inst, now + DAY, worker(desk, 0))
        assert owner_of(desk, share_id) == (kept, True)
        assert [each.recipient.id for each in own.copies] == [shares.RIVAL_CODE]

        undone_at(desk, merge, now + 2 * DAY)
        assert owner_of(desk, share_id) == (merged, False)
        with reading(desk.inst.engine) as db:
            (copy,) = share_copies.copies_of(db, [share_id])[share_id]
        assert copy.person_id == merged

    def test_that_have_lapsed_since_do_not_go_on(self, small: Desk, now: datetime) -> None:
        shares.add_enterprise(small.inst.engine, shares.RIVAL_CODE, "ACTIVE")
        share_id = shared(small, now)

        merge = merged_at(small, now + DAY)
        undone_at(small, merge, now + 400 * DAY)

        assert owner_of(small, share_id) == (small.people[1], True)


class TestFilings:
    def filed(self, desk: Desk, now: datetime) -> filing.StoredFiling:
        """Let an enterprise hire the one who goes."""
        shares.add_enterprise(desk.inst.engine, shares.RIVAL_CODE, "ACTIVE")
        employers.opened(desk.inst, RIVAL, now)
        hire = employers.hire(2)
        named = replace(hire.worker, full_name="Nguyễn Thị Một", birth_date=date(1990, 5, 17))
        return employers.filed(desk.inst, now, replace(hire, worker=named))

    def about(self, desk: Desk, which: int) -> list[FilingKind]:
        with reading(desk.inst.engine) as db:
            found = filings.filings_about(db, shares.RIVAL_CODE, desk.people[which])
        return [each.kind for each in found]

    def test_move_along_so_that_the_work_can_be_ended(self, desk: Desk, now: datetime) -> None:
        hired = self.filed(desk, now)

        merged_at(desk, now + DAY)
        end = NewFiling(FilingKind.END, desk.people[0], employers.ENDED)
        ended = employers.filed(desk.inst, now + DAY, end)

        assert (ended.person_id, ended.job_id) == (desk.people[0], hired.job_id)
        assert self.about(desk, 0) == [FilingKind.HIRE, FilingKind.END]

    def test_go_back_with_what_was_filed_since_of_the_same_work(
        self, small: Desk, now: datetime
    ) -> None:
        self.filed(small, now)
        merge = merged_at(small, now + DAY)
        end = NewFiling(FilingKind.END, small.people[0], employers.ENDED)
        employers.filed(small.inst, now + DAY, end)

        undone_at(small, merge, now + 2 * DAY)

        assert self.about(small, 0) == []
        assert self.about(small, 1) == [FilingKind.HIRE, FilingKind.END]


class TestChannels:
    def chosen(self, desk: Desk, which: int) -> str | None:
        with reading(desk.inst.engine) as db:
            found = channels.channel_of(db, Recipient("worker", str(desk.people[which])))
        return None if found is None else found.language

    def test_move_to_who_has_chosen_none(self, small: Desk, now: datetime) -> None:
        with deed(small.inst.engine) as db:
            choosing.choose(
                db, small.inst, worker(small, 1), language="en", muted=frozenset(), now=now
            )

        merge = merged_at(small, now)
        assert (self.chosen(small, 0), self.chosen(small, 1)) == ("en", None)

        undone_at(small, merge, now + DAY)
        assert (self.chosen(small, 0), self.chosen(small, 1)) == (None, "en")

    def test_of_who_stays_are_kept(self, small: Desk, now: datetime) -> None:
        with deed(small.inst.engine) as db:
            choosing.choose(
                db, small.inst, worker(small, 0), language="vi", muted=frozenset(), now=now
            )
            choosing.choose(
                db, small.inst, worker(small, 1), language="en", muted=frozenset(), now=now
            )

        merged_at(small, now)

        assert (self.chosen(small, 0), self.chosen(small, 1)) == ("vi", "en")


class TestDrafts:
    def test_are_withdrawn(self, small: Desk, now: datetime) -> None:
        with deed(small.inst.engine) as db:
            draft = correcting.draft(db, small.inst, worker(small, 1), MISSING, now=now)

        merged_at(small, now)

        with deed(small.inst.engine) as db:
            (case,) = correcting.own_cases(db, small.inst, worker(small, 1), now=now)
        assert (case.number, case.state) == (draft.line.number, CaseState.WITHDRAWN)


class TestTables:
    def test_that_name_a_person_move_or_stay_for_a_reason(self) -> None:
        """A new table with a person in it has to be named here, with what merging does to it."""
        person = table_of(Person)
        naming = {
            table.name
            for table in person.metadata.tables.values()
            if any(
                each.name == "person_id" or any(key.references(person) for key in each.foreign_keys)
                for each in table.columns
            )
        }

        assert not moving_dealings.MOVES & moving_dealings.STAYS.keys()
        assert naming == moving_dealings.MOVES | moving_dealings.STAYS.keys()
        assert all(moving_dealings.STAYS.values())


class TestTrace:
    def test_says_how_much_has_moved_and_ended(self, small: Desk, now: datetime) -> None:
        with deed(small.inst.engine) as db:
            job_seeking.begin(db, small.inst, worker(small, 1), WISH, now=now)
        merged_at(small, now)

        table = table_of(Trace)
        with reading(small.inst.engine) as db:
            query = sa.select(table.c.detail).where(table.c.action == "merge.decide")
            told = list(db.execute(query.order_by(table.c.seq)).scalars())

        assert len(told) == 2
        assert all('"seeking_ended"' in str(each).replace("'", '"') for each in told)
