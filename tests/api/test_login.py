"""Signing in by OpenID Connect: the way that works, and one test for each attack on it."""

import base64
import hashlib
import hmac
import logging
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from api.login_session import local_path
from tests.api.conftest import Office
from tests.services import people, shares
from tests.support.id_provider import (
    CLIENT,
    ISSUER,
    PASSWORD,
    Stage,
    new_key,
    public,
    query_of,
    unsigned,
)

HTML = {"Accept": "text/html"}
SESSION, START = "__Host-lb-session", "__Host-lb-sign-in"


@dataclass
class Visitor:
    """A browser at the sign-in, with a provider that the test directs."""

    client: TestClient
    stage: Stage
    office: Office

    def start(self, to: str = "/") -> dict[str, str]:
        """Begin, and return what the provider is asked."""
        answer = self.client.get(f"/sign-in/start?to={quote(to, safe='')}")
        assert answer.status_code == 303, answer.text
        asked = query_of(answer.headers["location"])
        self.stage.nonce = asked["nonce"]
        return asked

    def back(self, **said: str) -> httpx.Response:
        said = {"code": "c0de", "iss": ISSUER} | said
        return self.client.get("/sign-in/callback", params=said, headers=HTML)

    def sign_in(self, to: str = "/") -> httpx.Response:
        return self.back(state=self.start(to)["state"])

    def is_signed_in(self) -> bool:
        return self.client.get("/session").status_code == 200


def visitor_of(app: FastAPI, client: TestClient, office: Office) -> Visitor:
    stage = Stage(lambda: office.clock.now)
    stage.person = {"pin": people.personal_id(1), "full_name": "Nguyễn Thị Số 1"}
    app.state.provider = stage.provider()
    return Visitor(client, stage, office)


@pytest.fixture
def visitor(app: FastAPI, client: TestClient, office: Office) -> Visitor:
    return visitor_of(app, client, office)


@pytest.fixture
def small(small_client: TestClient, small_office: Office) -> Visitor:
    """The same on SQLite alone."""
    app = small_client.app
    assert isinstance(app, FastAPI)
    return visitor_of(app, small_client, small_office)


def refused(answer: httpx.Response, code: str, status: int = 403) -> bool:
    told = f"<code>{code}</code>" in answer.text
    return (
        told
        and answer.status_code == status
        and SESSION not in answer.headers.get_list("set-cookie")
    )


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


class TestAnswerOfTheProvider:
    def test_is_refused_with_another_state(self, visitor: Visitor) -> None:
        visitor.start()

        assert refused(visitor.back(state="x" * 43), "SIGN_IN_OVER")
        assert visitor.stage.sent("/token") == []

    def test_is_refused_without_a_state(self, small: Visitor) -> None:
        small.start()

        assert refused(small.back(), "SIGN_IN_OVER")

    def test_is_refused_in_a_browser_that_did_not_ask(self, small: Visitor) -> None:
        asked = small.start()
        small.client.cookies.clear()

        assert refused(small.back(state=asked["state"]), "SIGN_IN_OVER")

    def test_is_refused_with_the_state_of_another_browser(self, small: Visitor) -> None:
        """Login CSRF: the attacker's answer in the victim's browser."""
        attackers = small.start()["state"]
        small.client.cookies.clear()
        small.start()

        assert refused(small.back(state=attackers), "SIGN_IN_OVER")

    @pytest.mark.parametrize("cookie", ["", "x", "ệ", "A" * 42, "A" * 44, "a" * 43 + "=", "\x00"])
    def test_is_refused_with_a_cookie_that_is_none_of_ours(
        self, small: Visitor, cookie: str
    ) -> None:
        asked = small.start()
        small.client.cookies.clear()
        header = {"Cookie": f"{START}={cookie}".encode(), "Accept": b"text/html"}

        answer = small.client.get(
            "/sign-in/callback", params={"state": asked["state"], "code": "c"}, headers=header
        )

        assert refused(answer, "SIGN_IN_OVER")

    def test_is_taken_once(self, visitor: Visitor) -> None:
        state = visitor.start()["state"]
        cookie = visitor.client.cookies[START]
        visitor.back(state=state)
        visitor.client.cookies.clear()
        visitor.client.cookies.set(START, cookie, domain="so.example.vn")

        assert refused(visitor.back(state=state), "SIGN_IN_OVER")
        assert len(visitor.stage.sent("/token")) == 1

    def test_is_refused_when_it_took_too_long(self, small: Visitor) -> None:
        state = small.start()["state"]
        small.office.clock.now += timedelta(minutes=10)

        assert refused(small.back(state=state), "SIGN_IN_OVER")

    @pytest.mark.parametrize("iss", ["https://evil.example", ISSUER + "/", ""])
    def test_is_refused_from_another_provider(self, small: Visitor, iss: str) -> None:
        """Mix-up: the code is never sent to anybody."""
        state = small.start()["state"]

        assert refused(small.back(state=state, iss=iss), "ISSUER")
        assert small.stage.sent("/token") == []

    def test_is_refused_without_sender_where_there_always_is_one(self, small: Visitor) -> None:
        state = small.start()["state"]

        answer = small.client.get(
            "/sign-in/callback", params={"state": state, "code": "c"}, headers=HTML
        )

        assert refused(answer, "ISSUER")

    def test_may_lack_a_sender_where_the_provider_names_none(self, small: Visitor) -> None:
        small.stage.metadata["authorization_response_iss_parameter_supported"] = False
        state = small.start()["state"]

        answer = small.client.get("/sign-in/callback", params={"state": state, "code": "c"})

        assert answer.status_code == 303

    def test_may_be_that_the_person_cancelled(self, small: Visitor) -> None:
        state = small.start("/verify")["state"]

        answer = small.client.get(
            "/sign-in/callback",
            params={"state": state, "iss": ISSUER, "error": "access_denied"},
            headers=HTML,
        )

        assert refused(answer, "CANCELLED")
        assert "Bạn đã hủy đăng nhập" in answer.text
        assert "/sign-in?to=/verify" in answer.text

    @pytest.mark.parametrize("status", [400, 401])
    def test_with_a_code_that_was_used_is_refused(self, small: Visitor, status: int) -> None:
        small.stage.replies["/token"] = httpx.Response(status, json={"error": "invalid_grant"})

        assert refused(small.sign_in(), "CODE_REFUSED")


