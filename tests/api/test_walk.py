"""Every route x everybody who may knock: own, same unit, other unit, other person.

The table ``walk/table.csv`` says who gets in; a route that it does not know fails.

To add a route: run this file with UPDATE_WALK=1. Rows are added for routes that are not there,
with what the application does now - which is what has to be READ, row by row, before it is kept:
``x`` gets in, ``-`` is refused, ``v`` was told that the request is not valid before anybody asked
who it is. A row with marks is never changed by that; correct it by hand.

Columns: method, path, ``sent``, then one for each visitor of ``walk/visitors.py``. ``sent`` is
JSON for ``knocking.Sent``, for where a route takes more than what can be made up from its model:
write it into a row without marks, run with UPDATE_WALK=1, and delete the row without marks.
"""

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from fastapi.routing import RouteContext
from fastapi.testclient import TestClient

from labour_book.database import transaction
from labour_book.services import reporting
from labour_book.services.installation import Installation
from tests.api.conftest import Office, built, opened_office
from tests.api.test_routes import NAMES, PUBLIC, ROUTES
from tests.api.walk.knocking import Sent, knock
from tests.api.walk.real_cases import known_cases
from tests.api.walk.visitors import VISITORS, World, visitors
from tests.conftest import NOW
from tests.services import checks, coverage, losses, people, shares
from tests.support.databases import SqliteFiles
from tests.support.installations import PUBLIC_URL

TABLE = Path(__file__).parent / "walk" / "table.csv"
LINES = TABLE.read_text(encoding="utf-8").splitlines()
UPDATING = bool(os.environ.get("UPDATE_WALK"))
KNOWN = {(row["method"], row["path"]): row for row in csv.DictReader(LINES)}
WALKED = [
    pytest.param(method, route, id=name)
    for (method, route), name in zip(ROUTES, NAMES, strict=True)
    if (method, route.path) not in PUBLIC
]


@pytest.fixture(scope="module")
def world(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("walk")
    with sqlite_files.database() as engine:
        office = opened_office(engine, folder, NOW)
        yield from opened_world(office, folder)


def opened_world(office: Office, folder: Path) -> Iterator[World]:
    inst = office.inst
    for person in office.people:
        office.issue(person)
    everybody = visitors(inst, office)
    share = shares.share(inst, office.clock.now, shares.TO_EMPLOYER)
    app = built(office, folder)
    known = {
        "worker_id": str(people.person_id(1)),
        "person_id": str(people.person_id(1)),
        "share_id": str(share.share_id),
        "number": "1",
        "entry": "1",
        "ordinal": "1",
        "name": "provinces_34",
        "client_id": "bhxh.vn",
        "enterprise": people.EMPLOYER_CODE,
        "proposal_id": str(losses.proposed(inst)),
        "list_id": str(losses.listed_to_pay(inst)),
        "report_id": str(drafted_report(inst)),
        "indicator": "social_insurance",
        "form": "pdf",
        "finding_id": str(checks.add_finding(inst, 1, "HEADCOUNT_JUMP")),
    }
    with TestClient(app, base_url=PUBLIC_URL, follow_redirects=False) as client:
        world = World(app, client, office, everybody, known, known_cases(office))
        world.keep()
        yield world
        world.close()


def drafted_report(inst: Installation) -> UUID:
    """Count the end of a quarter, and draft a report of the ministry."""
    coverage.count(inst, NOW)
    with transaction(inst.engine) as db:
        return reporting.begin(db, inst, coverage.COUNTING, "asked", coverage.QUARTER, now=NOW)


def walked(world: World, method: str, route: RouteContext, sent: str) -> dict[str, str]:
    """Return who gets in, as a row of the table says it; afterwards all is as it was."""
    found = {who: knock(world, method, route, who, Sent.read(sent)) for who in VISITORS}
    world.restore()
    return found


def _added(world: World, method: str, route: RouteContext, row: dict[str, str] | None) -> None:
    """Add a row for a route that is not in the table, or whose row has no marks yet."""
    if row is None or not row[VISITORS[0]]:
        sent = "" if row is None else row["sent"]
        cells = walked(world, method, route, sent).values()
        with TABLE.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([method, route.path, sent, *cells])


class TestWalk:
    @pytest.mark.parametrize(("method", "route"), WALKED)
    def test_lets_in_whom_the_table_names_and_nobody_else(
        self, world: World, method: str, route: RouteContext
    ) -> None:
        row = KNOWN.get((method, route.path))
        if UPDATING:
            _added(world, method, route, row)
            return
        assert row is not None, "the table does not know this route; see the head of this file"

        found = walked(world, method, route, row["sent"])

        assert found == {who: row[who] for who in VISITORS}

    def test_table_names_no_route_that_is_gone(self) -> None:
        assert set(KNOWN) <= {(method, route.path) for method, route in ROUTES}

    def test_table_names_each_route_once_and_in_order(self) -> None:
        rows = list(csv.reader(LINES))

        assert rows[0] == ["method", "path", "sent", *VISITORS]
        assert len(rows) - 1 == len(KNOWN)
