"""Requests about the own data: made, listed by what is due, acknowledged, answered once."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from labour_book.database import reading
from labour_book.domain.data_requests import LONGEST_WORDS
from labour_book.errors import Conflict, Invalid
from labour_book.queries.rows import table_of
from labour_book.services import answering_requests, data_requests
from labour_book.services.answering_requests import RequestDecided, Waiting
from labour_book.services.callers import Caller, Role
from labour_book.services.data_requests import DataRequestKind, DataRequestState, OwnRequest
from labour_book.services.installation import Installation
from labour_book.services.likeness import OwnRecord
from labour_book.services.permission import DeniedToRole, LevelTooLow, NotFoundForCaller, deed
from labour_book.tables import DataRequest
from tests.services import people, shares
from tests.services.shares import EMPLOYER, OTHER, WORKER

OFFICIAL = Caller("official", "o1", "Cán", Role.APPROVER, unit_code="UB-00070")
ELSEWHERE = replace(OFFICIAL, id="o2", unit_code="UB-26734")
MINISTRY = Caller("official", "o3", "Bộ", Role.INSPECTOR, unit_code="BNV")
WORDS = "Cho tôi biết ai giữ dữ liệu của tôi"


@pytest.fixture
def served(inst: Installation) -> Installation:
    """Two workers of one commune, and the offices of two communes."""
    return _served(inst)


@pytest.fixture
def small(sqlite_inst: Installation) -> Installation:
    return _served(sqlite_inst)


def _served(inst: Installation) -> Installation:
    people.add_people(inst.engine, 2)
    people.add_units(inst.engine)
    return inst


def ask(
    inst: Installation,
    now: datetime,
    kind: DataRequestKind = DataRequestKind.ACCESS,
    *,
    words: str = WORDS,
    caller: Caller = WORKER,
) -> OwnRequest:
    with deed(inst.engine) as db:
        return data_requests.ask(db, inst, caller, kind, words, now=now)


def mine(inst: Installation, now: datetime, caller: Caller = WORKER) -> list[OwnRequest]:
    with deed(inst.engine) as db:
        return data_requests.own_requests(db, inst, caller, now=now)


def listed(inst: Installation, now: datetime, caller: Caller = OFFICIAL) -> list[Waiting]:
    with deed(inst.engine) as db:
        return answering_requests.waiting(db, inst, caller, now=now)


def acknowledge(
    inst: Installation,
    asked: OwnRequest,
    now: datetime,
    *,
    third_party: bool = False,
    caller: Caller = OFFICIAL,
) -> date:
    with deed(inst.engine) as db:
        return answering_requests.acknowledge(
            db, caller, asked.id, third_party=third_party, now=now
        )


def answer(
    inst: Installation, asked: OwnRequest, now: datetime, *, caller: Caller = OFFICIAL
) -> None:
    with deed(inst.engine) as db:
        answering_requests.answer(db, inst, caller, asked.id, "Đã gửi bản sao", now=now)


def refuse(inst: Installation, asked: OwnRequest, now: datetime, why: str) -> None:
    with deed(inst.engine) as db:
        answering_requests.refuse(db, inst, OFFICIAL, asked.id, why, now=now)


class TestAsk:
    def test_says_by_when_it_is_dealt_with(self, served: Installation, now: datetime) -> None:
        asked = ask(served, now)

        assert (asked.acknowledge_by, asked.due_on) == (date(2026, 11, 24), date(2026, 11, 30))
        assert mine(served, now) == [asked]
        assert (asked.state, asked.words) == (DataRequestState.RECEIVED, WORDS)

    def test_tells_the_office_of_the_commune_and_leaves_a_trace(
        self, served: Installation, now: datetime
    ) -> None:
        asked = ask(served, now)

        (notice,) = shares.notices(served, "data-request.arrived")
        assert (notice["recipient"], notice["about"]) == ("UB-00070", str(asked.id))
        (row,) = shares.traces(served, "data-request.make")
        assert row["person_id"] == WORKER.person_id
        assert WORDS not in row["detail"]

    def test_keeps_the_words_sealed(self, served: Installation, now: datetime) -> None:
        answer(served, ask(served, now), now)

        with reading(served.engine) as db:
            row = db.execute(sa.select(table_of(DataRequest))).one()
        assert WORDS.encode() not in row.words
        assert "Đã gửi".encode() not in row.answer

    def test_is_done_once_for_a_kind_until_it_is_answered(
        self, served: Installation, now: datetime
    ) -> None:
        first = ask(served, now)

        with pytest.raises(Conflict):
            ask(served, now)
        ask(served, now, DataRequestKind.DELETE)
        ask(served, now, caller=OTHER)
        answer(served, first, now)
        ask(served, now + timedelta(days=1))
        assert len(mine(served, now)) == 3

    @pytest.mark.parametrize("words", [" ", "x" * (LONGEST_WORDS + 1), "a\0b"])
    def test_needs_words(self, small: Installation, now: datetime, words: str) -> None:
        with pytest.raises(Invalid):
            ask(small, now, words=words)
        assert mine(small, now) == []

    def test_is_for_the_worker_at_full_level(self, small: Installation, now: datetime) -> None:
        with pytest.raises(LevelTooLow):
            ask(small, now, caller=replace(WORKER, level=1))
        for caller in (EMPLOYER, OFFICIAL):
            with pytest.raises(DeniedToRole):
                ask(small, now, caller=caller)


class TestWaiting:
    def test_lists_what_is_due_first_first(self, served: Installation, now: datetime) -> None:
        delete = ask(served, now, DataRequestKind.DELETE)
        access = ask(served, now, caller=OTHER)
        later = ask(served, now + timedelta(days=1), DataRequestKind.OBJECT)
        acknowledge(served, delete, now)
        acknowledge(served, access, now)

        found = [each.request.id for each in listed(served, now)]

        assert found == [later.id, access.id, delete.id]

    def test_holds_nothing_that_was_answered(self, served: Installation, now: datetime) -> None:
        answer(served, ask(served, now), now)

        assert listed(served, now) == []

    def test_is_of_the_own_area(self, served: Installation, now: datetime) -> None:
        ask(served, now)

        assert [each.full_name for each in listed(served, now, MINISTRY)] == ["Nguyễn Thị Số 1"]
        assert len(listed(served, now)) == 1
        assert listed(served, now, ELSEWHERE) == []

    def test_is_in_the_trace_of_whoever_is_shown(self, small: Installation, now: datetime) -> None:
        ask(small, now)
        listed(small, now)

        (row,) = shares.traces(small, "data-request.list")
        assert row["person_id"] == WORKER.person_id

    def test_says_what_is_late(self, small: Installation, now: datetime) -> None:
        asked = ask(small, now)
        in_time, late = datetime(2026, 11, 24, 3, tzinfo=now.tzinfo), now + timedelta(days=5)

        assert not listed(small, in_time)[0].request.is_late
        assert listed(small, late)[0].request.is_late
        acknowledge(small, asked, late)
        assert not listed(small, late)[0].request.is_late
        assert listed(small, now + timedelta(days=11))[0].request.is_late

    @pytest.mark.parametrize("role", [Role.COLLECTOR, Role.STATISTICIAN, Role.AUDITOR])
    def test_is_for_those_who_answer(self, small: Installation, now: datetime, role: Role) -> None:
        with pytest.raises(DeniedToRole):
            listed(small, now, replace(OFFICIAL, role=role))


class TestAcknowledge:
    def test_tells_the_worker_by_when(self, served: Installation, now: datetime) -> None:
        asked = ask(served, now)

        assert acknowledge(served, asked, now) == asked.due_on
        (own,) = mine(served, now)
        assert (own.state, own.acknowledged_at) == (DataRequestState.ACKNOWLEDGED, now)
        assert own.office == "UB-00070"
        (notice,) = shares.notices(served, "data-request.acknowledged")
        assert notice["recipient"] == str(WORKER.person_id)
        assert "2026-11-30" in notice["facts"]

    def test_gives_more_days_with_a_third_party(self, served: Installation, now: datetime) -> None:
        asked = ask(served, now)

        assert acknowledge(served, asked, now, third_party=True) == date(2026, 12, 5)
        (own,) = mine(served, now)
        assert (own.third_party, own.due_on) == (True, date(2026, 12, 5))

    def test_is_done_once(self, served: Installation, now: datetime) -> None:
        asked = ask(served, now)
        acknowledge(served, asked, now)

        with pytest.raises(RequestDecided):
            acknowledge(served, asked, now)

    def test_is_not_for_others_nor_of_the_own(self, small: Installation, now: datetime) -> None:
        asked = ask(small, now)

        with pytest.raises(NotFoundForCaller):
            acknowledge(small, asked, now, caller=ELSEWHERE)
        with pytest.raises(OwnRecord):
            acknowledge(small, asked, now, caller=replace(OFFICIAL, person_id=WORKER.person_id))
        with pytest.raises(DeniedToRole):
            acknowledge(small, asked, now, caller=WORKER)


class TestAnswer:
    def test_reaches_the_worker(self, served: Installation, now: datetime) -> None:
        asked = ask(served, now)
        answer(served, asked, now)

        (own,) = mine(served, now)
        assert (own.state, own.answer) == (DataRequestState.ANSWERED, "Đã gửi bản sao")
        assert own.answered_at == now
        assert len(shares.notices(served, "data-request.answered")) == 1
        assert len(shares.traces(served, "data-request.answer")) == 1

    def test_is_given_once(self, served: Installation, now: datetime) -> None:
        asked = ask(served, now)
        answer(served, asked, now)

        with pytest.raises(RequestDecided):
            answer(served, asked, now)
        with pytest.raises(RequestDecided):
            acknowledge(served, asked, now)
        with pytest.raises(RequestDecided):
            refuse(served, asked, now, "Không có căn cứ")


class TestRefuse:
    def test_says_why(self, served: Installation, now: datetime) -> None:
        asked = ask(served, now, DataRequestKind.DELETE)
        refuse(served, asked, now, "Luật buộc lưu giữ")

        (own,) = mine(served, now)
        assert (own.state, own.answer) == (DataRequestState.REFUSED, "Luật buộc lưu giữ")
        assert len(shares.notices(served, "data-request.refused")) == 1

    def test_needs_a_reason(self, small: Installation, now: datetime) -> None:
        asked = ask(small, now)

        with pytest.raises(Invalid):
            refuse(small, asked, now, " ")
        assert mine(small, now)[0].state is DataRequestState.RECEIVED