Forger = Callable[[Stage, dict[str, Any]], str]


def by_stranger(stage: Stage, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "ES256", "kid": stage.key.kid}, claims, new_key("k1"))


def unknown_key(_stage: Stage, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "ES256", "kid": "k9"}, claims, new_key("k9"))


def own_key_in_header(_stage: Stage, claims: dict[str, Any]) -> str:
    key = new_key("k9")
    header = {"alg": "ES256", "kid": "k9", "jwk": public(key)}
    return jwt.encode(header, claims, key)


def key_by_address(_stage: Stage, claims: dict[str, Any]) -> str:
    header = {"alg": "ES256", "kid": "k9", "jku": "https://evil.example/jwks"}
    return jwt.encode(header, claims, new_key("k9"))


def without_signature(_stage: Stage, claims: dict[str, Any]) -> str:
    return unsigned({"alg": "none"}, claims) + "."


def without_signature_spelt_oddly(stage: Stage, claims: dict[str, Any]) -> str:
    return unsigned({"alg": "nOnE", "kid": stage.key.kid}, claims) + "."


def _by_secret(secret: bytes, stage: Stage, claims: dict[str, Any]) -> str:
    signed = unsigned({"alg": "HS256", "kid": stage.key.kid}, claims)
    mac = hmac.digest(secret, signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def hmac_with_public_key(stage: Stage, claims: dict[str, Any]) -> str:
    return _by_secret(stage.key.as_pem(private=False), stage, claims)


def hmac_with_client_secret(stage: Stage, claims: dict[str, Any]) -> str:
    return _by_secret(PASSWORD.encode(), stage, claims)


def hmac_with_nothing(stage: Stage, claims: dict[str, Any]) -> str:
    return _by_secret(b"", stage, claims)


def other_algorithm(stage: Stage, claims: dict[str, Any]) -> str:
    key = RSAKey.generate_key(2048, {"kid": "r1", "use": "sig"})
    stage.published = [public(stage.key), dict(key.as_dict(private=False))]
    return jwt.encode({"alg": "RS256", "kid": "r1"}, claims, key)


def altered(stage: Stage, claims: dict[str, Any]) -> str:
    head, _, mark = jwt.encode({"alg": "ES256", "kid": stage.key.kid}, claims, stage.key).split(".")
    other = claims | {"pin": people.personal_id(2)}
    return f"{head}.{unsigned({}, other).partition('.')[2]}.{mark}"


def unknown_extension(stage: Stage, claims: dict[str, Any]) -> str:
    head = {"alg": "ES256", "kid": stage.key.kid, "crit": ["b64"], "b64": False}
    return unsigned(head, claims) + ".AAAA"


def nothing(_stage: Stage, _claims: dict[str, Any]) -> str:
    return ""


def no_token(_stage: Stage, _claims: dict[str, Any]) -> str:
    return "a.b.c"


def huge(_stage: Stage, _claims: dict[str, Any]) -> str:
    return "A" * 200_000


FORGERIES: list[Forger] = [
    *(by_stranger, unknown_key, own_key_in_header, key_by_address, without_signature),
    *(without_signature_spelt_oddly, hmac_with_public_key, hmac_with_client_secret),
    *(hmac_with_nothing, other_algorithm, altered, unknown_extension, nothing, no_token, huge),
]


class TestIdToken:
    @pytest.mark.parametrize("forger", FORGERIES, ids=lambda each: each.__name__)
    def test_is_refused_when_forged(self, small: Visitor, forger: Forger) -> None:
        small.stage.token = lambda claims: forger(small.stage, claims)

        assert refused(small.sign_in(), "ID_TOKEN")
        assert not small.is_signed_in()
        assert {str(each.url.host) for each in small.stage.asked} == {"id.example.vn"}

    @pytest.mark.parametrize(
        "wrong",
        [
            {"aud": "somebody-else"},
            {"aud": [CLIENT, "somebody-else"]},
            {"aud": []},
            {"aud": {"a": CLIENT}},
            {"azp": "somebody-else"},
            {"iss": "https://evil.example"},
            {"iss": ISSUER + "/"},
            {"nonce": "x" * 43},
            {"nonce": None},
            {"sub": 7},
            {"exp": "tomorrow"},
            {"exp": None},
            {"iat": "yesterday"},
        ],
        ids=str,
    )
    def test_is_refused_when_it_is_not_for_us(
        self, small: Visitor, wrong: dict[str, object]
    ) -> None:
        small.stage.person |= wrong

        assert refused(small.sign_in(), "ID_TOKEN")
        assert not small.is_signed_in()

    @pytest.mark.parametrize("missing", ["iss", "aud", "sub", "exp", "iat", "nonce"])
    def test_is_refused_when_it_lacks_something(self, small: Visitor, missing: str) -> None:
        small.stage.left_out = (missing,)

        assert refused(small.sign_in(), "ID_TOKEN")

    @pytest.mark.parametrize(
        ("claim", "seconds", "accepted"),
        [
            ("exp", -60, False),
            ("exp", -59, True),
            ("iat", 60, True),
            ("iat", 61, False),
            ("nbf", 60, True),
            ("nbf", 61, False),
        ],
    )
    def test_may_differ_by_a_minute(
        self, small: Visitor, claim: str, seconds: int, *, accepted: bool
    ) -> None:
        small.stage.person[claim] = int(small.office.clock.now.timestamp()) + seconds

        assert (small.sign_in().status_code == 303) is accepted

    def test_may_name_others_when_it_is_ours(self, small: Visitor) -> None:
        small.stage.person |= {"aud": [CLIENT, "somebody-else"], "azp": CLIENT}

        assert small.sign_in().status_code == 303

    def test_is_not_believed_by_a_key_for_something_else(self, small: Visitor) -> None:
        small.stage.published = [public(small.stage.key) | {"use": "enc"}]

        assert refused(small.sign_in(), "ID_TOKEN")

    def test_by_unknown_keys_does_not_make_us_fetch_all_the_time(self, small: Visitor) -> None:
        small.stage.token = lambda claims: unknown_key(small.stage, claims)
        for _ in range(5):
            small.sign_in()

        assert len(small.stage.sent("/jwks")) == 1


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


class TestFixation:
    def test_a_planted_cookie_is_never_signed_in(self, visitor: Visitor) -> None:
        planted = "A" * 43
        visitor.client.cookies.set(SESSION, planted, domain="so.example.vn")

        visitor.sign_in()

        assert visitor.client.cookies.get(SESSION, domain="so.example.vn", path="/") != planted
        visitor.client.cookies.clear()
        visitor.client.cookies.set(SESSION, planted, domain="so.example.vn")
        assert not visitor.is_signed_in()

    def test_each_sign_in_has_its_own_session_and_ends_the_one_before(
        self, visitor: Visitor
    ) -> None:
        visitor.sign_in()
        first = visitor.client.cookies[SESSION]
        visitor.sign_in()
        second = visitor.client.cookies[SESSION]

        assert first != second
        assert visitor.is_signed_in()
        visitor.client.cookies.clear()
        visitor.client.cookies.set(SESSION, first, domain="so.example.vn")
        assert not visitor.is_signed_in()


class TestSession:
    def form(self, visitor: Visitor) -> dict[str, str]:
        return {"csrf": visitor.client.get("/session").json()["form_token"]}

    def test_ends_when_it_is_signed_out(self, visitor: Visitor) -> None:
        visitor.sign_in()
        cookie = visitor.client.cookies[SESSION]

        answer = visitor.client.post("/sign-out", data=self.form(visitor))

        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert visitor.client.cookies.get(SESSION) is None
        visitor.client.cookies.set(SESSION, cookie, domain="so.example.vn")
        assert not visitor.is_signed_in()

    def test_ends_in_all_browsers(self, visitor: Visitor) -> None:
        visitor.sign_in()
        elsewhere = visitor.client.cookies[SESSION]
        visitor.client.cookies.clear()
        visitor.sign_in()

        visitor.client.post("/sign-out/everywhere", data=self.form(visitor))

        visitor.client.cookies.set(SESSION, elsewhere, domain="so.example.vn")
        assert not visitor.is_signed_in()

    def test_ends_when_it_is_idle(self, visitor: Visitor) -> None:
        visitor.sign_in()
        visitor.office.clock.now += timedelta(minutes=30)

        assert not visitor.is_signed_in()
        answer = visitor.client.get("/employer/duties", headers=HTML)
        assert answer.headers["location"].startswith("/sign-in?to=%2Femployer%2Fduties")

    @pytest.mark.parametrize("path", ["/sign-out", "/sign-out/everywhere"])
    @pytest.mark.parametrize("token", [None, "", "x" * 43, "ệ"])
    def test_does_not_end_without_a_form_of_ours(
        self, small: Visitor, path: str, token: str | None
    ) -> None:
        small.sign_in()

        answer = small.client.post(path, data={} if token is None else {"csrf": token})

        assert answer.status_code == 403
        assert answer.json()["type"] == "/problems/form-not-ours"
        assert small.is_signed_in()

    def test_does_not_end_by_the_form_of_another_session(self, small: Visitor) -> None:
        small.sign_in()
        of_before = self.form(small)
        small.sign_in()

        assert small.client.post("/sign-out", data=of_before).status_code == 403

    @pytest.mark.parametrize(
        "header",
        [
            {"Origin": "https://evil.example"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "http://so.example.vn"},
        ],
    )
    def test_does_not_end_from_another_site(self, small: Visitor, header: dict[str, str]) -> None:
        small.sign_in()

        answer = small.client.post("/sign-out", data=self.form(small), headers=header)

        assert answer.status_code == 403
        assert small.client.post("/session/token", headers=header).status_code == 403

    def test_ends_by_a_browsers_form(self, small: Visitor) -> None:
        """Our pages send no referrer: browsers then say that the origin is null."""
        small.sign_in()
        header = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}

        assert small.client.post("/sign-out", data=self.form(small), headers=header).is_redirect

    def test_is_no_bearer_and_no_bearer_is_a_session(self, visitor: Visitor) -> None:
        visitor.sign_in()
        cookie = visitor.client.cookies[SESSION]
        token = visitor.client.post("/session/token").json()["access_token"]
        assert visitor.client.get("/me/book").status_code == 401

        visitor.client.cookies.clear()
        bearer = {"Authorization": f"Bearer {cookie}"}
        assert visitor.client.get("/me/book", headers=bearer).status_code == 401
        visitor.client.cookies.set(SESSION, token, domain="so.example.vn")
        assert not visitor.is_signed_in()


