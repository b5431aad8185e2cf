"""The sandbox e-ID is a real OpenID provider; and our client works with one we did not write."""

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import KeySet

from api.login_provider import Provider
from api.sandbox.provider import MOST_CODES, Question, SandboxProvider
from tests.api.conftest import Office
from tests.services import people, shares
from tests.support.id_provider import REDIRECT, query_of
from tests.support.node import Clients

HTML = {"Accept": "text/html"}
PATIENCE = 20
"""Seconds that the provider's word is waited for."""
VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
ASKED = {
    "client_id": "labour-book",
    "redirect_uri": REDIRECT,
    "response_type": "code",
    "scope": "openid",
    "state": "st",
    "nonce": "no",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@dataclass
class Sandbox:
    """The application in the demonstration, which is its own provider."""

    client: TestClient
    office: Office
    provider: SandboxProvider

    def choose(self, **chosen: str) -> dict[str, str]:
        answer = self.client.post("/sandbox/id/authorize", params=ASKED, data=chosen)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(REDIRECT + "?")
        return query_of(answer.headers["location"])

    def redeem(self, code: str, **other: str) -> httpx.Response:
        secret = other.pop("secret", self.provider.client_secret)
        both = b64encode(f"labour-book:{secret}".encode()).decode()
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT,
            "code_verifier": VERIFIER,
        }
        header = {"Authorization": f"Basic {both}"}
        return self.client.post("/sandbox/id/token", data=sent | other, headers=header)

    def claims(self, code: str) -> dict[str, Any]:
        keys = KeySet.import_key_set(self.client.get("/sandbox/id/jwks").json())
        token = self.redeem(code).json()["id_token"]
        return jwt.decode(token, keys, algorithms=["ES256"]).claims

    def sign_in(self, **chosen: str) -> httpx.Response:
        """Go the whole way as a browser does."""
        start = self.client.get("/sign-in/start")
        page = self.client.get(start.headers["location"], headers=HTML)
        assert "SANDBOX" in page.text
        back = self.client.post(start.headers["location"], data=chosen)
        return self.client.get(back.headers["location"], headers=HTML)


@pytest.fixture
def sandbox(small_client: TestClient, small_office: Office) -> Sandbox:
    app = small_client.app
    assert isinstance(app, FastAPI)
    about = app.state.provider.about
    inside = small_client._transport
    app.state.provider = Provider(about, lambda: httpx.Client(transport=inside))
    for person in small_office.people:
        small_office.issue(person)
    return Sandbox(small_client, small_office, app.state.sandbox_provider)


