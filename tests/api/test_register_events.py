"""Registers send notifications, systems fetch ours, and an administrator sees what is held."""

import json
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi.testclient import TestClient
from jwt import PyJWKSet, PyJWS

from api import event_worker
from labour_book.database import reading, transaction
from labour_book.queries import register_events, register_feeds
from labour_book.registers.client import RegisterClient
from labour_book.registers.envelope import signature_of
from labour_book.registers.notifications import Notification, read_notification
from labour_book.registers.online import Register
from labour_book.services import own_events
from labour_book.services.access import Role, operator
from labour_book.services.applying_events import run_cycle
from labour_book.services.connections import Connections
from labour_book.services.installation import Installation
from labour_book.services.polling_registers import Polled, poll
from labour_book.services.receiving_events import take
from signing import BlindIndex
from tests.api.conftest import Office
from tests.api.desk.conftest import Seating, seating, words
from tests.api.test_machine import System, registered
from tests.services.collecting import NOW, PERSON
from tests.services.events import notification

CALLER = operator("x")
SECRET = BlindIndex(b"r" * 32)
FOREIGN = BlindIndex(b"x" * 32)
PATH = "/registers/population/events"


def signed(told: Mapping[str, Any], secret: BlindIndex = SECRET) -> dict[str, Any]:
    return {**told, "signature": signature_of(told, secret)}


def connected(inst: Installation, answers: httpx.MockTransport | None = None) -> Installation:
    """Return an installation to which the population register is connected."""
    http = httpx.Client(transport=answers or httpx.MockTransport(lambda _: httpx.Response(500)))
    client = RegisterClient("https://register.vn", SECRET, http, 10, wait=lambda _: None)
    return replace(inst, connections=Connections({Register.POPULATION: client}))


@pytest.fixture
def client(small_client: TestClient) -> TestClient:
    """The application, with the population register connected."""
    state = small_client.app.state  # type: ignore[attr-defined]  # the application's own
    state.installation = connected(state.installation)
    return small_client


@pytest.fixture
def seat(small_client: TestClient, small_office: Office) -> Seating:
    return seating(small_client, small_office)


ONE = notification("population", "1", PERSON, 1)
TWO = notification("population", "2", PERSON | {"full_name": "NGUYỄN VĂN AN"}, 2)


class TestSending:
    def test_takes_each_once_and_it_takes_effect(self, client: TestClient) -> None:
        first = client.post(PATH, json=[signed(ONE), signed(TWO)])
        again = client.post(PATH, json=signed(TWO))
        done = event_worker.apply_waiting(client.app, threading.Event(), polls=False)  # type: ignore[arg-type]  # it is one

        assert first.status_code == again.status_code == 202
        assert first.json() == {
            "taken": ["population-1", "population-2"],
            "known": [],
            "refused": [],
        }
        assert again.json()["known"] == ["population-2"]
        assert done == 2

    @pytest.mark.parametrize(
        ("told", "cause"),
        [
            (ONE | {"version": "2"}, "WRONG_VERSION"),
            (ONE | {"service": "insurance.changed"}, "UNKNOWN_SERVICE"),
            (ONE | {"service": "population.verify"}, "UNKNOWN_SERVICE"),
            (ONE | {"data_as_of": "2027-01-01T00:00:00+00:00"}, "FROM_THE_FUTURE"),
            (ONE | {"data_as_of": "2026-11-01"}, "SCHEMA"),
            (ONE | {"body": [1]}, "SCHEMA"),
            (ONE | {"body": PERSON | {"full_name": {"a": 1}}}, "SCHEMA"),
            (ONE | {"body": PERSON | {"full_name": "x" * 4001}}, "FIELD_TOO_LONG"),
            (ONE | {"message_id": "x" * 65}, "SCHEMA"),
        ],
    )
    def test_says_why_a_message_is_refused(
        self, client: TestClient, told: dict[str, Any], cause: str
    ) -> None:
        answer = client.post(PATH, json=signed(told))

        assert answer.status_code == 202
        assert [each["cause"] for each in answer.json()["refused"]] == [cause]

    def test_refuses_another_content_under_a_known_id(self, client: TestClient) -> None:
        client.post(PATH, json=signed(ONE))
        answer = client.post(PATH, json=signed(TWO | {"message_id": ONE["message_id"]}))

        assert answer.json()["refused"] == [
            {"message_id": "population-1", "cause": "MESSAGE_REUSED"}
        ]

    def test_keeps_out_what_no_column_of_the_register_has(
        self, client: TestClient, small_office: Office
    ) -> None:
        told = signed(ONE | {"body": PERSON | {"diagnosis": "J45"}})
        client.post(PATH, json=told)

        inst = small_office.inst
        with reading(inst.engine) as db:
            (event,) = register_events.waiting(db, "population", 9)
        assert event.body is not None
        place = b"register_event.body:" + event.id.bytes
        body = json.loads(inst.vault.sealer.open(event.body, bound_to=place))
        assert body == PERSON

    @pytest.mark.parametrize("secret", [FOREIGN, None])
    def test_believes_nobody_without_the_registers_signature(
        self, client: TestClient, secret: BlindIndex | None
    ) -> None:
        told = ONE if secret is None else signed(ONE, secret)
        answer = client.post(PATH, json=told)

        assert answer.status_code == 403
        assert answer.json()["type"].endswith("register-unknown")

    @pytest.mark.parametrize(
        ("path", "content", "status"),
        [
            ("/registers/insurance/events", json.dumps([signed(ONE)]), 404),
            ("/registers/other/events", "[]", 422),
            (PATH, "nothing", 422),
            (PATH, json.dumps([signed(ONE)] * 501), 422),
            (PATH, " " * 1_100_000, 413),
        ],
    )
    def test_refuses_what_is_no_delivery(
        self, client: TestClient, path: str, content: str, status: int
    ) -> None:
        assert client.post(path, content=content).status_code == status