class TestSessionToken:
    def test_opens_the_interface_until_the_session_ends(self, visitor: Visitor) -> None:
        visitor.office.issue(visitor.office.people[0])
        visitor.sign_in()
        made = visitor.client.post("/session/token").json()
        bearer = {"Authorization": f"Bearer {made['access_token']}"}

        assert (made["token_type"], made["expires_in"]) == ("Bearer", 900)
        assert visitor.client.get("/me/book", headers=bearer).status_code == 200

        form = visitor.client.get("/session").json()["form_token"]
        visitor.client.post("/sign-out", data={"csrf": form})
        assert visitor.client.get("/me/book", headers=bearer).status_code == 401

    def test_has_the_level_of_the_session(self, small: Visitor) -> None:
        small.office.issue(small.office.people[0])
        small.stage.person["loa"] = "1"
        small.sign_in()
        token = small.client.post("/session/token").json()["access_token"]
        bearer = {"Authorization": f"Bearer {token}"}

        assert small.client.get("/me/book", headers=bearer).status_code == 200
        answer = small.client.post("/me/sharing/freeze", headers=bearer)
        assert answer.status_code != 403

    def test_is_for_whoever_is_signed_in(self, small: Visitor) -> None:
        assert small.client.post("/session/token").status_code == 401


def test_keys_are_those_the_tests_mean() -> None:
    key: ECKey = new_key()

    assert "d" not in public(key)
    assert public(key)["kid"] == "k1"
