"""The app of a phone or a desktop, signed in through the browser: with the code it asked for."""

import re
from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.api.login.visitor import HTML, SESSION, Visitor
from tests.services import people

VERIFIER, STATE = "v" * 43, "s" * 22
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
ASKING = {"challenge": CHALLENGE, "state": STATE}
PAGE = f"/app-sign-in?challenge={CHALLENGE}&state={STATE}"
OVER = "app-code-over"


def asked(visitor: Visitor, **more: str) -> httpx.Response:
    csrf = visitor.client.get("/session").json()["form_token"]
    return visitor.client.post("/app-sign-in", data={"csrf": csrf, **ASKING, **more}, headers=HTML)


def way_back(page: httpx.Response) -> str:
    assert page.status_code == 200, page.text
    found = re.search(r'class="button big" href="([^"]+)"', page.text)
    assert found is not None
    return found[1].replace("&amp;", "&")


def code_from(visitor: Visitor) -> str:
    visitor.sign_in()
    return parse_qs(urlsplit(way_back(asked(visitor))).query)["code"][0]


def redeemed(visitor: Visitor, code: str, verifier: str = VERIFIER) -> httpx.Response:
    """Ask as the app does: with no cookie of the browser."""
    browser = dict(visitor.client.cookies)
    visitor.client.cookies.clear()
    answer = visitor.client.post("/sign-in/app/token", json={"code": code, "verifier": verifier})
    for name, value in browser.items():
        visitor.client.cookies.set(name, value, domain="so.example.vn")
    return answer


def kind_of(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rpartition("/")[2]


def test_an_app_gets_a_session_of_its_own_that_its_sign_out_ends(visitor: Visitor) -> None:
    landed = visitor.sign_in(PAGE)
    assert landed.headers["location"] == PAGE
    assert "Nguyễn Thị Số 1" in visitor.client.get(PAGE, headers=HTML).text
    code = parse_qs(urlsplit(way_back(asked(visitor))).query)["code"][0]

    told = redeemed(visitor, code).json()

    bearer = {"Authorization": f"Bearer {told['access_token']}"}
    visitor.client.cookies.clear()
    assert visitor.client.get("/me/notices", headers=bearer).status_code == 200
    own = {"Cookie": told["cookie"]}
    assert told["cookie"].startswith(f"{SESSION}=")
    session = visitor.client.get("/session", headers=own).json()
    assert (session["kind"], session["level"]) == ("worker", 2)
    form = {"csrf": session["form_token"]}
    visitor.client.post("/sign-out", data=form, headers=own)
    assert visitor.client.get("/session", headers=own).status_code == 401
    assert visitor.client.get("/me/notices", headers=bearer).status_code == 401


class TestCode:
    def test_is_good_once(self, visitor: Visitor) -> None:
        code = code_from(visitor)

        assert redeemed(visitor, code).status_code == 200
        assert kind_of(redeemed(visitor, code)) == OVER

    def test_is_read_as_it_is_typed(self, small: Visitor) -> None:
        code = code_from(small)

        assert redeemed(small, f" {code.lower().replace('-', ' ')}").status_code == 200

    def test_is_used_up_by_a_wrong_verifier(self, small: Visitor) -> None:
        code = code_from(small)

        assert kind_of(redeemed(small, code, "w" * 43)) == OVER
        assert kind_of(redeemed(small, code)) == OVER

    def test_lives_for_minutes(self, small: Visitor) -> None:
        code = code_from(small)
        small.office.clock.now += timedelta(minutes=5)

        assert kind_of(redeemed(small, code)) == OVER

    def test_is_worth_nothing_once_the_browser_is_signed_out(self, small: Visitor) -> None:
        code = code_from(small)
        form = {"csrf": small.client.get("/session").json()["form_token"]}
        small.client.post("/sign-out", data=form)

        assert kind_of(redeemed(small, code)) == OVER

    def test_is_not_guessed_for_long(self, small: Visitor) -> None:
        code = code_from(small)
        wrong = [redeemed(small, "0000-0000-0000") for _ in range(20)]

        assert {kind_of(each) for each in wrong} == {OVER}
        assert kind_of(redeemed(small, code)) == "too-many-attempts"
        assert sum("session.begin" in str(row) for row in small.office.traced()) == 21

    def test_is_not_made_for_a_form_from_elsewhere(self, small: Visitor) -> None:
        small.sign_in()

        answer = small.client.post("/app-sign-in", data={"csrf": "x", **ASKING})

        assert kind_of(answer) == "form-not-ours"

    def test_is_not_made_for_an_employer(self, small: Visitor) -> None:
        small.stage.person = {"org_id": people.EMPLOYER_CODE, "full_name": "Phòng Nhân sự"}
        small.sign_in()

        csrf = small.client.get("/session").json()["form_token"]
        answer = small.client.post("/app-sign-in", data={"csrf": csrf, **ASKING})

        assert kind_of(answer) == "app-not-for-you"


class TestWayBack:
    def test_is_the_apps_own_link(self, small: Visitor) -> None:
        small.sign_in()

        way = way_back(asked(small))

        assert way.startswith("vn.gov.solaodong.app://app/signed-in?code=")
        assert way.endswith(f"&state={STATE}")

    def test_is_a_port_of_this_machine(self, small: Visitor) -> None:
        small.sign_in()

        assert way_back(asked(small, port="49152")).startswith("http://127.0.0.1:49152/?code=")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"port": "80"},
            {"port": "65536"},
            {"port": "8080@evil.example"},
            {"state": "https://evil.example/aaaaaaa"},
            {"challenge": "plain"},
        ],
    )
    def test_is_nothing_else(self, small: Visitor, wrong: dict[str, str]) -> None:
        small.sign_in()

        for answer in (
            asked(small, **wrong),
            small.client.get("/app-sign-in", params={**ASKING, **wrong}, headers=HTML),
        ):
            assert answer.status_code in {400, 422}
            assert "evil.example/" not in answer.text

    @pytest.mark.parametrize("name", ["redirect_uri", "to", "back"])
    def test_is_not_taken_from_what_is_asked(self, small: Visitor, name: str) -> None:
        small.sign_in()

        answer = asked(small, **{name: "https://evil.example/"})

        assert "evil.example" not in answer.text
