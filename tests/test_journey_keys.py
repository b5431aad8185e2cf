"""A key is rotated, and later a key is stolen, while books are shared and checked over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from api import key_watch
from labour_book.services import keys
from labour_book.services.access import deed
from labour_book.services.installation import Installation
from labour_book.services.issuing import issue_book
from signing import Use
from tests.api.conftest import OPERATOR, Clock, TestClient, built, opened_office
from tests.services import shares
from tests.support.installations import opened

DAY = timedelta(days=1)
FILE = {"Content-Type": "application/dc+sd-jwt"}


@dataclass
class Site:
    """A running service, a command line beside it, and phones that open what is shared."""

    person: UUID
    clock: Clock
    app: FastAPI
    client: TestClient

    @property
    def inst(self) -> Installation:
        """What the service works with at this moment."""
        inst: Installation = self.app.state.installation
        return inst

    def rotate(self, *, noticed: bool = True) -> str:
        """Rotate the key of credentials as the command line does, in an installation of its own."""
        beside = opened(self.inst.engine, self.inst.data_dir, self.clock.now)
        with deed(beside.engine) as db:
            kid = keys.rotate(db, beside, Use.CREDENTIAL, by=OPERATOR, now=self.clock.now)
        if noticed:
            assert key_watch.renew(self.app)
        return kid

    def steal(self, kid: str) -> None:
        now = self.clock.now
        with deed(self.inst.engine) as db:
            keys.withdraw(db, kid, revoked_from=now, by=OPERATOR, now=now)

    def issue(self) -> None:
        with deed(self.inst.engine) as db:
            issue_book(db, self.inst, self.person, by=OPERATOR, now=self.clock.now)

    def shared_copy(self) -> str:
        """Share the book and open it as a stranger; return the copy that was handed out."""
        created = shares.share(self.inst, self.clock.now)
        answer = self.client.post("/shares/open", json={"code": created.code})
        assert answer.status_code == 200, answer.text
        credential: str = answer.json()["credential"]
        return credential

    def says(self, credential: str) -> tuple[str, str]:
        """Return the answer about the issuer with its reason, and whether all is good."""
        checked = self.told(credential)
        return checked["issuer"]["reason"], "good" if checked["good"] else "not good"

    def told(self, credential: str) -> dict[str, Any]:
        answer = self.client.post("/verify", content=credential, headers=FILE)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told


@pytest.fixture
def site(sqlite_engine: sa.Engine, tmp_path: Path, now: datetime) -> Iterator[Site]:
    office = opened_office(sqlite_engine, tmp_path, now)
    office.issue(office.people[0])
    app = built(office, tmp_path)
    with TestClient(app, base_url=office.inst.public_url) as client:
        yield Site(office.people[0], office.clock, app, client)


class TestRotation:
    def test_leaves_what_was_shared_good(self, site: Site) -> None:
        before = site.shared_copy()
        first_key = site.told(before)["kid"]
        site.clock.now += DAY

        second_key = site.rotate()
        after = site.shared_copy()

        assert site.says(before) == ("OK", "good")
        assert site.says(after) == ("OK", "good")
        assert site.told(before)["kid"] == first_key
        assert site.told(after)["kid"] == second_key != first_key
        published = {key["kid"] for key in site.client.get("/jwks").json()["keys"]}
        assert {first_key, second_key} <= published

    def test_is_noticed_once(self, site: Site) -> None:
        assert not key_watch.renew(site.app)
        site.rotate()
        assert not key_watch.renew(site.app)

    def test_without_the_new_keys_file_leaves_the_service_running(
        self, site: Site, caplog: pytest.LogCaptureFixture
    ) -> None:
        kid = site.rotate(noticed=False)
        (site.inst.key_dir / f"{kid}.pem").unlink()

        assert not key_watch.renew(site.app)

        assert "cannot be opened" in caplog.text
        assert site.says(site.shared_copy()) == ("OK", "good")


class TestStolenKey:
    def test_is_believed_no_more_and_the_books_come_anew(self, site: Site) -> None:
        stolen = site.shared_copy()
        kid = site.told(stolen)["kid"]
        assert site.says(stolen) == ("OK", "good")
        site.clock.now += DAY

        site.steal(kid)

        assert site.says(stolen) == ("KEY_WITHDRAWN", "not good")  # at once
        assert kid not in {key["kid"] for key in site.client.get("/jwks").json()["keys"]}

        site.rotate()
        site.issue()
        anew = site.shared_copy()

        assert site.says(anew) == ("OK", "good")
        assert site.told(anew)["kid"] != kid
        assert site.says(stolen)[1] == "not good"

    def test_does_not_break_the_links_given_out_before(self, site: Site) -> None:
        created = shares.share(site.inst, site.clock.now)
        first = site.client.post("/shares/open", json={"code": created.code}).json()
        site.clock.now += DAY
        site.steal(site.told(first["credential"])["kid"])
        site.rotate()
        site.issue()

        again = site.client.post("/shares/open", json={"code": created.code})

        assert again.status_code == 200, again.text
        assert site.says(again.json()["credential"]) == ("OK", "good")
