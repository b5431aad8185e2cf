from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from labour_book.services import collection
from labour_book.services.access import Role
from labour_book.services.receipts import RunSummary
from tests.api.conftest import Office

COLUMNS = (
    "enterprise_code,name,legal_form,status,status_date,vsic_code,commune_code,zone,zone_kind,"
    "expected_headcount,registered_on,name_before,renamed_on"
)
ROWS = (
    "0100109106,CÔNG TY MẪU,CTCP,ACTIVE,,24,00070,,,100,2010-01-01,,",
    "1234567890,CÔNG TY SAI MÃ,CTCP,ACTIVE,,24,00070,,,100,2010-01-01,,",
)


@pytest.fixture
def run(office: Office, tmp_path: Path, now: datetime) -> RunSummary:
    file = tmp_path / "enterprises.csv"
    file.write_text("\n".join([COLUMNS, *ROWS, ""]), encoding="utf-8")
    inst = office.inst
    return collection.import_file(inst.engine, inst.vault, "enterprises", file, by="test", now=now)


class TestDelivery:
    def test_tells_an_official_what_became_of_the_rows(
        self, office: Office, client: TestClient, run: RunSummary
    ) -> None:
        official = office.token("official", Role.AUDITOR, unit="UB-00070")

        answer = client.get(f"/imports/{run.run_id}", headers=official)

        assert answer.status_code == 200
        assert answer.json()["rows"] == dict(run.rows)
        assert answer.json()["rows_done"] == 2
        assert answer.json()["state"] == "done"

    def test_is_not_for_workers(
        self, office: Office, client: TestClient, run: RunSummary, worker: dict[str, str]
    ) -> None:
        before = len(office.traced())

        assert client.get(f"/imports/{run.run_id}", headers=worker).status_code == 403
        assert office.traced()[before:] == [("import.read", "refused", None)]

    def test_is_not_found_when_there_is_none(self, office: Office, client: TestClient) -> None:
        official = office.token("official", Role.AUDITOR, unit="UB-00070")

        assert client.get(f"/imports/{uuid4()}", headers=official).status_code == 404
        assert client.get("/imports/1", headers=official).status_code == 422
        assert client.get(f"/imports/{uuid4()}").status_code == 401
