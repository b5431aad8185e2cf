"""Asking a register about a person: permitted, traced, and never with anything open too long."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa

from api.main import create_app
from api.sandbox.registers_moods import Mood
from labour_book.domain.partial_dates import PartialDate
from labour_book.errors import Invalid
from labour_book.queries.people import seal_number
from labour_book.queries.rows import table_of
from labour_book.services import access
from labour_book.services.access import Caller, DeniedToRole, NotFoundForCaller, Role
from labour_book.services.asking_registers import (
    ContractsAnswer,
    Fetched,
    IdentityClaim,
    JobClaim,
    Register,
    Says,
    Status,
    ask,
    ask_alone,
    ask_enterprise,
    confirms,
    fetch,
    is_connected,
    may_ask,
    note,
)
from labour_book.services.connections import SANDBOX_SECRET, Connections, connections
from labour_book.services.installation import Installation
from labour_book.settings import Settings
from labour_book.tables import Person, PersonIdentifier
from signing import derive_key
from tests.conftest import NOW
from tests.services.people import add_people, add_units, uid
from tests.support.browser import free_port, serving
from tests.support.installations import LOOKUP_KEY, VAULT, installed
from tests.support.sandbox_registers import PATIENCE

NUMBER = "001088885967"
PURPOSE = "Xác minh thời gian làm việc theo đề nghị của người lao động"
OPERATOR = access.operator("test")
APPROVER = Caller("official", "a", "x", Role.APPROVER, unit_code="UB-00070")


@dataclass
class Desk:
    """An installation whose registers are the sandbox that it serves itself."""

    inst: Installation
    person: UUID
    http: httpx.Client
    url: str

    def behave(self, register: Register, mood: Mood) -> None:
        self.http.post(f"/sandbox/registers/{register}/mood", json={"mood": mood})

    def traced(self) -> list[Any]:
        with self.inst.engine.connect() as connection:
            rows = connection.execute(
                sa.text(
                    "SELECT action, outcome, purpose, person_id, detail FROM trace"
                    " WHERE action = 'register.ask' ORDER BY seq"
                )
            )
            return list(rows)

    def ask(self, register: Register, caller: Caller = APPROVER) -> Fetched:
        return ask_alone(self.inst, caller, self.person, register, purpose=PURPOSE, now=NOW)


@pytest.fixture
def desk(sqlite_engine: sa.Engine, tmp_path: Path) -> Iterator[Desk]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    inst = installed(sqlite_engine, tmp_path, NOW)
    add_units(sqlite_engine)
    (person,) = add_people(sqlite_engine, 1)
    be_in_the_samples(sqlite_engine, person)
    app = create_app(Settings(demo=True, data_dir=tmp_path, public_url=url), inst)
    app.state.clock = lambda: NOW
    with ExitStack() as closing:
        http = closing.enter_context(httpx.Client(base_url=url, trust_env=False, timeout=PATIENCE))
        desk = Desk(replace(inst, connections=own(url, closing)), person, http, url)
        app.get("/ask")(lambda: str(desk.ask(Register.CONTRACTS).status))
        closing.enter_context(serving(app, port))
        yield desk


def own(url: str, closing: ExitStack, seconds: float = PATIENCE) -> Connections:
    """Return connections to the registers that the service itself is."""
    return connections(
        {each: f"{url}/sandbox/registers/{each}" for each in Register},
        secret=derive_key(LOOKUP_KEY, SANDBOX_SECRET),
        own_org="Z00.LABOURBOOK",
        total_seconds=seconds,
        closing=closing,
    )


def be_in_the_samples(engine: sa.Engine, person: UUID) -> None:
    with engine.begin() as connection:
        named = {"full_name": "Trần Xuân Bình", "birth_date": "1988-11-26"}
        connection.execute(sa.update(table_of(Person)).values(named))
        sealed = seal_number(VAULT, uid(2, 1), NUMBER)
        connection.execute(
            sa.update(table_of(PersonIdentifier))
            .where(table_of(PersonIdentifier).c.person_id == person)
            .values(sealed=sealed, blind_index=VAULT.index.of(NUMBER))
        )


class TestAsk:
    @pytest.mark.parametrize("register", [each for each in Register if each != "enterprises"])
    def test_answers_about_a_person(self, desk: Desk, register: Register) -> None:
        fetched = desk.ask(register)

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
        assert json.loads(row.detail) == {
            "register": "insurance",
            "service": "insurance.participation",
            "message": str(fetched.message_id),
            "status": "OK",
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

    def test_works_inside_the_transaction_of_a_deed(self, desk: Desk) -> None:
        with access.deed(desk.inst.engine) as db:
            fetched = ask(
                db, desk.inst, APPROVER, desk.person, Register.POPULATION, purpose=PURPOSE, now=NOW
            )

        assert fetched.status is Status.OK
        assert len(desk.traced()) == 1

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
        with access.deed(desk.inst.engine) as db:
            fetched = ask_enterprise(
                db, desk.inst, APPROVER, "1883143271", purpose=PURPOSE, now=NOW
            )

        assert fetched.status is Status.OK
        assert desk.traced()[0].person_id is None


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
