"""Open data: for everybody, kept by caches, and no table of a month that may still change."""

import csv
from io import StringIO

from fastapi.testclient import TestClient

from tests.api.conftest import Office
from tests.services import numbers


class TestTables:
    def test_are_the_same_as_csv_and_as_json(self, client: TestClient, office: Office) -> None:
        numbers.keep(office.inst)

        told = client.get("/open-data/2026-07/workers-by-age.json").json()
        text = client.get("/open-data/2026-07/workers-by-age.csv").content.decode("utf-8-sig")

        rows = list(csv.DictReader(StringIO(text)))
        assert [
            (each["first"], each["second"], "" if each["people"] is None else str(each["people"]))
            for each in told["rows"]
        ] == [(each["place"], each["code"], each["people"]) for each in rows]
        by_code = {(each["place"], each["code"]): each["people"] for each in rows}
        assert by_code["TOTAL", "25-29"] == "365"
        assert by_code["01", "25-29"] == "120"
        assert told["k"] == 5
        assert "15 tuổi" not in told["definitions"][0]["vi"]
        assert "ND 194/2025" in told["licence"]["en"]

    def test_hold_no_cell_that_a_spreadsheet_computes(
        self, small_client: TestClient, small_office: Office
    ) -> None:
        numbers.keep(small_office.inst)

        for name in ("workers-by-age", "workers-by-zone", "moves-by-zone"):
            text = small_client.get(f"/open-data/2026-07/{name}.csv").content.decode("utf-8-sig")
            for row in csv.reader(StringIO(text)):
                assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in row)

    def test_are_not_sent_again_while_they_are_the_same(
        self, small_client: TestClient, small_office: Office
    ) -> None:
        numbers.keep(small_office.inst)
        first = small_client.get("/open-data/2026-07/moves-by-zone.csv")

        known = {"If-None-Match": first.headers["etag"]}
        again = small_client.get("/open-data/2026-07/moves-by-zone.csv", headers=known)

        assert "public" in first.headers["cache-control"]
        assert again.status_code == 304

    def test_are_only_of_months_that_are_final(
        self, small_client: TestClient, small_office: Office
    ) -> None:
        numbers.keep(small_office.inst, is_final=False)

        answer = small_client.get("/open-data/2026-07/workers-by-age.csv")

        assert answer.status_code == 404
        assert answer.json()["type"].endswith("not-published")
        assert small_client.get("/open-data").json()["months"] == []

    def test_are_only_those_that_are_listed(
        self, small_client: TestClient, small_office: Office
    ) -> None:
        numbers.keep(small_office.inst)
        listed = small_client.get("/open-data").json()["datasets"]

        found = {
            small_client.get(f"/open-data/2026-07/{each['name']}.json").status_code
            for each in listed
        }

        assert found == {200}
        assert small_client.get("/open-data/2026-07/people-by-name.csv").status_code == 404
        assert small_client.get("/open-data/lately/workers-by-age.csv").status_code == 422
