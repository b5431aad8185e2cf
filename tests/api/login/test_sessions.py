"""What a session is good for, and how it ends."""

from datetime import timedelta

import pytest

from tests.api.login.visitor import HTML, SESSION, Visitor


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
