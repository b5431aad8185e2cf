"""The employer's desk, as a browser without script uses it."""

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient

from labour_book.database import transaction
from labour_book.queries.rows import table_of
from labour_book.services import deletion_duties, sharing, withdrawing
from labour_book.services.permission import deed
from labour_book.tables import EmployerStatus
from tests.api.conftest import Office
from tests.api.login.visitor import HTML, Visitor, visitor_of
from tests.services import people, shares

NAME = "Nguyễn Thị Số 1"


@dataclass
class Desk:
    """An employer's agent, signed in."""

    visitor: Visitor
    office: Office

    @property
    def client(self) -> TestClient:
        return self.visitor.client

    def shared(self, **terms: object) -> UUID:
        """Let the first worker share with the enterprise."""
        created = shares.share(self.office.inst, self.office.clock.now, shares.TO_EMPLOYER, **terms)
        return created.share_id

    def see(self, path: str = "") -> str:
        answer = self.client.get(f"/employer{path}", headers=HTML)
        assert answer.status_code == 200, answer.text
        return answer.text

    def send(self, path: str, **form: str) -> httpx.Response:
        """Send a form as the page gave it."""
        token = self.client.get("/session").json()["form_token"]
        return self.client.post(f"/employer{path}", data={"csrf": token} | form, headers=HTML)

    def seen(self, **terms: object) -> UUID:
        """Let something be shared and opened."""
        share_id = self.shared(**terms)
        assert self.send(f"/shares/{share_id}").status_code == 200
        return share_id

    def later(self, **time: float) -> None:
        """Let time pass, and sign in again."""
        self.office.clock.now += timedelta(**time)
        self.visitor.sign_in()


def desk_of(app: FastAPI, client: TestClient, office: Office) -> Desk:
    office.issue(office.people[0])
    visitor = visitor_of(app, client, office)
    visitor.stage.person = {"org_id": people.EMPLOYER_CODE, "full_name": "Phòng nhân sự"}
    assert visitor.sign_in().headers["location"] == "/employer"
    return Desk(visitor, office)


@pytest.fixture
def desk(app: FastAPI, client: TestClient, office: Office) -> Desk:
    return desk_of(app, client, office)


@pytest.fixture
def small(small_client: TestClient, small_office: Office) -> Desk:
    app = small_client.app
    assert isinstance(app, FastAPI)
    return desk_of(app, small_client, small_office)


class TestWelcome:
    def test_offers_to_sign_in(self, small_client: TestClient) -> None:
        answer = small_client.get("/employer", headers=HTML)

        assert answer.status_code == 200
        assert 'href="/sign-in/start?to=/employer"' in answer.text

    def test_tells_a_person_to_use_the_organisations_account(self, small: Desk) -> None:
        small.visitor.stage.person = {"pin": people.personal_id(1), "loa": "2"}
        small.visitor.sign_in()

        assert "tư cách cá nhân" in small.see()
        answer = small.client.get("/employer/duties", headers=HTML)
        assert answer.status_code == 403
        assert "dành cho tổ chức" in answer.text

    @pytest.mark.parametrize("path", ["/duties", "/staff", f"/shares/{people.uid(1, 1)}"])
    def test_leads_whoever_is_not_signed_in_there_and_back(
        self, small_client: TestClient, path: str
    ) -> None:
        answer = small_client.get(f"/employer{path}", headers=HTML)

        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?to=%2Femployer%2F")


