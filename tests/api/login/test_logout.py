"""Signing out at the provider."""

from typing import Any

import httpx
import pytest
from joserfc import jwt

from tests.api.login.visitor import Visitor
from tests.services import shares
from tests.support.id_provider import CLIENT, ISSUER, new_key, unsigned

EVENT = "http://schemas.openid.net/event/backchannel-logout"


class TestLogoutAtTheProvider:
    """The provider says that somebody has signed out there (back-channel logout)."""

    def token(self, visitor: Visitor, **other: Any) -> str:
        at = int(visitor.office.clock.now.timestamp())
        claims = {"iss": ISSUER, "aud": CLIENT, "iat": at, "jti": "l1", "sub": "pairwise-1"}
        claims |= {"events": {EVENT: {}}} | other
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "ES256", "kid": visitor.stage.key.kid, "typ": "logout+jwt"}
        return jwt.encode(header, claims, visitor.stage.key)

    def tell(self, visitor: Visitor, token: str) -> httpx.Response:
        return visitor.client.post("/sign-in/logged-out", data={"logout_token": token})

    def test_ends_the_session_and_its_tokens_at_once(self, visitor: Visitor) -> None:
        visitor.stage.person["sid"] = "s-1"
        visitor.sign_in()
        bearer = visitor.client.post("/session/token").json()["access_token"]
        header = {"Authorization": f"Bearer {bearer}"}

        told = self.tell(visitor, self.token(visitor, sid="s-1", sub=None))

        assert told.status_code == 200
        assert told.headers["cache-control"] == "no-store"
        assert not visitor.is_signed_in()
        assert visitor.client.get("/me/notices", headers=header).status_code == 401

    def test_ends_no_other_session(self, small: Visitor) -> None:
        small.stage.person["sid"] = "s-1"
        small.sign_in()

        for other in ({"sid": "s-2"}, {"sub": "somebody-else"}):
            assert self.tell(small, self.token(small, jti=str(other), **other)).status_code == 200
        assert small.is_signed_in()

    def test_ends_all_sessions_of_whoever_it_names(self, small: Visitor) -> None:
        small.sign_in()

        assert self.tell(small, self.token(small)).status_code == 200
        assert not small.is_signed_in()
        (row,) = shares.traces(small.office.inst, "session.end")
        assert row["purpose"] == "sign-out at the provider"

    def test_is_believed_once(self, small: Visitor) -> None:
        token = self.token(small)
        assert self.tell(small, token).status_code == 200
        small.sign_in()

        assert self.tell(small, token).status_code == 409
        assert small.is_signed_in()

    @pytest.mark.parametrize(
        "other",
        [
            {"iss": "https://other.example.vn"},
            {"aud": "somebody-else"},
            {"iat": 1},
            {"iat": 4_000_000_000},
            {"iat": None},
            {"jti": None},
            {"events": None},
            {"events": {}},
            {"events": {EVENT: "yes"}},
            {"events": [EVENT]},
            {"nonce": "n"},
            {"sub": None},
        ],
        ids=str,
    )
    def test_is_refused_when_it_is_no_logout_token_for_us(
        self, small: Visitor, other: dict[str, Any]
    ) -> None:
        small.sign_in()

        assert self.tell(small, self.token(small, **other)).status_code == 403
        assert small.is_signed_in()

    def test_is_refused_when_forged(self, small: Visitor) -> None:
        small.sign_in()
        token = self.token(small)
        claims = jwt.decode(token, small.stage.key).claims
        stranger = jwt.encode({"alg": "ES256", "kid": "k1"}, claims, new_key("k1"))

        for forged in (stranger, unsigned({"alg": "none"}, claims), "x", ""):
            assert self.tell(small, forged).status_code == 403
        assert small.is_signed_in()

    def test_is_no_id_token(self, small: Visitor) -> None:
        small.sign_in()

        assert self.tell(small, small.stage.id_token()).status_code == 403
        assert small.is_signed_in()
