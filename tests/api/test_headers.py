import re
from base64 import b64encode
from hashlib import sha256

import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import Office

PATHS = ["/", "/v/x", "/docs", "/jwks", "/healthz", "/nowhere", "/me/book", "/v/" + "A" * 5000]


class TestEveryAnswer:
    @pytest.mark.parametrize("path", PATHS)
    @pytest.mark.parametrize("accepted", ["*/*", "text/html"])
    def test_is_guarded(self, small_client: TestClient, path: str, accepted: str) -> None:
        headers = small_client.get(path, headers={"Accept": accepted}).headers

        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["strict-transport-security"].startswith("max-age=31536000")
        assert headers["x-robots-tag"] == "noindex, nofollow"
        assert "server" not in headers
        assert "set-cookie" not in headers

    @pytest.mark.parametrize("path", PATHS)
    def test_says_each_thing_once(self, small_client: TestClient, path: str) -> None:
        names = [name for name, _ in small_client.get(path).headers.multi_items()]

        assert len(names) == len(set(names))


class TestPage:
    def test_allows_its_own_style_and_no_other(self, small_client: TestClient) -> None:
        answer = small_client.get("/")
        (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
        digest = b64encode(sha256(style.encode()).digest()).decode()

        assert f"style-src 'sha256-{digest}'" in answer.headers["content-security-policy"]
        assert "form-action 'self'" in answer.headers["content-security-policy"]

    def test_about_a_person_is_kept_nowhere(self, office: Office, client: TestClient) -> None:
        code = office.code(office.issue(office.people[0]))

        assert client.get(f"/v/{code}").headers["cache-control"] == "no-store"


class TestStrictTransport:
    def test_is_not_asked_for_over_plain_http(self, plain_client: TestClient) -> None:
        assert "strict-transport-security" not in plain_client.get("/").headers