class TestInbox:
    def test_of_a_new_enterprise_says_what_to_do(self, small: Desk) -> None:
        text = small.see()

        assert "Chưa có ai chia sẻ" in text
        assert people.EMPLOYER_CODE in text

    def test_names_nobody_before_the_opening(self, desk: Desk) -> None:
        share_id = desk.shared()

        text = desk.see() + desk.see(f"/shares/{share_id}")

        assert "Ứng tuyển thợ hàn" in text
        assert "Chưa mở" in text
        assert NAME not in text
        assert people.personal_id(1) not in text
        assert str(desk.office.people[0]) not in text

    def test_holds_nothing_of_others(self, small: Desk) -> None:
        shares.add_enterprise(small.office.inst.engine, shares.RIVAL_CODE, "ACTIVE")
        foreign = small.shared(enterprise_code=shares.RIVAL_CODE)

        assert "Chưa có ai chia sẻ" in small.see()
        for answer in (
            small.client.get(f"/employer/shares/{foreign}", headers=HTML),
            small.send(f"/shares/{foreign}"),
            small.send(f"/shares/{foreign}/not-hired"),
            small.client.get(f"/employer/shares/{people.uid(1, 99)}", headers=HTML),
        ):
            assert answer.status_code == 404
            assert NAME not in answer.text

    def test_says_when_it_was_withdrawn(self, desk: Desk) -> None:
        share_id = desk.seen()
        now = desk.office.clock.now
        with deed(desk.office.inst.engine) as db:
            withdrawing.withdraw_share(db, shares.WORKER, share_id, now=now)

        assert "Đã bị thu hồi" in desk.see()
        assert "Mở xem</button>" not in desk.see()
        answer = desk.send(f"/shares/{share_id}")
        assert answer.status_code == 410
        assert NAME not in answer.text

    def test_says_when_sharing_is_paused(self, small: Desk) -> None:
        share_id = small.shared()
        with deed(small.office.inst.engine) as db:
            sharing.freeze(db, shares.WORKER, now=small.office.clock.now)

        assert "đang tạm khóa" in small.see()
        assert "Người chia sẻ đang tạm dừng" in small.send(f"/shares/{share_id}").text

    def test_says_that_a_newer_version_exists_until_that_is_seen(self, desk: Desk) -> None:
        share_id = desk.seen()
        assert "phiên bản mới hơn" not in desk.see()

        desk.office.clock.now += timedelta(minutes=1)
        people.add_diploma(
            desk.office.inst.engine, desk.office.people[0], 1, at=desk.office.clock.now
        )
        desk.office.issue(desk.office.people[0])
        assert "phiên bản mới hơn" in desk.see()

        desk.office.clock.now += timedelta(minutes=1)
        desk.send(f"/shares/{share_id}")
        assert "phiên bản mới hơn" not in desk.see()

    @pytest.mark.parametrize("status", ["CLOSED", "NOT_AT_ADDRESS"])
    def test_is_refused_once_the_enterprise_is_gone(self, small: Desk, status: str) -> None:
        small.shared()
        with transaction(small.office.inst.engine) as db:
            db.execute(sa.update(table_of(EmployerStatus)).values(status=status))

        for path in ("", "/duties"):
            answer = small.client.get(f"/employer{path}", headers=HTML)
            assert answer.status_code == 409
            assert "Doanh nghiệp này không xem được" in answer.text


class TestOpening:
    def test_shows_what_was_shared_and_tells_the_worker(self, desk: Desk) -> None:
        share_id = desk.shared()

        answer = desk.send(f"/shares/{share_id}")

        assert answer.status_code == 200
        assert NAME in answer.text
        assert "Công ty Cổ phần Thép Hồng Hà" in answer.text
        assert answer.headers["cache-control"] == "no-store"
        (told,) = shares.mine(desk.office.inst, desk.office.clock.now)
        assert len(shares.notices(desk.office.inst, "share.viewed")) == 1
        assert told.views == 1

    def test_prints_by_whom_what_for_and_that_it_is_unsigned(self, small: Desk) -> None:
        share_id = small.shared()

        text = small.send(f"/shares/{share_id}").text

        printed = text[text.index('<section class="print"') :]
        assert "Bản in phần sổ lao động được chia sẻ" in printed
        assert people.EMPLOYER_CODE in printed
        assert "/verify" in printed
        assert str(share_id) in text

    def test_is_no_link(self, small: Desk) -> None:
        share_id = small.shared()

        small.see(f"/shares/{share_id}")

        assert shares.notices(small.office.inst, "share.viewed") == []

    def test_never_shows_why_somebody_left_or_what_they_earn(self, small: Desk) -> None:
        text = small.send(f"/shares/{small.shared()}").text

        assert "7.654.321" not in text
        assert "7654321" not in text

    @pytest.mark.parametrize("step", ["", "/hired", "/not-hired", "/deleted"])
    @pytest.mark.parametrize("token", [None, "x" * 43])
    def test_and_deciding_need_a_form_of_ours(
        self, small: Desk, step: str, token: str | None
    ) -> None:
        share_id = small.shared()
        form = {"confirmed": "yes"} | ({} if token is None else {"csrf": token})

        answer = small.client.post(f"/employer/shares/{share_id}{step}", data=form)

        assert answer.status_code == 403
        assert shares.notices(small.office.inst, "share.viewed") == []

    def test_gives_every_form_its_token(self, small: Desk) -> None:
        share_id = small.seen()
        for path in ("", f"/shares/{share_id}", "/staff", "/duties"):
            text = small.see(path)
            forms = re.findall(
                r'<form method="post".*?</form>|<form class.*?</form>', text, re.DOTALL
            )
            assert forms
            assert all('name="csrf"' in form for form in forms)


