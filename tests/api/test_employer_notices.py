"""The enterprise's inbox on the web, and the questions of workers it answers there."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from labour_book.services import asking_reasons, own_accesses
from labour_book.services.permission import deed
from tests.api.conftest import Office
from tests.api.desk.conftest import words
from tests.api.test_employer_pages import Desk, desk_of
from tests.services import shares


@pytest.fixture
def desk(app: FastAPI, client: TestClient, office: Office) -> Desk:
    return desk_of(app, client, office)


@pytest.fixture
def small(small_client: TestClient, small_office: Office) -> Desk:
    app = small_client.app
    assert isinstance(app, FastAPI)
    return desk_of(app, small_client, small_office)


def asked(desk: Desk) -> int:
    """Let the enterprise open a share, and the worker ask why; return the number of that look."""
    desk.seen()
    inst, now = desk.office.inst, desk.office.clock.now
    with deed(inst.engine) as db:
        looks = own_accesses.own_accesses(db, shares.WORKER, now=now)
        (number,) = [each.number for each in looks if each.deed == "share.open"]
        asking_reasons.ask(db, shares.WORKER, number, now=now)
    return number


class TestQuestions:
    def test_are_answered_on_the_page_and_lead_to_the_share(self, desk: Desk) -> None:
        number = asked(desk)
        text = desk.see("/questions")
        assert re.search(r'href="/employer/shares/[0-9a-f-]{36}"', text)
        assert "/desk/" not in text

        answer = desk.send(f"/questions/{number}", words="Phỏng vấn tuyển dụng")

        assert answer.headers["location"] == "/employer/questions"
        after = desk.see("/questions")
        assert "Phỏng vấn tuyển dụng" in after
        assert f'action="/employer/questions/{number}"' not in after
        (row,) = shares.traces(desk.office.inst, "access.answer-reason")
        assert (row["actor_kind"], row["outcome"]) == ("employer", "ok")

    def test_keep_what_was_written_when_it_is_no_reason(self, small: Desk) -> None:
        number = asked(small)

        answer = small.send(f"/questions/{number}", words="x" * 201)

        assert answer.status_code == 422
        assert "x" * 201 in answer.text
        assert shares.traces(small.office.inst, "access.answer-reason") == []

    def test_that_nobody_asked_are_not_found(self, small: Desk) -> None:
        assert small.send("/questions/999", words="Không").status_code == 404


class TestInbox:
    def test_leads_to_the_share_and_is_read(self, small: Desk) -> None:
        share_id = small.shared()

        text = small.see("/notices")
        (path,) = re.findall(r'action="/employer(/notices/[0-9a-f-]{36}/read)"', text)

        assert f'href="/employer/shares/{share_id}"' in text
        assert "1 thông báo chưa đọc" in words(text)
        assert small.send(path).headers["location"] == "/employer/notices"
        assert "0 thông báo chưa đọc" in words(small.see("/notices"))

    def test_is_read_all_at_once(self, small: Desk) -> None:
        asked(small)
        text = small.see("/notices")
        shown = re.search(r'name="up_to" value="([0-9a-f-]+)"', text)
        assert shown is not None
        assert 'href="/employer/questions"' in text

        small.send("/notices/read", up_to=shown[1])

        assert "0 thông báo chưa đọc" in words(small.see("/notices"))
