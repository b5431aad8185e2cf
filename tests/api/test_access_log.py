import io
import json
from datetime import UTC, datetime

from fastapi.testclient import TestClient

from api import access_log
from api.access_log import Told, written_to
from tests.api.conftest import PURPOSE, Office
from tests.services.people import personal_id


class TestAccessLog:
    def test_has_one_line_per_request_without_whom_it_was_about(
        self, office: Office, client: TestClient
    ) -> None:
        code = office.code(office.issue(office.people[0]))
        stream = io.StringIO()
        with written_to(stream):
            client.get(f"/v/{code}?lang=en")
            client.get(f"/workers/{office.people[0]}/book", params={"purpose": PURPOSE})
            client.get(f"/{personal_id()}?x={personal_id()}")
            client.request("GÉT".encode("latin-1").decode("latin-1"), "/healthz")

        lines = [json.loads(line) for line in stream.getvalue().splitlines()]
        assert [(line["route"], line["status"]) for line in lines][:3] == [
            ("/v/{code}", 200),
            ("/workers/{worker_id}/book", 401),
            ("(no such route)", 404),
        ]
        assert all(line["ms"] >= 0 and line["bytes"] > 0 for line in lines)
        for secret in (code, str(office.people[0]), personal_id(), PURPOSE, "lang", "Nguyễn"):
            assert secret not in stream.getvalue()

    def test_loses_no_line_when_it_ends(self) -> None:
        told = Told(datetime(2026, 11, 20, tzinfo=UTC), "GET", "/healthz", 200, 0.1, 2)
        stream = io.StringIO()
        with written_to(stream):
            (reader,) = access_log._readers
            for _ in range(1_000):
                reader.put(told)

        lines = [json.loads(line) for line in stream.getvalue().splitlines()]
        assert len(lines) == 1_000
        assert lines[0]["at"] == "2026-11-20T00:00:00+00:00"

    def test_is_off_the_hot_path_when_nobody_reads_it(self, small_client: TestClient) -> None:
        app_lines = access_log._readers.pop()
        try:
            assert small_client.get("/healthz").status_code == 200
            assert app_lines.empty()
        finally:
            access_log._readers.append(app_lines)
