"""Machines: a token for a signed statement, and one test for each way to get it otherwise."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from labour_book.errors import Invalid
from labour_book.services import access, machines
from labour_book.services.access import deed, operator
from labour_book.services.machines import Registration
from tests.api.conftest import PURPOSE, Office
from tests.support.id_provider import new_key, public, unsigned

CLIENT = "bhxh.vn"
AUDIENCE = "https://so.example.vn/machine/token"
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
OPERATOR = operator("test")
SHAPE = {"kty": "EC", "crv": "P-256", "kid": "m1"}
"""A key without its point."""


@dataclass
class System:
    """A registered machine at work."""

    client: TestClient
    office: Office
    key: ECKey

    def claims(self, **other: Any) -> dict[str, Any]:
        at = int(self.office.clock.now.timestamp())
        whole = {"iss": CLIENT, "sub": CLIENT, "aud": AUDIENCE, "iat": at, "exp": at + 240}
        whole |= {"jti": "first"} | other
        return {name: value for name, value in whole.items() if value is not None}

    def signed(self, **other: Any) -> str:
        header = {"alg": "ES256", "kid": self.key.kid}
        return jwt.encode(header, self.claims(**other), self.key)

    def ask(self, statement: str, **other: str) -> httpx.Response:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": TYPE,
            "client_assertion": statement,
        }
        return self.client.post("/machine/token", data=form | other)

    def bearer(self, **other: Any) -> dict[str, str]:
        answer = self.ask(self.signed(**other))
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def open(self, bearer: dict[str, str]) -> int:
        person = self.office.people[0]
        answer = self.client.get(
            f"/workers/{person}/book", params={"purpose": PURPOSE}, headers=bearer
        )
        return answer.status_code


def registration(key: ECKey, office: Office, *scope: str) -> Registration:
    today = office.clock.now.date()
    return Registration(
        client_id=CLIENT,
        organisation="Bảo hiểm xã hội Việt Nam",
        purpose="Giải quyết chế độ",
        scope=scope or ("book.open",),
        jwks=json.dumps({"keys": [public(key)]}),
        first_day=today,
        last_day=today + timedelta(days=30),
    )


def registered(office: Office, client: TestClient, *scope: str) -> System:
    key = new_key("m1")
    with deed(office.inst.engine) as db:
        machines.register(db, OPERATOR, registration(key, office, *scope), now=office.clock.now)
    office.issue(office.people[0])
    return System(client, office, key)


@pytest.fixture
def system(client: TestClient, office: Office) -> System:
    return registered(office, client)


@pytest.fixture
def small(small_client: TestClient, small_office: Office) -> System:
    return registered(small_office, small_client)


class TestMachineToken:
    def test_opens_what_the_registration_allows_and_is_traced_with_its_purpose(
        self, system: System
    ) -> None:
        answer = system.ask(system.signed())

        told = answer.json()
        assert (told["token_type"], told["expires_in"]) == ("Bearer", 600)
        assert told["scope"] == "book.open"
        assert answer.headers["cache-control"] == "no-store"
        assert system.open({"Authorization": f"Bearer {told['access_token']}"}) == 200
        assert ("book.open", "ok", system.office.people[0]) in system.office.traced()

    def test_does_not_open_what_it_does_not_allow(
        self, small_client: TestClient, small_office: Office
    ) -> None:
        system = registered(small_office, small_client, "book.verify")

        assert system.open(system.bearer()) == 403
        assert ("book.open", "refused", system.office.people[0]) in system.office.traced()

    def test_needs_a_purpose_for_each_query(self, small: System) -> None:
        bearer, person = small.bearer(), small.office.people[0]

        assert small.client.get(f"/workers/{person}/book", headers=bearer).status_code == 422

    def test_is_over_after_ten_minutes(self, small: System) -> None:
        bearer = small.bearer()
        small.office.clock.now += timedelta(minutes=10)

        assert small.open(bearer) == 401

    def test_ends_at_once_with_the_registration(self, system: System) -> None:
        bearer = system.bearer()
        with deed(system.office.inst.engine) as db:
            machines.close(db, OPERATOR, CLIENT, now=system.office.clock.now)

        assert system.open(bearer) == 401
        assert system.ask(system.signed(jti="second")).status_code == 401

    def test_ends_with_other_keys(self, small: System) -> None:
        bearer = small.bearer()
        other = new_key("m2")
        with deed(small.office.inst.engine) as db:
            keys = json.dumps({"keys": [public(other)]})
            machines.replace_keys(db, OPERATOR, CLIENT, keys, now=small.office.clock.now)

        assert small.open(bearer) == 401
        assert small.ask(small.signed(jti="second")).status_code == 401
        small.key = other
        assert small.open(small.bearer(jti="third")) == 200

    def test_is_not_given_after_the_last_day(self, small: System) -> None:
        small.office.clock.now += timedelta(days=31)

        assert small.ask(small.signed()).status_code == 401


class TestStatement:
    def test_is_good_once(self, system: System) -> None:
        statement = system.signed()
        assert system.ask(statement).status_code == 200

        again = system.ask(statement)

        assert (again.status_code, again.json()["error"]) == (401, "invalid_client")

    @pytest.mark.parametrize(
        "other",
        [
            {"aud": "https://so.example.vn/token"},
            {"aud": [AUDIENCE, "https://other.example.vn"]},
            {"aud": None},
            {"iss": "someone-else"},
            {"sub": "someone-else"},
            {"sub": None},
            {"jti": None},
            {"jti": ""},
            {"jti": 7},
            {"jti": "x" * 201},
            {"exp": None},
            {"exp": 1},
            {"nbf": 4_000_000_000},
        ],
        ids=str,
    )
    def test_is_refused_when_it_is_not_for_us_now(
        self, small: System, other: dict[str, Any]
    ) -> None:
        assert small.ask(small.signed(**other)).status_code == 401

    def test_is_refused_when_it_would_live_long(self, small: System) -> None:
        at = int(small.office.clock.now.timestamp())

        assert small.ask(small.signed(exp=at + 331)).status_code == 401
        assert small.ask(small.signed(exp=at + 330)).status_code == 200

    def test_is_refused_by_another_key_of_that_name(self, small: System) -> None:
        small.key = new_key("m1")

        assert small.ask(small.signed()).status_code == 401

    def test_is_refused_without_a_signature(self, small: System) -> None:
        for algorithm in ("none", "ES256"):
            statement = unsigned({"alg": algorithm, "kid": "m1"}, small.claims())
            assert small.ask(statement).status_code == 401

    def test_is_refused_with_another_algorithm(self, small: System) -> None:
        key = RSAKey.generate_key(2048, {"kid": "m1"}, auto_kid=False)
        statement = jwt.encode({"alg": "RS256", "kid": "m1"}, small.claims(), key)

        assert small.ask(statement).status_code == 401

    def test_is_refused_with_its_own_key_in_the_header(self, small: System) -> None:
        key = new_key("m1")
        header = {"alg": "ES256", "kid": "m1", "jwk": public(key)}

        assert small.ask(jwt.encode(header, small.claims(), key)).status_code == 401

    @pytest.mark.parametrize(
        "statement", ["x", "a.b.c", "....", "é", "e30.e30.", "bnVsbA.bnVsbA.x"]
    )
    def test_is_refused_when_it_is_none(self, small: System, statement: str) -> None:
        assert small.ask(statement).status_code == 401

    def test_is_the_only_way(self, small: System) -> None:
        statement = small.signed()

        assert small.ask(statement, grant_type="password").status_code == 422
        assert small.ask(statement, client_assertion_type="x").status_code == 422


class TestRegistration:
    @pytest.mark.parametrize(
        "other",
        [
            {"client_id": "BHXH"},
            {"client_id": "a"},
            {"organisation": " "},
            {"purpose": ""},
            {"scope": ()},
            {"scope": ("book.issue",)},
            {"scope": ("machine.token",)},
            {"jwks": "[]"},
            {"jwks": '{"keys": []}'},
            {"jwks": "no JSON"},
            {"jwks": json.dumps({"keys": [new_key("m1").as_dict(private=True)]})},
            {"jwks": json.dumps({"keys": [{"kty": "oct", "k": "YQ", "kid": "m1"}]})},
            {"jwks": json.dumps({"keys": [{**SHAPE, "x": "a", "y": "b"}]})},
            {"jwks": json.dumps({"keys": [SHAPE]})},
        ],
        ids=[
            *("name of capitals", "short name", "no organisation", "no purpose", "no scope"),
            *("scope of officials", "scope of its own", "no set of keys", "no key", "no JSON"),
            *("private key", "shared key", "no point", "no coordinates"),
        ],
    )
    def test_refuses_what_does_not_fit(self, small_office: Office, other: dict[str, Any]) -> None:
        wish = replace(registration(new_key("m1"), small_office), **other)

        with pytest.raises(Invalid), deed(small_office.inst.engine) as db:
            machines.register(db, OPERATOR, wish, now=small_office.clock.now)

    def test_is_for_whoever_administers_the_whole_country(self, small_office: Office) -> None:
        wish = registration(new_key("m1"), small_office)
        for caller, may in (
            (access.Caller("official", "a", "", access.Role.ADMIN, unit_code="SNV-01"), False),
            (access.Caller("official", "a", "", access.Role.APPROVER, unit_code="BNV"), False),
            (access.Caller("official", "a", "", access.Role.ADMIN, unit_code="BNV"), True),
        ):
            try:
                with deed(small_office.inst.engine) as db:
                    machines.register(db, caller, wish, now=small_office.clock.now)
            except access.DeniedToRole:
                assert not may
            else:
                assert may
