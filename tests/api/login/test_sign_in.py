"""Signing in by OpenID Connect: the way that works, where it leads, who is refused."""

import base64
import hashlib
import logging
from base64 import b64encode
from datetime import timedelta
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.login_session import local_path
from tests.api.conftest import Office
from tests.api.login.visitor import HTML, SESSION, START, Visitor, refused
from tests.services import people, shares
from tests.support.id_provider import CLIENT, PASSWORD, Stage, new_key, query_of


class TestSignIn:
    def test_leads_to_a_session_and_back(self, visitor: Visitor) -> None:
        answer = visitor.sign_in("/verify?lang=en")

        assert (answer.status_code, answer.headers["location"]) == (303, "/verify?lang=en")
        told = visitor.client.get("/session").json()
        assert (told["kind"], told["name"], told["level"]) == ("worker", "Nguyễn Thị Số 1", 2)

    def test_asks_with_state_nonce_and_pkce(self, small: Visitor) -> None:
        asked, again = small.start(), small.start()

        assert asked["response_type"] == "code"
        assert (asked["client_id"], asked["scope"]) == (CLIENT, "openid")
        assert asked["code_challenge_method"] == "S256"
        for name in ("state", "nonce", "code_challenge"):
            assert len(asked[name]) == 43
            assert asked[name] != again[name]

    def test_proves_that_it_asked(self, small: Visitor) -> None:
        asked = small.start()
        small.back(state=asked["state"])

        (request,) = small.stage.sent("/token")
        sent = query_of("?" + request.content.decode())
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == asked["code_challenge"]
        assert (sent["grant_type"], sent["code"]) == ("authorization_code", "c0de")
        both = f"{CLIENT}:{quote(PASSWORD, safe='')}"
        assert request.headers["authorization"] == f"Basic {b64encode(both.encode()).decode()}"

    def test_puts_one_secret_into_a_cookie_that_nothing_else_gets_at(self, small: Visitor) -> None:
        answer = small.sign_in()

        (set_it,) = [each for each in answer.headers.get_list("set-cookie") if SESSION in each]
        name, _, rest = set_it.partition("=")
        value, *flags = rest.split("; ")
        assert name == SESSION
        assert len(base64.urlsafe_b64decode(value + "=")) == 32
        assert {flag.lower() for flag in flags} == {
            *("httponly", "secure", "samesite=lax", "path=/", "max-age=43200")
        }
        assert small.client.cookies.get(START) is None

    def test_over_plain_http_on_this_machine_has_cookies_too(
        self, plain_client: TestClient, small_office: Office
    ) -> None:
        app = plain_client.app
        assert isinstance(app, FastAPI)
        app.state.provider = Stage(lambda: small_office.clock.now).provider()

        answer = plain_client.get("/sign-in/start", follow_redirects=False)

        assert answer.headers["set-cookie"].startswith("lb-sign-in=")
        assert "httponly" in answer.headers["set-cookie"].lower()

    def test_writes_the_personal_id_nowhere(
        self, small: Visitor, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        answer = small.sign_in()
        told = str(answer.headers) + answer.text + caplog.text + str(small.client.cookies)

        assert people.personal_id(1) not in told
        assert people.personal_id(1) not in small.client.get("/session").text
        with small.office.inst.engine.connect() as connection:
            for table in ("session", "sign_in_identity", "account", "trace"):
                rows = connection.execute(sa.text(f"SELECT * FROM {table}")).all()
                assert rows
                assert people.personal_id(1) not in str(rows)

    @pytest.mark.parametrize("level", ["1", 1, "3", "2 ", None, ["2"], True])
    def test_takes_for_level_2_only_what_says_so(self, small: Visitor, level: object) -> None:
        small.stage.person["loa"] = level
        small.sign_in()

        assert small.client.get("/session").json()["level"] == 1

    def test_at_level_1_is_told_what_to_do_for_more(self, small: Visitor) -> None:
        small.stage.person["loa"] = "1"
        small.sign_in()

        assert "công an xã" in small.client.get("/sign-in", headers=HTML).text

    def test_of_an_enterprise_goes_to_its_pages(self, small: Visitor) -> None:
        small.stage.person = {"org_id": people.EMPLOYER_CODE}

        answer = small.sign_in()

        assert answer.headers["location"] == "/employer"
        assert small.client.get("/session").json()["kind"] == "employer"

    def test_asks_the_provider_for_its_keys_once_an_hour(self, small: Visitor) -> None:
        small.sign_in()
        small.sign_in()
        assert len(small.stage.sent("/jwks")) == 1

        small.office.clock.now += timedelta(hours=1)
        small.sign_in()
        assert len(small.stage.sent("/jwks")) == 2

    def test_follows_the_provider_to_a_new_key(self, small: Visitor) -> None:
        small.sign_in()
        small.stage.key = new_key("k2")
        small.office.clock.now += timedelta(seconds=31)

        assert small.sign_in().status_code == 303


class TestWayBack:
    @pytest.mark.parametrize(
        "to",
        [
            *("//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example"),
            *(
                "/%0d%0aSet-Cookie:a=b",
                "javascript:alert(1)",
                "evil.example",
                "",
                "///evil.example",
            ),
            *(
                "/a\r\nLocation: https://evil.example",
                "/\tevil",
                " //evil.example",
                "/" + "a" * 600,
            ),
            *("/sign-in/start", "/sign-out", "@evil.example", "/ệ", "http:/evil.example"),
        ],
    )
    def test_leads_nowhere_else(self, small: Visitor, to: str) -> None:
        way = small.sign_in(to).headers["location"]

        assert way == ("/%0d%0aSet-Cookie:a=b" if "%0d" in to else "/")

    @pytest.mark.parametrize("path", ["/", "/employer", "/verify?lang=en", "/v/ABC?x=//y#z"])
    def test_is_kept_when_it_is_ours(self, path: str) -> None:
        assert local_path(path) == path

    def test_is_remembered_for_whoever_has_to_sign_in_first(self, small: Visitor) -> None:
        answer = small.client.get("/employer/duties?lang=en", headers=HTML)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/sign-in?to=%2Femployer%2Fduties%3Flang%3Den"

        assert (
            "/sign-in/start?to=/employer/duties%3Flang%3Den"
            in small.client.get(answer.headers["location"], headers=HTML).text
        )

    def test_is_told_to_programs_as_a_problem(self, small: Visitor) -> None:
        assert small.client.get("/employer/duties").json()["status"] == 401


class TestRefusal:
    def test_of_somebody_unknown_says_what_to_do(self, small: Visitor) -> None:
        small.stage.person["pin"] = people.personal_id(404)

        answer = small.sign_in()

        assert refused(answer, "PERSON_UNKNOWN")
        assert "Ủy ban nhân dân xã" in answer.text
        assert people.personal_id(404) not in answer.text
        assert not small.is_signed_in()

    @pytest.mark.parametrize("status", ["CLOSED", "NOT_AT_ADDRESS"])
    def test_of_an_enterprise_names_its_status(self, small: Visitor, status: str) -> None:
        shares.add_enterprise(small.office.inst.engine, shares.RIVAL_CODE, status)
        small.stage.person = {"org_id": shares.RIVAL_CODE}

        assert refused(small.sign_in(), status, 409)

    def test_after_too_many_starts(self, small: Visitor) -> None:
        for _ in range(small.office.inst.sessions.starts.most):
            small.start()

        answer = small.client.get("/sign-in/start", headers=HTML)

        assert refused(answer, "TOO_MANY_ATTEMPTS", 429)
