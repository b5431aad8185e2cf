"""Open data: for everybody, kept by caches, and no table of a month that may still change."""

import csv
import re
from io import StringIO

import pytest
from fastapi.testclient import TestClient

from labour_book.domain.open_data import DATASETS
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


class TestPage:
    def test_shows_a_table_with_its_drawing_and_where_to_get_it(
        self, client: TestClient, office: Office
    ) -> None:
        numbers.keep(office.inst)

        page = client.get("/data", params={"table": "workers-by-age", "lang": "en"}).text

        assert "<svg" in page
        assert 'href="/open-data/2026-07/workers-by-age.csv"' in page
        rows = re.findall(r"<tr><th scope=\"row\">([^<]*)</th>(.*)</tr>", page)
        heads = re.findall(r'<th scope="col" class="number">([^<]*)</th>', page)
        cells = {name: re.findall(r"<td[^>]*>([^<]*)</td>", line) for name, line in rows}
        assert dict(zip(heads, cells["Whole country"], strict=True))["25-29"] == "365"
        assert dict(zip(heads, cells["Hanoi"], strict=True))["25-29"] == "120"

    @pytest.mark.parametrize("table", sorted(DATASETS))
    @pytest.mark.parametrize("language", ["vi", "en"])
    def test_has_each_table_in_both_languages(
        self, small_client: TestClient, small_office: Office, table: str, language: str
    ) -> None:
        numbers.keep(small_office.inst)

        answer = small_client.get("/data", params={"table": table, "lang": language})

        assert answer.status_code == 200
        assert answer.headers["content-language"] == language

    def test_says_so_where_there_is_nothing_yet(self, small_client: TestClient) -> None:
        page = small_client.get("/data", params={"lang": "vi"}).text

        assert "Chưa có tháng nào được công bố" in page

    @pytest.mark.parametrize("asked", [{"table": "people"}, {"month": "2019-01"}])
    def test_has_no_other_tables(
        self, small_client: TestClient, small_office: Office, asked: dict[str, str]
    ) -> None:
        numbers.keep(small_office.inst)

        assert small_client.get("/data", params=asked).status_code == 404
