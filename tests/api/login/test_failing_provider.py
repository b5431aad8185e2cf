"""A provider that is out of order, describes itself wrongly, or is none."""

import httpx
import pytest
from fastapi.testclient import TestClient

from tests.api.login.visitor import HTML, Visitor, refused


class TestProviderThatFails:
    @pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks", "/token"])
    @pytest.mark.parametrize(
        "reply",
        [
            httpx.Response(500),
            httpx.Response(200, text="<html>"),
            httpx.Response(200, json=["no object"]),
            httpx.Response(200, content=b'{"a":"' + b"x" * 300_000 + b'"}'),
            httpx.Response(302, headers={"Location": "https://evil.example/"}),
            httpx.ConnectError("refused"),
            httpx.ReadTimeout("slow"),
        ],
        ids=["500", "html", "list", "huge", "elsewhere", "refused", "slow"],
    )
    def test_is_told_as_its_fault(
        self, small: Visitor, path: str, reply: httpx.Response | Exception
    ) -> None:
        if path != "/.well-known/openid-configuration":
            state = small.start()["state"]
            small.stage.replies[path] = reply
            answer = small.back(state=state)
        else:
            small.stage.replies[path] = reply
            answer = small.client.get("/sign-in/start", headers=HTML)

        assert refused(answer, "SIGN_IN_UNAVAILABLE", 503)
        assert "không phải lỗi của bạn" in answer.text

    @pytest.mark.parametrize(
        "metadata",
        [
            {"issuer": "https://evil.example"},
            {"token_endpoint": "http://id.example.vn/token"},
            {"jwks_uri": "file:///etc/passwd"},
            {"authorization_endpoint": None},
        ],
    )
    def test_is_not_believed_when_it_describes_itself_wrongly(
        self, small: Visitor, metadata: dict[str, object]
    ) -> None:
        small.stage.metadata = metadata

        answer = small.client.get("/sign-in/start", headers=HTML)

        assert refused(answer, "SIGN_IN_UNAVAILABLE", 503)

    def test_is_not_there_where_none_is_set(self, real_client: TestClient) -> None:
        answer = real_client.get("/sign-in/start", headers=HTML, follow_redirects=False)

        assert answer.status_code == 503
        assert real_client.get("/sandbox/id/jwks").status_code == 404
