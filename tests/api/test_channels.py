"""The channels over HTTP, and what the links in mails lead to."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient

from labour_book.database import reading
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.queries.channels import StoredChannel, channel_of
from labour_book.services import channels
from labour_book.services.access import Role
from tests.api.conftest import PUBLIC_URL, Office, built
from tests.support.mailbox import mailbox

ADDRESS = "an.nguyen@example.vn"
HTML = {"Accept": "text/html"}
SILENT = {
    "email_available": True,
    "language": "vi",
    "muted": [],
    "email": None,
    "confirmed_at": None,
    "waiting_for": None,
    "code_until": None,
}


@dataclass
class Counter:
    """A worker who is signed in with an installation that can send mail."""

    client: TestClient
    office: Office
    worker: dict[str, str]

    def stored(self) -> StoredChannel:
        with reading(self.office.inst.engine) as db:
            found = channel_of(db, Recipient("worker", str(self.office.people[0])))
        assert found is not None
        return found

    def ask(self) -> str:
        """Ask for mail, and return the code that is sent."""
        answer = self.client.post(
            "/me/channels/email", json={"address": ADDRESS}, headers=self.worker
        )
        assert answer.status_code == 200, answer.text
        channel = self.stored()
        assert channel.asked_at is not None
        return channels.code_for(self.office.inst, channel.id, channel.asked_at)

    def confirm(self, code: str) -> tuple[int, str]:
        answer = self.client.post(
            "/me/channels/email/confirm", json={"code": code}, headers=self.worker
        )
        told = answer.json()
        return answer.status_code, str(told.get("email") or told.get("type", ""))


@pytest.fixture
def counter(small_office: Office, tmp_path: Path) -> Iterator[Counter]:
    # Nobody listens there: what is put into the outbox stays in it.
    inst = replace(small_office.inst, mail=mailbox().server())
    office = replace(small_office, inst=inst)
    worker = office.token("worker", Role.WORKER, person=office.people[0])
    with TestClient(built(office, tmp_path), base_url=PUBLIC_URL, follow_redirects=False) as client:
        yield Counter(client, office, worker)


class TestChannels:
    def test_are_the_inbox_alone_at_first(self, counter: Counter) -> None:
        answer = counter.client.get("/me/channels", headers=counter.worker)

        assert answer.json() == SILENT

    def test_are_chosen(self, counter: Counter) -> None:
        choice = {"language": "en", "muted": ["share.viewed"]}
        answer = counter.client.put("/me/channels", json=choice, headers=counter.worker)

        assert answer.json() == SILENT | choice

    @pytest.mark.parametrize("choice", [{"language": "fr"}, {"muted": ["no.such"]}, {"muted": 1}])
    def test_are_none_that_do_not_exist(self, counter: Counter, choice: dict[str, object]) -> None:
        answer = counter.client.put("/me/channels", json=choice, headers=counter.worker)

        assert answer.status_code == 422

    def test_are_for_who_is_signed_in(self, counter: Counter) -> None:
        assert counter.client.get("/me/channels").status_code == 401
        assert counter.client.put("/me/channels", json={}).status_code == 401


class TestEmail:
    def test_is_taken_into_use_by_its_code(self, counter: Counter) -> None:
        code = counter.ask()
        waiting = counter.client.get("/me/channels", headers=counter.worker).json()

        assert (waiting["email"], waiting["waiting_for"]) == (None, "a***@example.vn")
        assert counter.confirm(code) == (200, "a***@example.vn")

    def test_is_not_by_another_one_and_tries_are_counted(self, counter: Counter) -> None:
        code = counter.ask()
        for _ in range(channels.MOST_TRIES):
            status, problem = counter.confirm("00000000" if code != "00000000" else "1")
            assert (status, problem.rpartition("/")[2]) == (422, "wrong-code")

        assert counter.confirm(code)[0] == 422

    def test_is_forgotten_when_asked(self, counter: Counter) -> None:
        counter.confirm(counter.ask())
        answer = counter.client.delete("/me/channels/email", headers=counter.worker)

        assert answer.json()["email"] is None

    def test_refuses_what_is_no_address(self, counter: Counter) -> None:
        for address in ("an", "an@example.vn\nBcc: x@y.vn", ""):
            answer = counter.client.post(
                "/me/channels/email", json={"address": address}, headers=counter.worker
            )
            assert answer.status_code == 422

    def test_is_not_to_be_had_where_no_mail_is_sent(
        self, small_client: TestClient, small_office: Office
    ) -> None:
        worker = small_office.token("worker", Role.WORKER, person=small_office.people[0])

        answer = small_client.post("/me/channels/email", json={"address": ADDRESS}, headers=worker)

        assert answer.status_code == 503
        assert answer.json()["type"].endswith("/no-mail")
        assert not small_client.get("/me/channels", headers=worker).json()["email_available"]

    def test_is_of_an_enterprise_or_a_unit_too(self, counter: Counter) -> None:
        approver = counter.office.token("official", Role.APPROVER, unit="BNV")

        answer = counter.client.post(
            "/me/channels/email", json={"address": ADDRESS}, headers=approver
        )

        assert answer.status_code == 200


class TestLinks:
    def test_confirm_an_address_by_the_button_alone(self, counter: Counter) -> None:
        counter.ask()
        channel = counter.stored()
        assert channel.asked_at is not None
        token = channels.confirm_token(counter.office.inst, channel.id, channel.asked_at)
        shown = counter.client.get(f"/mail/confirm/{token}", headers=HTML)
        before = counter.stored().address

        done = counter.client.post(f"/mail/confirm/{token}", headers=HTML)

        assert f'action="/mail/confirm/{token}"' in shown.text
        assert before is None
        assert counter.stored().address is not None
        assert "Đã xác nhận" in done.text

    def test_end_mail_by_one_click_of_the_mail_program(self, counter: Counter) -> None:
        counter.confirm(counter.ask())
        token = channels.stop_token(counter.office.inst, counter.stored().id)
        assert counter.client.get(f"/mail/stop/{token}", headers=HTML).status_code == 200
        assert counter.stored().address is not None

        answer = counter.client.post(f"/mail/stop/{token}", data={"List-Unsubscribe": "One-Click"})

        assert answer.status_code == 200
        assert counter.stored().address is None

    @pytest.mark.parametrize("what", ["confirm", "stop"])
    def test_that_are_not_ours_do_nothing(self, counter: Counter, what: str) -> None:
        code = counter.ask()
        counter.confirm(code)
        for token in ("x", f"{counter.stored().id.hex}.{'0' * 32}"):
            assert counter.client.post(f"/mail/{what}/{token}").status_code == 404

        assert counter.stored().address is not None

    def test_say_nothing_of_whom_they_are_about(self, counter: Counter) -> None:
        counter.ask()
        token = channels.stop_token(counter.office.inst, counter.stored().id)

        assert str(counter.office.people[0]) not in token
        assert urlsplit(f"{PUBLIC_URL}/mail/stop/{token}").query == ""


class TestUndelivered:
    def test_is_shown_to_the_administrator_alone(self, counter: Counter) -> None:
        admin = counter.office.token("official", Role.ADMIN, unit="BNV")
        path = "/mail/undelivered"

        assert counter.client.get(path, headers=admin).json() == []
        assert counter.client.get(path, headers=counter.worker).status_code == 403

    def test_is_tried_again_only_if_it_is_there(self, counter: Counter) -> None:
        admin = counter.office.token("official", Role.ADMIN, unit="BNV")
        path = "/mail/undelivered/00000000-0000-4000-8000-000000000000/retry"

        assert counter.client.post(path, headers=admin).status_code == 404


def test_every_kind_of_notice_can_be_muted_at_once(counter: Counter) -> None:
    every = sorted(NoticeKind)
    answer = counter.client.put("/me/channels", json={"muted": every}, headers=counter.worker)

    assert sorted(answer.json()["muted"]) == every