class TestSandbox:
    def test_describes_itself(self, sandbox: Sandbox) -> None:
        told = sandbox.client.get("/sandbox/id/.well-known/openid-configuration").json()

        assert told["issuer"] == "https://so.example.vn/sandbox/id"
        assert told["authorization_response_iss_parameter_supported"] is True
        assert told["code_challenge_methods_supported"] == ["S256"]
        (key,) = sandbox.client.get("/sandbox/id/jwks").json()["keys"]
        assert "d" not in key

    def test_says_that_it_is_not_vneid(self, sandbox: Sandbox) -> None:
        text = sandbox.client.get("/sandbox/id/authorize", params=ASKED, headers=HTML).text

        assert "SANDBOX" in text
        assert "KHÔNG PHẢI VNeID" in text
        assert "Nguyễn Thị Số 1" in text
        assert people.personal_id(1) not in text

    def test_shows_enterprises_that_will_be_refused_too(self, sandbox: Sandbox) -> None:
        shares.add_enterprise(sandbox.office.inst.engine, shares.RIVAL_CODE, "CLOSED")

        text = sandbox.client.get("/sandbox/id/authorize", params=ASKED, headers=HTML).text

        assert f'value="firm:{people.EMPLOYER_CODE}"' in text
        assert f'value="firm:{shares.RIVAL_CODE}"' in text
        assert "Đã giải thể" in text

    def test_sends_back_code_state_and_sender(self, sandbox: Sandbox) -> None:
        told = sandbox.choose(who="person:0")

        assert (told["state"], told["iss"]) == ("st", sandbox.provider.issuer)
        claims = sandbox.claims(told["code"])
        assert claims["pin"] in {people.personal_id(number) for number in (1, 2, 3)}
        assert claims["loa"] == "2"
        assert (claims["aud"], claims["nonce"]) == ("labour-book", "no")
        assert claims["pin"] not in claims["sub"]

    def test_plays_every_official_it_shows(self, sandbox: Sandbox) -> None:
        text = sandbox.client.get("/sandbox/id/authorize", params=ASKED, headers=HTML).text
        shown = re.findall(r'value="(official:\w+)"', text)

        assert "official:statistician" in shown
        for who in shown:
            assert sandbox.claims(sandbox.choose(who=who)["code"])["loa"] == "2"

    def test_names_the_same_person_the_same_always(self, sandbox: Sandbox) -> None:
        one, again, other = (
            sandbox.claims(sandbox.choose(who=f"person:{place}")["code"])["sub"]
            for place in (0, 0, 1)
        )

        assert one == again != other

    def test_can_be_cancelled(self, sandbox: Sandbox) -> None:
        told = sandbox.choose(who="person:0", cancel="yes")

        assert told == {"error": "access_denied", "state": "st", "iss": sandbox.provider.issuer}

    def test_needs_a_choice(self, sandbox: Sandbox) -> None:
        assert sandbox.choose(who="person:99")["error"] == "login_required"

    def test_gives_a_token_once(self, sandbox: Sandbox) -> None:
        code = sandbox.choose(who="person:0")["code"]

        assert sandbox.redeem(code).status_code == 200
        again = sandbox.redeem(code)
        assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})

    @pytest.mark.parametrize(
        ("other", "status", "error"),
        [
            ({"code_verifier": "w" * 43}, 400, "invalid_grant"),
            ({"code_verifier": ""}, 400, "invalid_grant"),
            ({"redirect_uri": "https://evil.example"}, 400, "invalid_grant"),
            ({"grant_type": "password"}, 400, "unsupported_grant_type"),
            ({"secret": "guessed"}, 401, "invalid_client"),
        ],
    )
    def test_gives_no_token_to_others(
        self, sandbox: Sandbox, other: dict[str, str], status: int, error: str
    ) -> None:
        code = sandbox.choose(who="person:0")["code"]

        answer = sandbox.redeem(code, **other)

        assert (answer.status_code, answer.json()) == (status, {"error": error})

    def test_gives_no_token_after_a_minute(self, sandbox: Sandbox) -> None:
        code = sandbox.choose(who="person:0")["code"]
        sandbox.office.clock.now += timedelta(seconds=61)

        assert sandbox.redeem(code).json() == {"error": "invalid_grant"}

    @pytest.mark.parametrize(
        "wrong", [{"client_id": "x"}, {"redirect_uri": "https://evil.example/"}], ids=str
    )
    def test_sends_nothing_to_strangers(self, sandbox: Sandbox, wrong: dict[str, str]) -> None:
        answer = sandbox.client.get("/sandbox/id/authorize", params=ASKED | wrong, headers=HTML)

        assert answer.status_code == 400
        assert "location" not in answer.headers

    @pytest.mark.parametrize(
        ("wrong", "error"),
        [
            ({"response_type": "token"}, "unsupported_response_type"),
            ({"scope": "email"}, "invalid_scope"),
            ({"code_challenge": ""}, "invalid_request"),
            ({"code_challenge_method": "plain"}, "invalid_request"),
        ],
    )
    def test_tells_the_client_what_is_wrong(
        self, sandbox: Sandbox, wrong: dict[str, str], error: str
    ) -> None:
        answer = sandbox.client.get("/sandbox/id/authorize", params=ASKED | wrong)

        assert query_of(answer.headers["location"])["error"] == error

    def test_holds_no_more_codes_than_it_should(self, sandbox: Sandbox) -> None:
        now = sandbox.office.clock.now
        first = sandbox.provider.grant(Question("", ""), {}, now)
        for _ in range(MOST_CODES):
            sandbox.provider.grant(Question("", ""), {}, now)

        assert len(sandbox.provider._codes) == MOST_CODES
        assert first not in sandbox.provider._codes


class TestOwnClient:
    def test_signs_a_person_in(self, sandbox: Sandbox) -> None:
        answer = sandbox.sign_in(number=people.personal_id(1), level="1")

        assert answer.status_code == 303
        told = sandbox.client.get("/session").json()
        assert (told["name"], told["level"]) == ("Nguyễn Thị Số 1", 1)

    def test_signs_an_enterprise_in(self, sandbox: Sandbox) -> None:
        answer = sandbox.sign_in(who=f"firm:{people.EMPLOYER_CODE}")

        assert answer.headers["location"] == "/employer"

    def test_tells_somebody_unknown_what_to_do(self, sandbox: Sandbox) -> None:
        answer = sandbox.sign_in(who="person:0", number=people.personal_id(404))

        assert answer.status_code == 403
        assert "PERSON_UNKNOWN" in answer.text

    def test_tells_that_it_was_cancelled(self, sandbox: Sandbox) -> None:
        assert "Bạn đã hủy đăng nhập" in sandbox.sign_in(cancel="yes").text


