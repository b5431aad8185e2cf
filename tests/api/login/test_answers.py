"""What the provider sends the browser back with, also if it is somebody else."""

from datetime import timedelta

import httpx
import pytest

from tests.api.login.visitor import HTML, START, Visitor, refused
from tests.support.id_provider import ISSUER


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
