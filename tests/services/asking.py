"""An installation whose registers are the sandbox that it serves itself, over real HTTP."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import sqlalchemy as sa

from api.sandbox.registers_moods import Mood
from labour_book.queries.people import seal_number
from labour_book.queries.rows import table_of
from labour_book.services.access import Caller, Role
from labour_book.services.asking_registers import Fetched, Register, ask_alone
from labour_book.services.connections import Connections, connections, sandbox_secret
from labour_book.services.installation import Installation
from labour_book.settings import Settings
from labour_book.tables import Person, PersonIdentifier
from tests.conftest import NOW
from tests.services.people import add_people, add_units, uid
from tests.support.apps import app_for
from tests.support.browser import free_port, serving
from tests.support.installations import LOOKUP_KEY, VAULT, installed
from tests.support.sandbox_registers import PATIENCE

NUMBER = "001088885967"
PURPOSE = "Xác minh thời gian làm việc theo đề nghị của người lao động"
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

    def ask(
        self,
        register: Register,
        caller: Caller = APPROVER,
        *,
        also: dict[str, Any] | None = None,
    ) -> Fetched:
        return ask_alone(
            self.inst, caller, self.person, register, purpose=PURPOSE, now=NOW, also=also
        )


@contextmanager
def opened_desk(engine: sa.Engine, folder: Path) -> Iterator[Desk]:
    """Serve it, with one person whom the registers know."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    inst = installed(engine, folder, NOW)
    add_units(engine)
    (person,) = add_people(engine, 1)
    be_in_the_samples(engine, person)
    with ExitStack() as closing:
        http = closing.enter_context(httpx.Client(base_url=url, trust_env=False, timeout=PATIENCE))
        desk = Desk(replace(inst, connections=own(url, closing)), person, http, url)
        app = app_for(Settings(demo=True, data_dir=folder, public_url=url), desk.inst)
        app.state.clock = lambda: NOW
        app.get("/ask")(lambda: str(desk.ask(Register.CONTRACTS).status))
        closing.enter_context(serving(app, port))
        yield desk


def own(url: str, closing: ExitStack, seconds: float = PATIENCE) -> Connections:
    """Return connections to the registers that the service itself is."""
    return connections(
        {each: f"{url}/sandbox/registers/{each}" for each in Register},
        secret=sandbox_secret(LOOKUP_KEY),
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