class TestDeletion:
    def test_goes_from_not_hired_to_a_receipt(self, desk: Desk) -> None:
        share_id = desk.seen()

        decided = desk.send(f"/shares/{share_id}/not-hired")
        assert decided.headers["location"] == f"/employer/shares/{share_id}"
        assert "Còn" in desk.see("/duties")
        assert "mục phải xóa" in desk.see()

        done = desk.send(f"/shares/{share_id}/deleted", confirmed="yes")
        assert done.status_code == 303
        text = desk.see(f"/shares/{share_id}")
        assert "Biên nhận xóa dữ liệu" in text
        assert "Đúng hạn" in text
        assert "Không có thông tin nào phải xóa" in desk.see("/duties")
        assert len(shares.notices(desk.office.inst, "copy.deletion-confirmed")) == 1

    def test_is_confirmed_in_so_many_words(self, small: Desk) -> None:
        share_id = small.seen()

        assert small.send(f"/shares/{share_id}/deleted").status_code == 422
        assert shares.notices(small.office.inst, "copy.deletion-confirmed") == []

    def test_is_not_decided_twice(self, small: Desk) -> None:
        share_id = small.seen()
        small.send(f"/shares/{share_id}/not-hired")

        answer = small.send(f"/shares/{share_id}/hired")

        assert answer.status_code == 409
        assert "đã được quyết định" in answer.text

    def test_closes_the_share_to_whoever_has_to_delete(self, small: Desk) -> None:
        share_id = small.seen()
        small.send(f"/shares/{share_id}/not-hired")

        answer = small.send(f"/shares/{share_id}")

        assert answer.status_code == 410
        assert "Bạn phải xóa thông tin này" in answer.text

    def test_that_is_overdue_stands_first_with_a_sign(self, desk: Desk) -> None:
        late, other = desk.seen(), desk.shared(max_views=5)
        desk.send(f"/shares/{late}/not-hired")
        desk.later(days=6)
        desk.send(f"/shares/{other}")
        desk.send(f"/shares/{other}/not-hired")
        with deed(desk.office.inst.engine) as db:
            due = deletion_duties.share_copies.copies_held_by(
                db, deletion_duties.inbox_of(shares.EMPLOYER), limit=9
            )
        first_due = min(each.due_on for each in due if each.due_on is not None)
        today = desk.office.clock.now.date()
        desk.later(days=(first_due - today).days + 1)

        text = desk.see("/duties")

        assert "▲ Quá hạn 1 ngày" in text
        assert text.index(str(late)) < text.index(str(other))
        desk.send(f"/shares/{late}/deleted", confirmed="yes")
        assert "Quá hạn (hạn cuối" in desk.see(f"/shares/{late}")


class TestStaff:
    def test_is_shown_for_a_purpose_that_each_can_read(self, desk: Desk) -> None:
        assert "Xem danh sách để làm gì?" in desk.see("/staff")

        answer = desk.send("/staff", purpose="Đối chiếu BHXH quý 4")

        assert answer.status_code == 200
        assert NAME in answer.text
        rows = shares.traces(desk.office.inst, "workers.list")
        assert {row["purpose"] for row in rows} == {"Đối chiếu BHXH quý 4"}
        assert len(rows) == 3

    def test_is_not_shown_without_one(self, small: Desk) -> None:
        answer = small.send("/staff", purpose="  ")

        assert answer.status_code == 422
        assert NAME not in answer.text

    def test_does_not_put_the_purpose_into_the_page_as_markup(self, small: Desk) -> None:
        answer = small.send("/staff", purpose="<script>alert(1)</script>")

        assert "<script>" not in answer.text


class TestPages:
    @pytest.mark.parametrize("path", ["", "/duties", "/staff"])
    def test_speak_english_too(self, small: Desk, path: str) -> None:
        text = small.see(f"{path}?lang=en")

        assert 'lang="en"' in text
        assert 'href="/employer/duties?lang=en"' in text

    def test_need_no_script_and_load_nothing(self, small: Desk) -> None:
        small.seen()
        for path in ("", "/duties", "/staff"):
            text = small.see(path)
            assert "<script" not in text
            assert not re.search(r'(src|href)="https?://', text)
            assert len(text.encode()) < 50_000
