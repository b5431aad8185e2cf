"""The sandbox registers' control page, and that they are in the demonstration alone."""

import json

import pytest
from fastapi.testclient import TestClient

from api.pages import texts
from api.sandbox.registers_changes import OF_REGISTER, Change
from api.sandbox.registers_moods import Mood
from labour_book.registers.online import Register

HTML = {"Accept": "text/html"}


class TestControlPage:
    def test_shows_every_register_and_how_it_behaves(self, small_client: TestClient) -> None:
        small_client.post("/sandbox/registers/insurance/mood", json={"mood": "down"})

        shown = small_client.get("/sandbox/registers", headers=HTML).text

        assert shown.count("<form") == len(Register) + len(OF_REGISTER)
        assert '<option value="down" selected>' in shown
        assert "SANDBOX" in shown

    def test_sets_it_by_a_form(self, small_client: TestClient) -> None:
        answer = small_client.post("/sandbox/registers/contracts/mood", data={"mood": "slow"})

        assert answer.status_code == 303
        page = small_client.get(answer.headers["location"], headers=HTML).text
        assert '<option value="slow" selected>' in page

    @pytest.mark.parametrize("body", [{"mood": "sulking"}, {}, [], "x"])
    def test_knows_no_other_mood(self, small_client: TestClient, body: object) -> None:
        answer = small_client.post("/sandbox/registers/contracts/mood", json=body)

        assert answer.status_code == 422

    def test_has_words_for_every_register_and_mood(self) -> None:
        words = texts.catalogue()

        assert all(f"sandbox_registers.{each}" in words for each in Register)
        assert all(f"sandbox_registers.mood.{each}" in words for each in Mood)
        assert all(f"sandbox_registers.change.{each}" in words for each in Change)

    def test_lets_a_change_happen_by_a_form_and_shows_it(self, small_client: TestClient) -> None:
        path = "/sandbox/registers/enterprises/changes"
        answer = small_client.post(path, data={"change": "dissolved"})

        assert answer.status_code == 303
        page = small_client.get(answer.headers["location"], headers=HTML).text
        assert page.count("Doanh nghiệp giải thể") == 2
        for unknown in ("flourishing", "death"):
            assert small_client.post(path, json={"change": unknown}).status_code == 422


class TestQuestion:
    @pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 9000])
    def test_that_is_none_is_refused(self, small_client: TestClient, body: bytes) -> None:
        answer = small_client.post("/sandbox/registers/population/v1/query", content=body)

        assert answer.status_code == 422

    def test_without_a_signature_is_refused(self, small_client: TestClient) -> None:
        asked = {"version": "1", "body": {"personal_id": "001088885967"}}

        answer = small_client.post(
            "/sandbox/registers/population/v1/query", content=json.dumps(asked)
        )

        assert answer.status_code == 403
        assert "001088885967" not in answer.text


class TestOutsideTheDemonstration:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/sandbox/registers"),
            ("POST", "/sandbox/registers/population/mood"),
            ("POST", "/sandbox/registers/population/changes"),
            ("POST", "/sandbox/registers/population/v1/query"),
        ],
    )
    def test_there_are_none(self, real_client: TestClient, method: str, path: str) -> None:
        assert real_client.request(method, path, json={"mood": "down"}).status_code == 404
