"""A key is rotated, and later a key is stolen, while books are shared and checked over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from labour_book.services import keys
from labour_book.services.access import deed
from labour_book.services.installation import Installation
from signing import Use
from tests.api.conftest import OPERATOR, Office, TestClient, built, opened_office
from tests.services import shares
from tests.support.installations import opened

DAY = timedelta(days=1)
FILE = {"Content-Type": "application/dc+sd-jwt"}


@dataclass
class Site:
    """The service between two restarts, and the phone and desk around it."""

    office: Office
    client: TestClient

    @property
    def inst(self) -> Installation:
        return self.office.inst

    def shared_copy(self) -> str:
        """Share the book and open it as a stranger; return the copy that was handed out."""
        created = shares.share(self.inst, self.office.clock.now)
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


@contextmanager
def restarted(site: Site, folder: Path) -> Iterator[Site]:
    """Start the service anew, so that it reads its keys again."""
    inst = opened(site.inst.engine, site.inst.data_dir, site.office.clock.now)
    again = Office(inst, site.office.people, site.office.clock)
    with TestClient(built(again, folder), base_url=inst.public_url) as client:
        yield Site(again, client)


@pytest.fixture
def site(sqlite_engine: sa.Engine, tmp_path: Path, now: datetime) -> Iterator[Site]:
    small_office = opened_office(sqlite_engine, tmp_path, now)
    small_office.issue(small_office.people[0])
    with TestClient(built(small_office, tmp_path), base_url=small_office.inst.public_url) as client:
        yield Site(small_office, client)


def rotate(site: Site) -> str:
    with deed(site.inst.engine) as db:
        return keys.rotate(db, site.inst, Use.CREDENTIAL, by=OPERATOR, now=site.office.clock.now)


def steal(site: Site, kid: str) -> None:
    now = site.office.clock.now
    with deed(site.inst.engine) as db:
        keys.withdraw(db, kid, revoked_from=now, by=OPERATOR, now=now)


def test_key_rotation_leaves_what_was_shared_good(site: Site, tmp_path: Path) -> None:
    before = site.shared_copy()
    first_key = site.told(before)["kid"]
    site.office.clock.now += DAY

    second_key = rotate(site)
    with restarted(site, tmp_path) as renewed:
        after = renewed.shared_copy()

        assert renewed.says(before) == ("OK", "good")
        assert renewed.says(after) == ("OK", "good")
        assert renewed.told(before)["kid"] == first_key
        assert renewed.told(after)["kid"] == second_key != first_key
        published = {key["kid"] for key in renewed.client.get("/jwks").json()["keys"]}
        assert {first_key, second_key} <= published


def test_stolen_key_is_believed_no_more_and_the_books_come_anew(site: Site, tmp_path: Path) -> None:
    stolen = site.shared_copy()
    kid = site.told(stolen)["kid"]
    assert site.says(stolen) == ("OK", "good")
    site.office.clock.now += DAY

    steal(site, kid)

    reason, verdict = site.says(stolen)  # at once: nothing is restarted
    assert (reason, verdict) == ("KEY_WITHDRAWN", "not good")
    assert kid not in {key["kid"] for key in site.client.get("/jwks").json()["keys"]}

    rotate(site)
    with restarted(site, tmp_path) as renewed:
        renewed.office.issue(renewed.office.people[0])
        anew = renewed.shared_copy()

        assert renewed.says(anew) == ("OK", "good")
        assert renewed.told(anew)["kid"] != kid
        assert renewed.says(stolen)[1] == "not good"


def test_worker_shares_on_with_the_links_given_out_before(site: Site, tmp_path: Path) -> None:
    """Who holds a link need not be given another one because a key was stolen."""
    created = shares.share(site.inst, site.office.clock.now)
    first = site.client.post("/shares/open", json={"code": created.code}).json()
    kid = site.told(first["credential"])["kid"]
    site.office.clock.now += DAY
    steal(site, kid)
    rotate(site)
    with restarted(site, tmp_path) as renewed:
        renewed.office.issue(renewed.office.people[0])

        again = renewed.client.post("/shares/open", json={"code": created.code})

        assert again.status_code == 200, again.text
        assert renewed.says(again.json()["credential"]) == ("OK", "good")
