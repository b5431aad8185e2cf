"""Asking a register about a person: permitted, traced, and never with anything open too long."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from api.sandbox.registers_moods import Mood
from labour_book.domain.partial_dates import PartialDate
from labour_book.errors import Invalid
from labour_book.queries.rows import table_of
from labour_book.services import access
from labour_book.services.access import Caller, DeniedToRole, NotFoundForCaller, Role
from labour_book.services.asking_registers import (
    ContractsAnswer,
    IdentityClaim,
    JobClaim,
    Register,
    Says,
    Status,
    ask_alone,
    ask_enterprise,
    confirms,
    fetch,
    is_connected,
    may_ask,
    note,
)
from labour_book.tables import PersonIdentifier
from tests.conftest import NOW
from tests.services.asking import APPROVER, PURPOSE, Desk, opened_desk, own
from tests.support.installations import installed

ABOUT_A_PERSON = [each for each in Register if each not in {"enterprises", "portal"}]
OPERATOR = access.operator("test")


@pytest.fixture
def desk(sqlite_engine: sa.Engine, tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(sqlite_engine, tmp_path) as opened:
        yield opened


class TestAsk:
    @pytest.mark.parametrize("register", ABOUT_A_PERSON)
    def test_answers_about_a_person(self, desk: Desk, register: Register) -> None:
        fetched = desk.ask(register, also={"policy": "SUPPORT"} if register == "social" else None)

        assert fetched.status is Status.OK
        assert fetched.body is not None
        assert fetched.age is not None
        assert fetched.age.days == 1

    def test_confirms_what_the_person_claims(self, desk: Desk) -> None:
        fetched = desk.ask(Register.CONTRACTS)

        assert isinstance(fetched.body, ContractsAnswer)
        claim = JobClaim("1883143271", PartialDate.of_day(date(2024, 9, 10)), is_running=True)
        assert confirms(fetched, claim) is Says.CONFIRMS

    def test_is_traced_with_its_purpose_and_without_what_was_said(self, desk: Desk) -> None:
        fetched = desk.ask(Register.INSURANCE)

        (row,) = desk.traced()
        assert (row.outcome, row.purpose) == ("ok", PURPOSE)
        detail = json.loads(row.detail)
        assert detail.pop("milliseconds") >= 0
        assert len(detail.pop("correlation")) == len(str(fetched.message_id))
        assert detail == {
            "register": "insurance",
            "form": "online-query",
            "service": "insurance.participation",
            "basis": "ND 47/2020/ND-CP, art. 23",
            "sender": "Z00.LABOURBOOK",
            "receiver": "Z00.INSURANCE",
            "message": str(fetched.message_id),
            "status": "OK",
            "data_as_of": "2026-11-19T00:00:00+07:00",
        }

    def test_tells_why_a_register_did_not_answer(self, desk: Desk) -> None:
        desk.behave(Register.INSURANCE, Mood.DOWN)

        fetched = desk.ask(Register.INSURANCE)

        assert (fetched.status, fetched.cause) == (Status.UNAVAILABLE, "HTTP_503")
        (row,) = desk.traced()
        assert row.outcome == "ok"  # it was permitted; what came of it is told beside
        assert (
            json.loads(row.detail).items() >= {"status": "UNAVAILABLE", "cause": "HTTP_503"}.items()
        )

    def test_leaves_one_row_in_the_trace(self, desk: Desk) -> None:
        fetched = desk.ask(Register.POPULATION)

        assert fetched.status is Status.OK
        assert len(desk.traced()) == 1

    @pytest.mark.parametrize("mood", [Mood.NORMAL, Mood.DOWN])
    def test_logs_every_item_that_the_decree_asks_for(self, desk: Desk, mood: Mood) -> None:
        """ND 47/2020, art. 45: when and in what form, who asked, what content, how it stands."""
        desk.behave(Register.POPULATION, mood)
        fetched = desk.ask(Register.POPULATION)

        (row,) = desk.traced()
        detail = json.loads(row.detail)
        items = {
            "form of the request": detail["form"] == "online-query",
            "content": detail["service"] == "population.verify" and bool(detail["basis"]),
            "who asked whom": (detail["sender"], detail["receiver"])
            == ("Z00.LABOURBOOK", "Z00.POPULATION"),
            "which query": detail["message"] == str(fetched.message_id) and detail["correlation"],
            "state of the response": detail["status"] == str(fetched.status),
            "how long": detail["milliseconds"] >= 0,
            "why not": ("cause" in detail) is (mood is Mood.DOWN),
            "how old the answer is": ("data_as_of" in detail) is (mood is Mood.NORMAL),
            "what for": row.purpose == PURPOSE,
            "of whom": row.person_id is not None,
        }
        with desk.inst.engine.connect() as connection:
            query = sa.text("SELECT at, actor FROM trace WHERE action = 'register.ask'")
            at, actor = connection.execute(query).one()
        assert [name for name, is_there in items.items() if not is_there] == []
        assert str(at).startswith(f"{NOW:%Y-%m-%d %H:%M}")
        assert actor == APPROVER.id

    def test_asks_about_another_name_when_one_is_stated(self, desk: Desk) -> None:
        stated = IdentityClaim(full_name="Lê Thị Hoa")
        fetched = ask_alone(
            desk.inst,
            APPROVER,
            desk.person,
            Register.POPULATION,
            purpose=PURPOSE,
            now=NOW,
            stated=stated,
        )

        assert fetched.status is Status.MISMATCH
        assert confirms(fetched, stated) is Says.DENIES

    def test_needs_a_number_to_ask_about(self, desk: Desk) -> None:
        with desk.inst.engine.begin() as connection:
            connection.execute(sa.delete(table_of(PersonIdentifier)))

        fetched = desk.ask(Register.CONTRACTS)

        assert (fetched.status, fetched.cause) == (Status.INVALID, "NO_PERSONAL_ID")


class TestWhoMayAsk:
    def test_is_refused_without_a_purpose(self, desk: Desk) -> None:
        with pytest.raises(Invalid):
            ask_alone(desk.inst, APPROVER, desk.person, Register.POPULATION, purpose="", now=NOW)

        assert desk.traced() == []

    def test_is_no_official_of_another_place(self, desk: Desk) -> None:
        elsewhere = Caller("official", "b", "x", Role.APPROVER, unit_code="UB-26734")

        with pytest.raises(NotFoundForCaller):
            desk.ask(Register.POPULATION, elsewhere)

        assert [row.outcome for row in desk.traced()] == ["refused"]

    def test_is_no_auditor(self, desk: Desk) -> None:
        auditor = Caller("official", "c", "x", Role.AUDITOR, unit_code="BNV")

        with pytest.raises(DeniedToRole):
            desk.ask(Register.POPULATION, auditor)

        assert [row.outcome for row in desk.traced()] == ["refused"]

    def test_is_the_worker_about_the_own_person(self, desk: Desk) -> None:
        worker = Caller("worker", "w", "x", Role.WORKER, person_id=desk.person)
        fetched = ask_alone(desk.inst, worker, desk.person, Register.INSURANCE, purpose="", now=NOW)

        assert fetched.status is Status.OK
        assert desk.traced()[0].purpose == "own"


class TestAskEnterprise:
    def test_answers_by_code(self, desk: Desk) -> None:
        fetched = ask_enterprise(desk.inst, APPROVER, "1883143271", purpose=PURPOSE, now=NOW)

        assert fetched.status is Status.OK
        assert desk.traced()[0].person_id is None

    def test_is_refused_to_who_may_not_ask(self, desk: Desk) -> None:
        auditor = Caller("official", "c", "x", Role.AUDITOR, unit_code="BNV")

        with pytest.raises(DeniedToRole):
            ask_enterprise(desk.inst, auditor, "1883143271", purpose=PURPOSE, now=NOW)

        assert [row.outcome for row in desk.traced()] == ["refused"]


class TestInstallationWithoutRegisters:
    def test_says_that_it_is_not_connected(self, desk: Desk) -> None:
        alone = replace(desk, inst=installed(desk.inst.engine, desk.inst.data_dir, NOW))

        fetched = alone.ask(Register.POPULATION)

        assert not is_connected(alone.inst, Register.POPULATION)
        assert (fetched.status, fetched.cause) == (Status.UNAVAILABLE, "NOT_CONNECTED")


class TestManyAtOnce:
    def test_ask_from_every_thread_of_the_service_that_answers(self, desk: Desk) -> None:
        """The demonstration asks itself: those who wait must not keep it from answering."""
        with ThreadPoolExecutor(60) as crowd:
            answers = list(crowd.map(lambda _: desk.http.get("/ask", timeout=60), range(60)))

        assert [each.json() for each in answers] == ["OK"] * 60


class TestWaiting:
    def test_needs_no_transaction_of_its_own(self, desk: Desk) -> None:
        with access.deed(desk.inst.engine) as db:
            question = may_ask(
                db, desk.inst, APPROVER, desk.person, Register.POPULATION, purpose=PURPOSE, now=NOW
            )
        with access.deed(desk.inst.engine) as db:  # somebody writes meanwhile
            fetched = fetch(desk.inst, question)
            note(db, question, fetched, now=NOW)

        assert fetched.status is Status.OK

    def test_takes_no_longer_than_was_set(self, desk: Desk) -> None:
        desk.behave(Register.POPULATION, Mood.SLOW)
        with ExitStack() as closing:
            hasty = replace(desk.inst, connections=own(desk.url, closing, seconds=1))

            fetched = replace(desk, inst=hasty).ask(Register.POPULATION)

        assert (fetched.status, fetched.cause) == (Status.UNAVAILABLE, "TIMEOUT")
