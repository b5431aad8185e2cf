"""Everybody who may knock at a route, and a world in which they can be told apart.

Everything is about one worker, who lives in commune 00070 of province 01 and works for one
enterprise. "Other" officials sit in a commune of another province.
"""

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.login_session import derived
from labour_book.domain.mandates import FOR_ENTERPRISE, FOR_WORKER
from labour_book.services import access, machines
from labour_book.services.access import Role, deed
from labour_book.services.installation import Installation
from labour_book.services.signing_in import Identity
from tests.api.conftest import Office
from tests.api.walk.examples import NOT_THERE
from tests.services import acting as a
from tests.services import people, shares

COOKIE = "__Host-lb-session"
RIVAL = Identity(a.PROVIDER, "pairwise-8", 2, organisation=shares.RIVAL_CODE, name="HR")
OTHER_WORKER = Identity(a.PROVIDER, "pairwise-2", 2, people.personal_id(2))
SAME, OTHER, MINISTRY = "UB-00070", "UB-26734", "BNV"
OFFICIALS = {
    "collector": (Role.COLLECTOR, SAME),
    "collector_other": (Role.COLLECTOR, OTHER),
    "approver": (Role.APPROVER, SAME),
    "approver_other": (Role.APPROVER, OTHER),
    "inspector": (Role.INSPECTOR, SAME),
    "inspector_other": (Role.INSPECTOR, OTHER),
    "statistician": (Role.STATISTICIAN, MINISTRY),
    "auditor": (Role.AUDITOR, MINISTRY),
    "admin": (Role.ADMIN, MINISTRY),
    "admin_other": (Role.ADMIN, OTHER),
    "union": (Role.UNION, SAME),
}
VISITORS = (
    *("worker", "worker_other", "representative", "representative_none"),
    *("employer", "employer_other", "delegate", "delegate_none"),
    *OFFICIALS,
    *("machine", "machine_none", "nobody"),
)
"""In the order of the columns of the table. ``_none``: a mandate or registration for nothing of
it (``view`` alone, ``receive`` alone, ``book.verify`` alone)."""


@dataclass
class Visitor:
    """Somebody at the door: by bearer token, and by the session of a browser if they have one."""

    bearer: dict[str, str] = field(default_factory=dict)
    secret: str | None = None

    def browser(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return the header of their browser, and what a form of theirs brings along."""
        ours = {"Accept": "text/html", "Origin": "null", "Sec-Fetch-Site": "same-origin"}
        if self.secret is None:
            return ours, {}
        return ours | {"Cookie": f"{COOKIE}={self.secret}"}, {
            "csrf": derived(self.secret, "session-form")
        }


@dataclass
class World:
    """The application, whoever knocks, and the way back to how it was."""

    app: FastAPI
    client: TestClient
    office: Office
    visitors: Mapping[str, Visitor]
    known: Mapping[str, str]
    """What stands in addresses, by the name of the part."""
    known_in: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The same in those that begin in some way, where it is something else there."""
    _kept: sqlite3.Connection = field(default_factory=lambda: sqlite3.connect(":memory:"))

    def keep(self) -> None:
        """Remember the database as it is."""
        with closing(self._opened()) as now:
            now.backup(self._kept)

    def restore(self) -> None:
        """Put everything back as it was, under the eyes of whoever has it open."""
        with closing(self._opened()) as now:
            now.execute("PRAGMA synchronous = OFF")
            self._kept.backup(now)
        self.app.state.installation = self.office.inst

    def close(self) -> None:
        self._kept.close()

    def _opened(self) -> sqlite3.Connection:
        return sqlite3.connect(str(self.office.inst.engine.url.database), timeout=30)

    def address(self, template: str) -> str:
        known = dict(self.known)
        for beginning, names in self.known_in.items():
            if template.startswith(beginning):
                known |= names
        return re.sub(r"\{(\w+)(:\w+)?\}", lambda part: known.get(part[1], NOT_THERE), template)


def visitors(inst: Installation, office: Office) -> dict[str, Visitor]:
    """Let everybody sign in."""
    now = office.clock.now
    shares.add_enterprise(inst.engine, shares.RIVAL_CODE, "ACTIVE")
    made = {
        "worker": signed(inst, a.WORKER, office),
        "worker_other": signed(inst, OTHER_WORKER, office),
        "employer": signed(inst, a.AGENT, office),
        "employer_other": signed(inst, RIVAL, office),
        "nobody": Visitor(),
    }
    owner, firm = (a.begun(inst, who, now).caller for who in (a.WORKER, a.AGENT))
    mandates: dict[str, tuple[access.Caller, tuple[Any, ...]]] = {
        "representative": (owner, FOR_WORKER),
        "representative_none": (owner, ("view",)),
        "delegate": (firm, FOR_ENTERPRISE),
        "delegate_none": (firm, ("receive",)),
    }
    for number, (name, (giver, scope)) in enumerate(mandates.items(), start=50):
        e_id = f"0000000000{number}"
        a.given(inst, giver, e_id, a.wish(now, *scope), now)
        made[name] = signed(inst, Identity(a.PROVIDER, name, 2, e_id), office)
    for number, (name, (role, unit)) in enumerate(OFFICIALS.items(), start=70):
        e_id = f"0000000000{number}"
        a.official(inst, now, role, unit, e_id=e_id)
        made[name] = signed(inst, Identity(a.PROVIDER, name, 2, e_id), office)
    return made | {
        "machine": machine(office, " ".join(sorted(machines.GRANTABLE))),
        "machine_none": machine(office, "book.verify"),
    }


def signed(inst: Installation, who: Identity, office: Office) -> Visitor:
    now = office.clock.now
    begun = a.begun(inst, who, now)
    token = a.token_of(inst, begun.secret, now)
    return Visitor({"Authorization": f"Bearer {token}"}, begun.secret)


def machine(office: Office, scope: str) -> Visitor:
    now = office.clock.now
    with deed(office.inst.engine) as db:
        account = access.open_account(
            *(db, a.OPERATOR),
            kind="machine",
            name="BHXH",
            role=Role.READER,
            last_day=now.date() + timedelta(days=1),
            scope=scope[:200],
            now=now,
        )
        token = access.grant_token(db, a.OPERATOR, account, hours=1, now=now)
    return Visitor({"Authorization": f"Bearer {token}"})
