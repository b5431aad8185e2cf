"""Where wallets find what we issue, with and without a path in our address."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.api.conftest import Office, TestClient, built

NAMES = ("openid-credential-issuer", "oauth-authorization-server", "jwt-vc-issuer")
AT_PATH = "https://so.example.vn/lao-dong"


@pytest.fixture
def client_at_path(small_office: Office, tmp_path: Path) -> Iterator[TestClient]:
    inst = small_office.inst
    moved = replace(inst, public_url=AT_PATH, issuer=replace(inst.issuer, uri=AT_PATH))
    with TestClient(built(replace(small_office, inst=moved), tmp_path)) as client:
        yield client


class TestWellKnown:
    @pytest.mark.parametrize("name", NAMES)
    def test_stands_before_the_path_of_the_issuer(
        self, client_at_path: TestClient, name: str
    ) -> None:
        found = client_at_path.get(f"/.well-known/{name}/lao-dong").json()

        assert AT_PATH in (found.get("credential_issuer"), found.get("issuer"))
        assert client_at_path.get(f"/.well-known/{name}/other").status_code == 404

    @pytest.mark.parametrize("name", NAMES)
    def test_stands_at_the_top_without_a_path(self, small_client: TestClient, name: str) -> None:
        answer = small_client.get(f"/.well-known/{name}")

        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "*"
        assert small_client.get(f"/.well-known/{name}/x").status_code == 404

    def test_names_addresses_that_there_are(self, small_client: TestClient) -> None:
        issuer = small_client.get("/.well-known/openid-credential-issuer").json()
        server = small_client.get("/.well-known/oauth-authorization-server").json()
        told = [value for name, value in (issuer | server).items() if name.endswith("_endpoint")]

        paths = [each.removeprefix(issuer["credential_issuer"]) for each in told]
        statuses = {path: small_client.get(path).status_code for path in paths}

        assert len(statuses) == 6
        assert statuses.pop("/authorize") == 401
        assert set(statuses.values()) == {405}

    def test_describes_the_book(self, small_client: TestClient) -> None:
        found = small_client.get("/.well-known/openid-credential-issuer").json()

        book = found["credential_configurations_supported"]["labour-book"]
        assert found["batch_credential_issuance"] == {"batch_size": 10}
        assert book["format"] == "dc+sd-jwt"
        assert ["worker", "full_name"] in [
            each["path"] for each in book["credential_metadata"]["claims"]
        ]
