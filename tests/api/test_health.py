from fastapi.testclient import TestClient

from tests.api.conftest import Office


class TestHealth:
    def test_is_alive_and_ready(self, office: Office, client: TestClient) -> None:
        before = office.traced()

        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/readyz").json() == {"status": "ok"}
        assert office.traced() == before