class TestPolling:
    def test_a_register_that_was_down_for_an_hour_is_caught_up_with(
        self, small_office: Office
    ) -> None:
        log = [signed(notification("population", str(at), PERSON, at)) for at in range(7)]
        state = {"up": False, "asked": 0}

        def answer(request: httpx.Request) -> httpx.Response:
            state["asked"] += 1
            if not state["up"]:
                return httpx.Response(503)
            asked = json.loads(request.content)
            after = int(asked["body"]["after"] or 0)
            envelope = {
                "version": "1",
                "message_id": str(uuid4()),
                "correlation_id": asked["message_id"],
                "sender_org": asked["receiver_org"],
                "receiver_org": asked["sender_org"],
                "service": asked["service"],
                "status": "OK",
                "data_as_of": asked["requested_at"],
                "valid_until": asked["requested_at"],
                "body": {"events": log[after:], "cursor": str(len(log))},
            }
            content = json.dumps(signed(envelope)).encode()
            return httpx.Response(200, stream=httpx.ByteStream(content))

        inst = connected(small_office.inst, httpx.MockTransport(answer))
        down = [list(poll(inst, clock=lambda at=at: NOW + at)) for at in EVERY_20_MINUTES]
        state["up"] = True
        later = NOW + timedelta(hours=1)
        up = list(poll(inst, clock=lambda: later))
        again = list(poll(inst, clock=lambda: later))

        assert down == [[Polled("population", 0, "HTTP_503")]] * 3
        assert up == [Polled("population", 7, None)]
        assert again == [Polled("population", 0, None)]
        with reading(inst.engine) as db:
            (feed,) = register_feeds.feeds(db)
            assert len(register_events.waiting(db, "population", 99)) == 7
        assert (feed.cursor, feed.failure, feed.answered_at) == ("7", None, later)


EVERY_20_MINUTES = [timedelta(minutes=at) for at in (0, 20, 40)]


class TestFetching:
    def test_tells_what_became_of_books_in_order_and_of_nobody(
        self, small_client: TestClient, small_office: Office
    ) -> None:
        system = registered(small_office, small_client, "event.fetch")
        issued = own_events.number_events(small_office.inst)
        small_office.revoke_all()
        own_events.number_events(small_office.inst)

        bearer = system.bearer()
        told = fetched(system, bearer, after=0)
        rest = fetched(system, bearer, after=issued)

        kinds = [each["kind"] for each in told["events"]]
        assert kinds == ["book.issued"] * issued + ["book.revoked"] * issued
        assert [each["number"] for each in told["events"]] == [*range(1, 2 * issued + 1)]
        assert rest["events"] == told["events"][issued:]
        assert (rest["next"], rest["more"]) == (2 * issued, False)
        assert sorted(each["book"] for each in told["events"][:issued]) == sorted(
            each["book"] for each in rest["events"]
        )
        assert set(told["events"][0]) == {"number", "kind", "at", "book"}

    def test_is_for_systems_whose_scope_names_it(
        self, small_client: TestClient, small_office: Office
    ) -> None:
        system = registered(small_office, small_client, "book.verify")

        answer = small_client.get("/services/events?purpose=x", headers=system.bearer())

        assert answer.status_code == 403

    def test_calls_a_book_otherwise_to_each_system(self, small_office: Office) -> None:
        one, other = (
            own_events.pseudonym(small_office.inst, replace(CALLER, id=name), "VN-1")
            for name in ("a", "b")
        )

        assert one != other


class TestPage:
    def test_shows_how_many_and_what_is_held_and_lets_it_be_tried_again(
        self, seat: Seating, small_office: Office
    ) -> None:
        admin = seat(Role.ADMIN)
        bad = notification("population", "bad", PERSON | {"sex": "?"}, 1)
        from_register = event_of(bad)
        with transaction(small_office.inst.engine) as db:
            take(db, small_office.inst.vault, [from_register], by="test", now=NOW)
        run(small_office)

        text = admin.see("/admin/events")
        with reading(small_office.inst.engine) as db:
            (held,) = register_events.not_done(db, ["held", "refused"], 9)
        answer = admin.send(f"/admin/events/{held.id}/retry")

        assert "Bị từ chối" in words(text)
        assert PERSON["personal_id"] not in text
        assert PERSON["full_name"] not in text
        assert answer.status_code == 303
        assert "sẽ được thử lại" in words(admin.see("/admin/events?done=event_again"))

    def test_is_for_administrators_and_auditors(self, seat: Seating) -> None:
        assert seat(Role.AUDITOR).get("/admin/events").status_code == 200
        assert seat(Role.COLLECTOR).get("/admin/events").status_code == 403


def event_of(told: Mapping[str, Any]) -> Notification:
    read = read_notification(told, secret=None, signed=False, now=NOW)
    assert isinstance(read, Notification)
    return read


def run(office: Office) -> None:
    run_cycle(office.inst, by=operator("events"), clock=lambda: NOW)


def fetched(system: System, bearer: Mapping[str, str], *, after: int) -> Mapping[str, Any]:
    answer = system.client.get(
        f"/services/events?purpose=doi-soat&after={after}", headers=dict(bearer)
    )
    assert answer.status_code == 200, answer.text
    keys = PyJWKSet.from_dict(system.client.get("/services/jwks").json())
    token = answer.json()["signed"]
    kid = PyJWS().get_unverified_header(token)["kid"]
    payload = PyJWS().decode(token, keys[kid].key, algorithms=["ES256"])
    assert json.loads(payload)["body"] == answer.json()["envelope"]["body"]
    body: Mapping[str, Any] = answer.json()["envelope"]["body"]
    return body
