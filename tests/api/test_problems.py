import logging

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.dependencies import installation
from api.problems import STATUSES, listed, problems, status_of
from labour_book import database, errors
from labour_book.errors import Conflict, Invalid, LabourBookError, Unavailable
from labour_book.services import permission, verifying_publicly
from labour_book.services.access import NotSignedIn
from tests.api.conftest import PUBLIC_URL, Office, built

PERSONAL_ID = "001190000001"


class Overlap(Conflict):
    slug = "overlap"


class TestStatus:
    def test_is_that_of_the_nearest_kind(self) -> None:
        assert status_of(Overlap) == 409
        assert status_of(NotSignedIn) == 401

    def test_is_known_of_each_of_the_six_kinds(self) -> None:
        kinds = [each for each in vars(errors).values() if isinstance(each, type)]

        assert all(kind in STATUSES for kind in kinds if kind.__base__ is LabourBookError)

    def test_has_one_slug_for_each_meaning(self) -> None:
        slugs = [slug for slug, *_ in listed()]

        assert len(slugs) == len(set(slugs))


class TestDeclaration:
    def test_joins_kinds_of_one_status(self) -> None:
        declared = problems(Conflict, Overlap)

        examples = declared[409]["content"]["application/problem+json"]["examples"]
        assert set(examples) == {"conflict", "overlap"}


class TestUnavailable:
    @pytest.mark.parametrize("path", ["/readyz", "/jwks", "/status/1", "/trust/list"])
    def test_is_503_with_the_time_to_wait(
        self, small_client: TestClient, monkeypatch: pytest.MonkeyPatch, path: str
    ) -> None:
        for way in ("reading", "reading_replica"):
            monkeypatch.setattr(database, way, lambda *_engines: _down())

        answer = small_client.get(path)

        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert answer.json()["type"] == "/problems/unavailable"

    def test_of_a_real_database_is_not_a_bug(
        self, small_office: Office, small_client: TestClient
    ) -> None:
        database = small_office.inst.engine.url.database
        assert database is not None
        small_office.inst.engine.dispose()
        with open(database, "r+b") as file:  # noqa: PTH123 - it is a path in text
            file.write(b"no database any more" * 500)

        answer = small_client.get("/jwks")

        assert answer.status_code in {500, 503}
        assert "SELECT" not in answer.text

    def test_of_a_book_is_a_page_that_does_not_say_invalid(
        self, small_client: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for module, way in ((permission, "transaction"), (verifying_publicly, "reading")):
            monkeypatch.setattr(module, way, lambda _engine: _down())

        answer = small_client.get("/v/ABC", headers={"Accept": "text/html"})

        assert answer.status_code == 503
        assert "Hiện chưa kiểm tra được" in answer.text
        assert "không có nghĩa là giả" in answer.text


def _down() -> None:
    raise Unavailable("the database does not answer")


class TestBug:
    def test_is_500_without_detail_and_logged_without_values(
        self, small_client: TestClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        app = small_client.app
        assert isinstance(app, FastAPI)
        app.dependency_overrides[installation] = _broken

        with caplog.at_level(logging.ERROR):
            answer = small_client.get("/.well-known/jwt-vc-issuer")

        assert answer.status_code == 500
        assert answer.json()["detail"] == "Something went wrong on our side"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert PERSONAL_ID not in answer.text
        assert PERSONAL_ID not in caplog.text
        assert "RuntimeError" in caplog.text
        assert "_broken" in caplog.text

    def test_is_a_page_for_a_browser(self, small_client: TestClient) -> None:
        app = small_client.app
        assert isinstance(app, FastAPI)
        app.dependency_overrides[installation] = _broken

        answer = small_client.get("/demo", headers={"Accept": "text/html"})

        assert answer.status_code == 500
        assert "Đã xảy ra lỗi ở phía hệ thống" in answer.text


def _broken() -> None:
    raise RuntimeError("the person " + PERSONAL_ID)


class TestFramework:
    def test_of_an_unknown_address_has_the_same_shape(self, small_client: TestClient) -> None:
        answer = small_client.get("/nowhere")

        assert answer.status_code == 404
        assert answer.json() == {
            "type": "/problems/not-found",
            "title": "Not found",
            "title_vi": "Không tìm thấy",
            "status": 404,
            "detail": "Not found",
            "instance": "/nowhere",
        }

    def test_of_an_unknown_method_names_the_known_ones(self, small_client: TestClient) -> None:
        answer = small_client.delete("/jwks")

        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET"
        assert answer.json()["type"] == "/problems/method-not-allowed"

    def test_is_told_under_an_absolute_type_in_production(self, small_office: Office) -> None:
        app = built(small_office, small_office.inst.data_dir)
        app.state.problem_base = PUBLIC_URL
        with TestClient(app) as client:
            assert client.get("/nowhere").json()["type"] == f"{PUBLIC_URL}/problems/not-found"

    def test_names_no_place_but_our_own_parameters(self, small_client: TestClient) -> None:
        answer = small_client.get(f"/status/{PERSONAL_ID}x")

        assert answer.status_code == 422
        assert answer.json()["detail"] == "missing or not valid: path.list_id"


def test_invalid_says_what_is_wrong() -> None:
    assert str(Invalid("say for what purpose")) == "say for what purpose"
