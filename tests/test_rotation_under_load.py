"""A planned change of the key that signs books, while others verify: nobody is refused."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from labour_book.database import reading, transaction
from labour_book.services import keys
from labour_book.services.access import open_credential
from labour_book.services.installation import Installation
from labour_book.services.issuing import issue_book
from labour_book.services.permission import deed
from labour_book.settings import Settings, open_installation
from signing import Use
from tests.services import people
from tests.services.cases import OPERATOR
from tests.support import filers, installations, server_nursery

ROTATIONS, THREADS = 5, 3
HERE = "127.0.0.1"


@dataclass
class Verifiers:
    """A few threads that verify every credential there is, over and over."""

    port: int
    tokens: list[str] = field(default_factory=list)
    verified: int = 0
    refused: list[object] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        working = [threading.Thread(target=self._work) for _ in range(THREADS)]
        for each in working:
            each.start()
        try:
            yield
        finally:
            self._over.set()
            for each in working:
                each.join()

    def wait_for(self, count: int) -> None:
        wanted = self.verified + count
        while self.verified < wanted and not self.refused:
            self._over.wait(server_nursery.PAUSE)

    def _work(self) -> None:
        while not self._over.is_set():
            for token in list(self.tokens):
                said = self.asked(token)
                answers = {said[name]["answer"] for name in ("genuine", "current", "issuer")}
                if answers != {"yes"}:
                    self.refused.append(said)
                self.verified += 1

    def asked(self, token: str) -> dict[str, Any]:
        with closing(HTTPConnection(HERE, self.port, timeout=60)) as connection:
            kind = {"Content-Type": "application/json"}
            connection.request("POST", "/verify", json.dumps({"credential": token}), kind)
            said: dict[str, Any] = json.loads(connection.getresponse().read())
            return said


def issued(inst: Installation, number: int, now: datetime) -> str:
    with deed(inst.engine) as db:
        issue_book(db, inst, people.person_id(number), by=OPERATOR, now=now)
    with deed(inst.engine) as db:
        person = people.person_id(number)
        return open_credential(db, inst, OPERATOR, person, purpose="test", now=now)


def rotated(inst: Installation, now: datetime) -> Installation:
    with transaction(inst.engine) as db:
        keys.rotate(db, inst, Use.CREDENTIAL, by=OPERATOR, now=now)
    with reading(inst.engine) as db:
        renewed = keys.renewed(db, inst, now=now)
    assert renewed is not None
    return renewed


@pytest.mark.faults
class TestPlannedRotation:
    def test_refuses_no_book_of_before_or_after_it(self, engine: sa.Engine, tmp_path: Path) -> None:
        given: dict[str, Any] = {
            "demo": True,
            "data_dir": tmp_path,
            "database_url": engine.url.render_as_string(hide_password=False),
            "public_url": installations.PUBLIC_URL,
            "background_work": False,
            **filers.SECRETS,
        }
        now = datetime.now(UTC)
        inst = open_installation(Settings(**given), now=now)
        people.add_people(inst.engine, ROTATIONS + 1)
        with server_nursery.opened(given) as nursery:
            nursery.start()
            verifiers = Verifiers(nursery.port, [issued(inst, 1, now)])
            with verifiers.at_work():
                for number in range(2, ROTATIONS + 2):
                    verifiers.wait_for(20)
                    inst = rotated(inst, datetime.now(UTC))
                    verifiers.tokens.append(issued(inst, number, datetime.now(UTC)))
                verifiers.wait_for(20 * len(verifiers.tokens))

        assert verifiers.refused == []
        signers = {each.split(".")[0] for each in verifiers.tokens}
        assert len(signers) == ROTATIONS + 1, "each was signed by another key"
        inst.close()
