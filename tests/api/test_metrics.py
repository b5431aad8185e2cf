import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import SecretStr, ValidationError

from api.figures import Figures
from api.tracing import Tracing
from labour_book.log_lines import JsonLines
from labour_book.services.standing import Standing
from labour_book.settings import Settings
from tests.api.conftest import PUBLIC_URL, Office, settings_for
from tests.services.people import personal_id
from tests.services.test_head_statements import stated
from tests.support.apps import app_for

TOKEN = "t" * 32
MONITORING = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def watched(small_office: Office, tmp_path: Path) -> Iterator[TestClient]:
    settings = settings_for(tmp_path).model_copy(update={"metrics_token": SecretStr(TOKEN)})
    app = app_for(settings, small_office.inst)
    app.state.clock = lambda: small_office.clock.now
    with TestClient(app, base_url=PUBLIC_URL) as client:
        yield client


class TestMetrics:
    def test_tell_how_the_installation_stands(
        self, small_office: Office, watched: TestClient
    ) -> None:
        small_office.issue(small_office.people[0])
        stated(small_office.inst, small_office.clock.now)
        small_office.issue(small_office.people[1])

        text = watched.get("/metrics", headers=MONITORING).text

        said = dict(line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#")
        rows = len(small_office.traced())
        assert float(said["labour_book_trace_rows"]) == rows
        assert float(said["labour_book_trace_unsigned_rows"]) == 1
        assert float(said["labour_book_head_statement_age_days"]) == 0
        assert float(said["labour_book_key_days_left"]) > 300
        assert {f"labour_book_{each}" for each in Standing.told()} <= set(said)

    @pytest.mark.parametrize("given", [{}, {"Authorization": "Bearer wrong"}])
    def test_are_not_there_for_others(self, watched: TestClient, given: dict[str, str]) -> None:
        assert watched.get("/metrics", headers=given).status_code == 404

    def test_are_not_there_without_a_token(self, small_client: TestClient) -> None:
        assert small_client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
        with pytest.raises(ValidationError):
            Settings(demo=True, metrics_token=SecretStr("short"))

    def test_count_requests_by_route_and_nobody_by_name(self, small_office: Office) -> None:
        figures = Figures()
        figures.answered("GET", "/v/{code}", 200, 12.0)
        figures.answered("NGUYỄN", "/v/{code}", 200, 3000.0)

        with small_office.inst.engine.connect():
            text = figures.written(Standing(*range(10))).decode()

        assert 'requests_total{method="GET",route="/v/{code}",status="200"} 1.0' in text
        assert 'method="?"' in text
        assert 'request_seconds_bucket{le="2.5",route="/v/{code}"} 1.0' in text
        assert "NGUY" not in text


class TestTraces:
    def test_name_the_route_and_nothing_of_the_request(
        self, small_office: Office, tmp_path: Path
    ) -> None:
        kept = InMemorySpanExporter()
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(kept))
        app: FastAPI = app_for(settings_for(tmp_path), small_office.inst)
        app.add_middleware(Tracing, provider=provider)
        code = small_office.code(small_office.issue(small_office.people[0]))
        with TestClient(app, base_url=PUBLIC_URL) as client:
            client.get(f"/v/{code}", params={"x": personal_id()})
            client.get(f"/{personal_id()}")

        spans = kept.get_finished_spans()
        told = "".join(each.to_json() for each in spans)
        assert [each.name for each in spans] == ["GET /v/{code}", "GET (no such route)"]
        assert code not in told
        assert personal_id() not in told


class TestLogLines:
    def test_are_json_and_never_hold_the_text_of_an_error(self) -> None:
        try:
            int(personal_id() + "x")
        except ValueError as error:
            record = logging.LogRecord(
                "api.x",
                logging.ERROR,
                __file__,
                1,
                "%s has failed",
                ("mail",),
                (type(error), error, error.__traceback__),
            )

        line = JsonLines().format(record)

        told = json.loads(line)
        assert (told["level"], told["said"], told["error"]) == (
            "error",
            "mail has failed",
            "ValueError",
        )
        assert personal_id() not in line
        assert "test_metrics.py" in told["places"][0]