@dataclass
class Independent:
    """The provider of the package ``oidc-provider``, with one client: us."""

    issuer: str
    secret: str
    told: Queue[str]
    """Statements of who has signed out there, as they were sent to us."""

    def address(self, account: dict[str, str]) -> str:
        """Return where the browser is sent; it signs in as told, asking nobody."""
        return f"{self.issuer}/be/{b64encode(json.dumps(account).encode()).hex()}"


@contextmanager
def listening() -> Iterator[tuple[str, Queue[str]]]:
    """Listen on loopback for what is posted; return the address, and what was said so far."""
    told: Queue[str] = Queue()

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            told.put(form["logout_token"][0])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/sign-in/logged-out", told
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def independent(clients: Clients) -> Iterator[Independent]:
    with (
        listening() as (address, told),
        clients.running("id_provider.mjs", REDIRECT, address) as process,
    ):
        assert process.stdout is not None
        started = json.loads(process.stdout.readline())
        yield Independent(started["issuer"], started["secret"], told)


class TestAgainstAnIndependentProvider:
    def sign_in(
        self,
        client: TestClient,
        independent: Independent,
        account: dict[str, str],
        *,
        signs_out: bool = False,
    ) -> httpx.Response:
        """Sign in; and then sign out at the provider, where that is wanted."""
        app = client.app
        assert isinstance(app, FastAPI)
        about = replace(
            app.state.provider.about,
            issuer=independent.issuer,
            client_id="so-lao-dong",
            client_secret=independent.secret,
        )
        app.state.provider = Provider(about, lambda: httpx.Client(trust_env=False))
        start = client.get("/sign-in/start")
        with httpx.Client(trust_env=False) as browser:
            browser.get(independent.address(account))
            at = start.headers["location"]
            while urlsplit(at).hostname == "127.0.0.1":
                answer = browser.get(at)
                assert answer.status_code in {302, 303}, answer.text
                at = urljoin(at, answer.headers["location"])
            assert at.startswith(REDIRECT)
            assert query_of(at)["iss"] == independent.issuer
            answer = client.get(at, headers=HTML)
            if signs_out:
                asked = browser.get(f"{independent.issuer}/session/end").text
                address, xsrf = (
                    re.search(rf'{name}="([^"]+)"', asked)
                    for name in ("action", "name=.xsrf. value")
                )
                assert address is not None
                assert xsrf is not None
                browser.post(address[1], data={"xsrf": xsrf[1], "logout": "yes"})
        return answer

    @pytest.fixture
    def today(self, small_client: TestClient) -> TestClient:
        """The provider has its own clock: ours has to be right."""
        from datetime import UTC, datetime  # noqa: PLC0415 - nothing else here reads the clock

        app = small_client.app
        assert isinstance(app, FastAPI)
        app.state.clock = lambda: datetime.now(UTC)
        return small_client

    def test_signs_a_person_in(self, today: TestClient, independent: Independent) -> None:
        answer = self.sign_in(today, independent, {"pin": people.personal_id(1), "loa": "2"})

        assert answer.status_code == 303, answer.text
        told = today.get("/session").json()
        assert (told["name"], told["level"]) == ("Nguyễn Thị Số 1", 2)

    def test_signs_an_enterprise_in(self, today: TestClient, independent: Independent) -> None:
        answer = self.sign_in(today, independent, {"org_id": people.EMPLOYER_CODE})

        assert answer.headers["location"] == "/employer"

    def test_ends_the_session_of_whoever_signs_out_there(
        self, today: TestClient, independent: Independent
    ) -> None:
        account = {"pin": people.personal_id(1), "loa": "2"}
        self.sign_in(today, independent, account, signs_out=True)
        said = independent.told.get(timeout=PATIENCE)
        assert today.get("/session").status_code == 200

        ended = today.post("/sign-in/logged-out", data={"logout_token": said})

        assert ended.status_code == 200, ended.text
        assert today.get("/session").status_code == 401
        again = today.post("/sign-in/logged-out", data={"logout_token": said})
        assert again.status_code == 409
        forged = said[:-4] + ("AAAA" if not said.endswith("AAAA") else "BBBB")
        assert today.post("/sign-in/logged-out", data={"logout_token": forged}).status_code == 403

    def test_refuses_its_token_for_somebody_elses_nonce(
        self, today: TestClient, independent: Independent, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        genuine = Provider._verified
        monkeypatch.setattr(
            Provider,
            "_verified",
            lambda self, token, _nonce, now: genuine(self, token, "x" * 43, now),
        )

        answer = self.sign_in(today, independent, {"pin": people.personal_id(1), "loa": "2"})

        assert "ID_TOKEN" in answer.text
        assert today.get("/session").status_code == 401
