from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from labour_book.database import transaction
from labour_book.domain.sharing import Audience
from labour_book.errors import Invalid, NotFound
from labour_book.queries.rows import table_of
from labour_book.services import access, notifying, received
from labour_book.services.access import DeniedToRole, deed
from labour_book.services.callers import ANYBODY, Caller, Role
from labour_book.services.installation import Installation
from labour_book.services.recipients import EnterpriseRefused
from labour_book.tables import EmploymentFact, InsuranceFact
from tests.services import people, shares
from tests.services.shares import (
    EMPLOYER,
    OPERATOR,
    OTHER,
    RIVAL,
    RIVAL_CODE,
    TO_EMPLOYER,
    WORKER,
)


def listed(inst: Installation, caller: Caller, now: datetime) -> list[received.Received]:
    with deed(inst.engine) as db:
        return received.received(db, caller, now=now)


def workers(inst: Installation, caller: Caller, now: datetime) -> list[received.OwnWorker]:
    with deed(inst.engine) as db:
        return received.own_workers(db, caller, purpose="Báo cáo quý", now=now)


class TestReceived:
    def test_is_what_was_shared_with_the_enterprise(
        self, inst: Installation, now: datetime
    ) -> None:
        shares.issued(inst, now, 2)
        shares.add_enterprise(inst.engine, RIVAL_CODE, "ACTIVE")
        named = shares.share(inst, now, TO_EMPLOYER)
        shares.share(inst, now, TO_EMPLOYER, enterprise_code=RIVAL_CODE)
        opened = shares.share(inst, now + timedelta(minutes=1), caller=OTHER)
        shares.share(inst, now)
        shares.look(inst, opened.code, now + timedelta(minutes=2), EMPLOYER)

        newest, oldest = listed(inst, EMPLOYER, now + timedelta(minutes=2))

        assert (newest.share_id, newest.copy_state) == (opened.share_id, "held")
        assert (oldest.share_id, oldest.copy_state) == (named.share_id, None)
        assert oldest.purpose == TO_EMPLOYER.purpose

    def test_names_nobody(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now)
        shares.share(sqlite_inst, now, TO_EMPLOYER)

        told = repr(listed(sqlite_inst, EMPLOYER, now))

        assert "Nguyễn" not in told
        assert str(people.person_id()) not in told
        assert people.personal_id() not in told

    def test_is_for_a_person_too(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now, 2)
        created = shares.share(
            inst, now, audience=Audience.PERSON, personal_id=people.personal_id(2)
        )

        assert [each.share_id for each in listed(inst, OTHER, now)] == [created.share_id]
        assert listed(inst, WORKER, now) == []

    def test_is_refused_to_an_enterprise_that_is_gone(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.add_enterprise(sqlite_inst.engine, RIVAL_CODE, "NOT_AT_ADDRESS")

        for deed_of in (listed, workers):
            with pytest.raises(EnterpriseRefused) as error:
                deed_of(sqlite_inst, RIVAL, now)
            assert error.value.facts == {"enterprise_status": "NOT_AT_ADDRESS"}

    def test_is_for_recipients(self, sqlite_inst: Installation, now: datetime) -> None:
        for caller in (ANYBODY, OPERATOR, Caller("machine", "m", "", Role.READER)):
            with pytest.raises(DeniedToRole):
                listed(sqlite_inst, caller, now)


class TestOwnWorkers:
    def test_are_those_the_employer_reported(self, inst: Installation, now: datetime) -> None:
        people.add_people(inst.engine, 4)
        work, insurance = table_of(EmploymentFact), table_of(InsuranceFact)
        with transaction(inst.engine) as db:
            of_two = work.c.person_id == people.person_id(2)
            db.execute(sa.update(work).where(of_two).values(running=False))
            db.execute(  # 3 says so, and nobody else
                sa.update(work)
                .where(work.c.person_id == people.person_id(3))
                .values(source="WORKER")
            )
            db.execute(
                sa.update(insurance)
                .where(insurance.c.person_id == people.person_id(3))
                .values(last_month="2026-01")
            )
            db.execute(  # 4 has left altogether
                sa.update(work)
                .where(work.c.person_id == people.person_id(4))
                .values(voided_at=now, voided_by="test")
            )
            db.execute(
                sa.update(insurance)
                .where(insurance.c.person_id == people.person_id(4))
                .values(last_month="2026-01")
            )

        found = workers(inst, EMPLOYER, now)

        assert [each.person_id for each in found] == [people.person_id(1), people.person_id(2)]
        assert (found[0].position, found[0].since) == ("Thợ hàn", "2021-03")

    def test_are_nobody_elses(self, sqlite_inst: Installation, now: datetime) -> None:
        people.add_people(sqlite_inst.engine)
        shares.add_enterprise(sqlite_inst.engine, RIVAL_CODE, "ACTIVE")

        assert workers(sqlite_inst, RIVAL, now) == []
        for caller in (WORKER, ANYBODY, OPERATOR):
            with pytest.raises(DeniedToRole):
                workers(sqlite_inst, caller, now)

    def test_each_find_it_in_their_trace(self, sqlite_inst: Installation, now: datetime) -> None:
        people.add_people(sqlite_inst.engine, 3)

        workers(sqlite_inst, EMPLOYER, now)

        rows = shares.traces(sqlite_inst, "workers.list")
        assert [row["person_id"] for row in rows] == [people.person_id(n) for n in (1, 2, 3)]
        assert {row["purpose"] for row in rows} == {"Báo cáo quý"}

    def test_come_page_by_page(
        self, sqlite_inst: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(received, "PAGE", 2)
        people.add_people(sqlite_inst.engine, 3)
        first = workers(sqlite_inst, EMPLOYER, now)

        with deed(sqlite_inst.engine) as db:
            rest = received.own_workers(
                db, EMPLOYER, purpose="Báo cáo", after=first[-1].person_id, now=now
            )

        assert [each.person_id for each in [*first, *rest]] == [
            people.person_id(n) for n in (1, 2, 3)
        ]

    def test_are_asked_for_with_a_purpose(self, sqlite_inst: Installation, now: datetime) -> None:
        people.add_people(sqlite_inst.engine)

        with pytest.raises(Invalid), deed(sqlite_inst.engine) as db:
            received.own_workers(db, EMPLOYER, purpose=" ", now=now)


class TestEmployersAccount:
    def test_calls_for_its_enterprise(self, inst: Installation, now: datetime) -> None:
        people.add_people(inst.engine)
        with deed(inst.engine) as db:
            account = access.open_account(
                db,
                OPERATOR,
                kind="employer",
                name="HR",
                role=Role.EMPLOYER,
                enterprise_code=people.EMPLOYER_CODE,
                now=now,
            )
            token = access.grant_token(db, OPERATOR, account, hours=1, now=now)

        with deed(inst.engine) as db:
            caller = access.caller_of(db, token, now)

        assert (caller.kind, caller.enterprise_code) == ("employer", people.EMPLOYER_CODE)
        assert listed(inst, caller, now) == []

    def test_opens_no_book(self, sqlite_inst: Installation, now: datetime) -> None:
        people.add_people(sqlite_inst.engine)

        with pytest.raises(DeniedToRole), deed(sqlite_inst.engine) as db:
            access.open_book(
                db, sqlite_inst, EMPLOYER, people.person_id(), purpose="tuyển dụng", now=now
            )


class TestInbox:
    def test_is_of_the_caller_alone(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now, 2)
        shares.share(inst, now, TO_EMPLOYER)
        with deed(inst.engine) as db:
            assert notifying.inbox(db, WORKER, now=now) == []
            (notice,) = notifying.inbox(db, EMPLOYER, now=now)
            for caller in (RIVAL, WORKER):
                with pytest.raises(NotFound):
                    notifying.mark_read(db, caller, notice.id, now=now)
            notifying.mark_read(db, EMPLOYER, notice.id, now=now)

        with deed(inst.engine) as db:
            (notice,) = notifying.inbox(db, EMPLOYER, now=now)
        assert notice.read_at == now
