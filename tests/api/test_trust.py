import gzip
import json
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

import signing
from labour_book.services import access, keys
from signing import Use
from signing import credential as closed_lists
from tests.api.conftest import OPERATOR, PUBLIC_URL, Office
from tests.services.people import add_diploma
from tests.services.test_head_statements import stated

PUBLISHED = [
    "/jwks",
    "/.well-known/jwt-vc-issuer",
    "/status/1",
    "/trust/list",
    "/vct/labour-book/1",
]


@pytest.fixture
def issued(office: Office) -> Office:
    office.issue(office.people[0])
    return office


class TestPublished:
    @pytest.mark.parametrize("path", PUBLISHED)
    def test_may_be_kept_and_read_by_every_site(
        self, issued: Office, client: TestClient, path: str
    ) -> None:
        before = issued.traced()

        answer = client.get(path)

        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert answer.headers["cache-control"] == "public, max-age=3600"
        assert issued.traced() == before

    @pytest.mark.parametrize("path", PUBLISHED)
    @pytest.mark.usefixtures("issued")
    def test_is_not_sent_again_unchanged(self, client: TestClient, path: str) -> None:
        tag = client.get(path).headers["etag"]

        again = client.get(path, headers={"If-None-Match": f'"other", {tag}'})

        # What is signed anew each time may differ; what is not must not.
        if path in {"/jwks", "/.well-known/jwt-vc-issuer", "/vct/labour-book/1"}:
            assert again.status_code == 304
            assert again.content == b""

    @pytest.mark.usefixtures("issued")
    def test_is_compressed_for_who_takes_it(self, client: TestClient) -> None:
        with client.stream("GET", "/jwks", headers={"Accept-Encoding": "gzip"}) as answer:
            packed = b"".join(answer.iter_raw())
        plain = client.get("/jwks", headers={"Accept-Encoding": "identity"})

        assert answer.headers["content-encoding"] == "gzip"
        assert gzip.decompress(packed) == plain.content
        assert "content-encoding" not in plain.headers


class TestKeys:
    def test_stay_published_after_a_rotation(self, issued: Office, client: TestClient) -> None:
        before = {key["kid"] for key in client.get("/jwks").json()["keys"]}
        with access.deed(issued.inst.engine) as db:
            keys.rotate(db, issued.inst, Use.CREDENTIAL, by=OPERATOR, now=issued.clock.now)

        after = {key["kid"] for key in client.get("/jwks").json()["keys"]}

        assert before < after
        assert all("d" not in key for key in client.get("/jwks").json()["keys"])

    @pytest.mark.usefixtures("issued")
    def test_are_named_with_their_issuer(self, client: TestClient) -> None:
        about = client.get("/.well-known/jwt-vc-issuer").json()

        assert about["issuer"] == PUBLIC_URL
        assert about["jwks"] == client.get("/jwks").json()


class TestStatusList:
    def test_says_what_is_superseded(self, issued: Office, client: TestClient) -> None:
        add_diploma(issued.inst.engine, issued.people[0], 1, at=issued.clock.now)
        token = client.get("/status/1")
        bundle = _bundle(client, issued)
        before = signing.read_status_list(token.text, bundle, issued.clock.now)
        issued.clock.now += timedelta(seconds=60)
        issued.issue(issued.people[0])
        issued.clock.now += timedelta(seconds=60)

        after = signing.read_status_list(client.get("/status/1").text, bundle, issued.clock.now)

        assert token.headers["content-type"] == "application/statuslist+jwt"
        assert before.uri == f"{PUBLIC_URL}/status/1"
        assert before.list.size == after.list.size
        assert before.list != after.list

    @pytest.mark.parametrize("number", ["2", "999999999"])
    def test_that_is_not_there_is_not_found(self, small_client: TestClient, number: str) -> None:
        assert small_client.get(f"/status/{number}").status_code == 404

    @pytest.mark.parametrize("number", ["0", "-1", "x", "1.0", "2147483648", "9" * 400, "%00"])
    def test_that_cannot_be_is_invalid(self, small_client: TestClient, number: str) -> None:
        answer = small_client.get(f"/status/{number}")

        assert answer.status_code == 422
        assert answer.json()["type"] == "/problems/invalid"


def _bundle(client: TestClient, office: Office) -> signing.TrustBundle:
    token = client.get("/trust/list").text
    root = office.inst.key_ring.anchor.root
    return signing.trust_list_read(token, root=root, now=office.clock.now)


class TestTrustList:
    def test_is_read_with_the_pinned_root_alone(self, issued: Office, client: TestClient) -> None:
        answer = client.get("/trust/list")

        assert answer.headers["content-type"] == "application/vn-trustlist+jwt"
        assert set(_bundle(client, issued).keys) >= {
            key["kid"] for key in client.get("/jwks").json()["keys"]
        }


class TestCredentialType:
    def test_names_every_claim_there_can_be(self, client: TestClient) -> None:
        metadata = client.get("/vct/labour-book/1").json()
        named = {tuple(claim["path"]) for claim in metadata["claims"]}

        assert metadata["vct"] == f"{PUBLIC_URL}/vct/labour-book/1"
        assert named == _all_claims()
        assert all(len(claim["display"]) == 2 for claim in metadata["claims"])

    def test_says_which_may_be_hidden(self, client: TestClient) -> None:
        claims = client.get("/vct/labour-book/1").json()["claims"]
        hidden = {tuple(each["path"]) for each in claims if each["sd"] == "always"}

        assert ("employments", None, "wage_base_vnd") in hidden
        assert ("worker", "personal_id") in hidden
        assert ("employments", None, "employer") not in hidden

    def test_knows_no_reason_for_leaving(self, client: TestClient) -> None:
        text = json.dumps(client.get("/vct/labour-book/1").json())

        assert "reason" not in text


def _all_claims() -> set[tuple[str | None, ...]]:
    return (
        {(name,) for name in closed_lists._WHOLE}
        | {(group, name) for group, names in closed_lists._BY_MEMBER.items() for name in names}
        | {(group, None) for group in closed_lists._BY_ELEMENT}
        | {
            (group, None, name)
            for group, names in closed_lists._BY_ELEMENT.items()
            for name in names
        }
    )


class TestStatedHead:
    def test_is_there_for_everybody_to_keep(
        self, small_office: Office, small_client: TestClient
    ) -> None:
        assert small_client.get("/log/head").status_code == 404
        small_office.issue(small_office.people[0])
        stated(small_office.inst, small_office.clock.now)

        head, heads = small_client.get("/log/head"), small_client.get("/log/heads")

        assert head.text == heads.text
        assert head.text.split("\n")[1] == str(len(small_office.traced()))
        assert head.headers["access-control-allow-origin"] == "*"
        assert head.headers["content-type"].startswith("text/plain")
