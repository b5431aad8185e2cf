"""Codes looked up by name, by whoever asks."""

import pytest
from fastapi.testclient import TestClient


class TestPlaces:
    def test_are_found_with_since_when_their_list_is_in_force(
        self, small_client: TestClient
    ) -> None:
        told = small_client.get("/places", params={"q": "hong ha", "limit": 1}).json()

        assert told["places"] == [
            {"code": "00097", "name": "Phường Hồng Hà, Thành phố Hà Nội", "formerly": ""}
        ]
        assert told["in_force"]["valid_from"] == "2025-07-01"
        assert told["in_force"]["valid_to"] is None

    @pytest.mark.parametrize("params", [{"q": "x" * 121}, {"limit": 0}, {"limit": 61}])
    def test_are_not_looked_for_without_bounds(
        self, small_client: TestClient, params: dict[str, str | int]
    ) -> None:
        assert small_client.get("/places", params=params).status_code == 422


class TestOccupations:
    def test_are_found_with_their_group(self, small_client: TestClient) -> None:
        told = small_client.get("/occupations", params={"q": "lái xe"}).json()

        assert [each["code"] for each in told["occupations"]] == ["83"]
        assert told["in_force"]["valid_from"] == "2021-01-15"
