"""Signing out at the provider, and going on in one of several capacities."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from joserfc import jwt

from labour_book.services import access
from labour_book.services.acting import invite
from tests.api.conftest import Office
from tests.api.test_login import HTML, SESSION, Visitor, refused, visitor_of
from tests.services import acting, people, shares
from tests.support.id_provider import CLIENT, ISSUER, new_key, query_of, unsigned

EVENT = "http://schemas.openid.net/event/backchannel-logout"


@pytest.fixture
def visitor(app: FastAPI, client: TestClient, office: Office) -> Visitor:
    return visitor_of(app, client, office)


@pytest.fixture
def small(small_client: TestClient, small_office: Office) -> Visitor:
    app = small_client.app
    assert isinstance(app, FastAPI)
    return visitor_of(app, small_client, small_office)


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


class TestInCapacity:
    """Officials without a book, the choice between accounts, and invitations, as a browser goes."""

    def seat(self, visitor: Visitor, number: str, unit: str = "UB-00070") -> None:
        office = visitor.office
        acting.official(office.inst, office.clock.now, unit=unit, e_id=number)

    def form(self, visitor: Visitor) -> dict[str, str]:
        return {"csrf": visitor.client.get("/session").json()["form_token"]}

    def test_an_official_without_a_book_comes_to_the_desk(self, visitor: Visitor) -> None:
        self.seat(visitor, acting.STRANGER_ID)
        visitor.stage.person = {"pin": acting.STRANGER_ID, "sub": "pairwise-42"}

        answer = visitor.sign_in()

        assert answer.headers["location"] == "/desk"
        told = visitor.client.get("/session").json()
        assert (told["kind"], told["role"]) == ("official", "approver")

    def test_at_level_1_an_official_is_told_what_it_takes(self, small: Visitor) -> None:
        self.seat(small, acting.STRANGER_ID)
        small.stage.person = {"pin": acting.STRANGER_ID, "sub": "pairwise-42", "loa": "1"}

        assert refused(small.sign_in("/desk"), "LEVEL_TOO_LOW")

    def test_of_two_seats_asks_which(self, small: Visitor) -> None:
        for unit in ("UB-00070", "SNV-01"):
            self.seat(small, people.personal_id(1), unit)

        answer = small.sign_in("/desk/queue")

        assert answer.headers["location"] == "/sign-in/as?to=%2Fdesk%2Fqueue"
        page = small.client.get(answer.headers["location"], headers=HTML).text
        assert page.count('action="/sign-in/as"') == 2

    def test_the_choice_changes_the_session_and_leads_on(self, small: Visitor) -> None:
        self.seat(small, people.personal_id(1))
        small.sign_in()
        assert small.client.get("/session").json()["kind"] == "worker"
        before = small.client.cookies.get(SESSION)
        page = small.client.get("/sign-in/as?to=/desk/queue", headers=HTML).text
        account = page.partition('name="account" value="')[2].partition('"')[0]
        headers = HTML | {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
        form = self.form(small) | {"account": account, "to": "/desk/queue"}

        answer = small.client.post("/sign-in/as", data=form, headers=headers)

        assert answer.headers["location"] == "/desk/queue"
        assert small.client.cookies.get(SESSION) not in {before, None}
        assert small.client.get("/session").json()["kind"] == "official"

    def test_the_choice_takes_a_form_of_ours(self, small: Visitor) -> None:
        self.seat(small, people.personal_id(1))
        small.sign_in()
        form = {"csrf": "x", "account": str(people.uid(1, 1))}

        assert small.client.post("/sign-in/as", data=form, headers=HTML).status_code == 403

    def test_an_invitation_leads_through_the_provider_to_the_desk(self, visitor: Visitor) -> None:
        inst, now = visitor.office.inst, visitor.office.clock.now
        account = acting.official(inst, now)
        with access.deed(inst.engine) as db:
            code = invite(db, inst, acting.OPERATOR, account, now=now).secret
        visitor.stage.person = {"pin": acting.STRANGER_ID, "sub": "pairwise-42"}
        headers = HTML | {"Origin": "null", "Sec-Fetch-Site": "same-origin"}

        away = visitor.client.post("/sign-in/invitation", data={"code": code}, headers=headers)
        asked = query_of(away.headers["location"])
        visitor.stage.nonce = asked["nonce"]
        answer = visitor.back(state=asked["state"])

        assert answer.headers["location"] == "/desk"
        assert visitor.client.get("/session").json()["role"] == "approver"

    def test_an_invitation_that_is_over_says_so(self, small: Visitor) -> None:
        headers = HTML | {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
        away = small.client.post("/sign-in/invitation", data={"code": "none"}, headers=headers)
        asked = query_of(away.headers["location"])
        small.stage.nonce = asked["nonce"]

        assert refused(small.back(state=asked["state"]), "INVITATION_OVER")

    def test_an_invitation_is_not_begun_from_another_site(self, small: Visitor) -> None:
        headers = HTML | {"Sec-Fetch-Site": "cross-site"}

        answer = small.client.post("/sign-in/invitation", data={"code": "x"}, headers=headers)

        assert answer.status_code == 403
