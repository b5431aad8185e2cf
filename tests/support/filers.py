"""Software of an enterprise that files without end, and sends again whatever was not answered."""

import json
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from itertools import count

import sqlalchemy as sa

from labour_book.database import reading
from labour_book.queries.rows import table_of
from labour_book.services import access
from labour_book.services.installation import Installation
from labour_book.tables import Filing
from tests.services import people, shares

HERE = "127.0.0.1"
CREATED, UNAVAILABLE = 201, 503
PAUSE = 0.05
"""Seconds before it is sent again."""
SECRETS = {
    name: b64encode(letter * 32).decode()
    for name, letter in (("seal_key", b"s"), ("index_key", b"i"), ("lookup_key", b"l"))
}
"""Settings under which a server opens what ``tests.services.people`` has sealed."""
LONGEST = 60
"""Seconds; nobody waits for an answer that long, and then the test says so."""


@dataclass(frozen=True)
class Answer:
    number: int
    status: int
    seconds: float
    at: float
    """By the stopwatch of the process."""
    retry_after: str | None


@dataclass
class Filers:
    """A few threads; each declares one person after the other, under a key for each."""

    port: int
    bearer: dict[str, str]
    answers: list[Answer] = field(default_factory=list)
    cut: int = 0
    """How often a connection ended without an answer."""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def at_work(self, threads: int) -> Iterator[None]:
        """File until the block ends; what was begun is brought to its end."""
        working = [threading.Thread(target=self._work) for _ in range(threads)]
        for each in working:
            each.start()
        try:
            yield
        finally:
            self._over.set()
            for each in working:
                each.join()

    def filed(self) -> list[int]:
        """Return who has been declared, as the answers say."""
        return sorted(each.number for each in self.answers if each.status == CREATED)

    def wait_for(self, count: int) -> None:
        """Wait until so many more were declared."""
        wanted = len(self.filed()) + count
        while len(self.filed()) < wanted:
            assert {each.status for each in self.answers} <= {CREATED, UNAVAILABLE}
            time.sleep(PAUSE)

    def _work(self) -> None:
        while not self._over.is_set():
            number = next(self._numbers)
            while (status := self._sent(number)) != CREATED:
                if status not in {0, UNAVAILABLE}:
                    return
                time.sleep(PAUSE)

    def _sent(self, number: int) -> int:
        began = time.monotonic()
        try:
            status, retry_after = self._asked(number)
        except (OSError, HTTPException):
            self.cut += 1
            return 0
        now = time.monotonic()
        self.answers.append(Answer(number, status, now - began, now, retry_after))
        return status

    def _asked(self, number: int) -> tuple[int, str | None]:
        headers = self.bearer | {
            "Content-Type": "application/json",
            "Idempotency-Key": key_of(number),
        }
        with closing(HTTPConnection(HERE, self.port, timeout=LONGEST)) as connection:
            connection.request("POST", "/filings", json.dumps(hire(number)), headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.headers["Retry-After"]


def key_of(number: int) -> str:
    return f"declared-{number:06}"


def hire(number: int) -> dict[str, object]:
    worker = {
        "personal_id": people.personal_id(number),
        "full_name": f"Nguyễn Thị Số {number}",
        "birth_date": "1990-05-17",
    }
    return {
        "kind": "hire",
        "worker": worker,
        "first_day": "2026-11-02",
        "position": "Kế toán viên",
        "contract_kind": "INDEFINITE",
    }


def signed_in(inst: Installation, count: int, now: datetime) -> dict[str, str]:
    """Put so many people on file, and open an account for who declares them."""
    people.add_people(inst.engine, count)
    people.add_units(inst.engine)
    shares.add_enterprise(inst.engine, shares.RIVAL_CODE, "ACTIVE")
    operator = access.operator("test")
    with access.deed(inst.engine) as db:
        account = access.open_account(
            db,
            operator,
            kind="employer",
            name="x",
            role=access.Role.EMPLOYER,
            enterprise_code=shares.RIVAL_CODE,
            now=now,
        )
        token = access.grant_token(db, operator, account, hours=8, now=now)
    return {"Authorization": f"Bearer {token}"}


def filings(inst: Installation) -> list[str]:
    """Return the keys of all that was filed, in order."""
    table = table_of(Filing)
    with reading(inst.engine) as db:
        query = sa.select(table.c.idempotency_key).order_by(table.c.idempotency_key)
        return [str(each) for each in db.execute(query).scalars()]
