"""The share page: what robots get, what a recipient sees, and how it ends."""

import io
import json
import re
import time
from datetime import timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from api import access_log
from labour_book.services import live_codes, sharing, withdrawing
from labour_book.services.access import deed
from labour_book.services.sharing import Created
from tests.api.conftest import PUBLIC_URL, Office
from tests.api.test_pages import HTML, LARGEST_PAGE, Outline, shown
from tests.services import shares
from tests.services.people import add_diploma
from tests.services.shares import OFFER, TO_EMPLOYER, WORKER

MINUTE = timedelta(minutes=1)
NAME = "Nguyễn Thị Số 1"
SOME_CODE = "0" * 28
ENDS = {
    "withdrawn": "Người chia sẻ đã thu hồi",
    "expired": "Đã hết hạn xem",
    "used_up": "Đã hết số lần mở",
    "paused": "Người chia sẻ đang tạm dừng",
}


@pytest.fixture
def created(office: Office) -> Created:
    office.issue(office.people[0])
    return shares.share(office.inst, office.clock.now)


@pytest.fixture
def small(small_office: Office) -> Created:
    """A share on SQLite alone, where the kind of database makes no difference."""
    small_office.issue(small_office.people[0])
    return shares.share(small_office.inst, small_office.clock.now)


def ticket_on(page: str) -> str:
    (ticket, *_) = re.findall(r'name="ticket" value="([\w-]+)"', page)
    return str(ticket)


def opened(client: TestClient, path: str, *, query: str = "", **form: str) -> tuple[str, Any]:
    """Open a share as a person does; return the ticket and the answer."""
    ticket = ticket_on(client.get(path, headers=HTML).text)
    return ticket, client.post(path + query, data={"ticket": ticket, **form}, headers=HTML)


def live_path(office: Office, share_id: UUID) -> str:
    with deed(office.inst.engine) as db:
        made = live_codes.live_code(db, office.inst, WORKER, share_id, now=office.clock.now)
    return f"/l/{made.code}"


def views(office: Office) -> list[int]:
    return [each.views for each in shares.mine(office.inst, office.clock.now)]


def end(office: Office, created: Created, how: str) -> None:
    now = office.clock.now
    match how:
        case "expired":
            office.clock.now = created.expires_at
        case "used_up":
            for _ in range(3):
                shares.look(office.inst, created.code, now)
        case _:
            with deed(office.inst.engine) as db:
                if how == "withdrawn":
                    withdrawing.withdraw_share(db, WORKER, created.share_id, now=now)
                else:
                    sharing.freeze(db, WORKER, now=now)


class TestCover:
    def test_says_nothing_of_the_person_and_burns_no_view(
        self, office: Office, client: TestClient, created: Created
    ) -> None:
        before = office.traced()

        answer = client.get(f"/s/{created.code}", headers=HTML)

        assert answer.status_code == 200
        assert "Có một phần sổ lao động được chia sẻ với bạn" in shown(answer.text)
        assert "27/11/2026 15:30 (UTC+7)" in shown(answer.text)
        for private in (NAME, "Nguyễn", OFFER.purpose, "Phổ thông", created.code):
            assert private not in answer.text
        assert views(office) == [0]
        assert office.traced() == before

    def test_is_kept_by_nobody_and_found_by_no_search(
        self, small_client: TestClient, small: Created
    ) -> None:
        headers = small_client.get(f"/s/{small.code}", headers=HTML).headers

        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert headers["x-robots-tag"] == "noindex, nofollow"

    def test_warns_that_it_opens_once(
        self, small_office: Office, small_client: TestClient, small: Created
    ) -> None:
        once = shares.share(small_office.inst, small_office.clock.now, max_views=1)

        assert "Một lần duy nhất" in small_client.get(f"/s/{once.code}").text
        assert "Một lần duy nhất" not in small_client.get(f"/s/{small.code}").text

    def test_reads_a_code_as_people_type_it(self, small_client: TestClient, small: Created) -> None:
        assert small_client.get(f"/s/{small.code.lower()}").status_code == 200

    def test_says_that_a_live_code_is_for_now(
        self, small_office: Office, small_client: TestClient, small: Created
    ) -> None:
        answer = small_client.get(live_path(small_office, small.share_id), headers=HTML)

        assert answer.status_code == 200
        assert "Hãy mở ngay" in answer.text
        assert NAME not in answer.text


class TestStranger:
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_gets_one_answer_whatever_is_wrong(
        self, office: Office, client: TestClient, created: Created, method: str
    ) -> None:
        for_employer = shares.share(office.inst, office.clock.now, TO_EMPLOYER)
        paths = [f"/s/{code}" for code in (SOME_CODE, "x", "%00", "é" * 40, for_employer.code)]
        paths += [f"/l/{code}" for code in ("A" * 85, "x", created.code)]

        answers = [client.request(method, path, headers=HTML) for path in paths]

        assert {each.status_code for each in answers} == {404}
        links = re.compile(r'href="/[sl]/[^"]*"')
        assert len({links.sub("", each.text) for each in answers}) == 1
        assert "Không có gì để mở ở đây" in answers[0].text
        assert len({str(sorted(each.headers.keys())) for each in answers}) == 1

    def test_is_told_when_to_try_again(
        self, small_office: Office, small_client: TestClient, small: Created
    ) -> None:
        for _ in range(small_office.inst.limits.misses.most):
            assert small_client.get(f"/s/{SOME_CODE}").status_code == 404

        for path in (f"/s/{SOME_CODE}", f"/s/{small.code}"):
            answer = small_client.get(path, headers=HTML)
            assert answer.status_code == 429
            assert answer.headers["retry-after"] == "60"
            assert "Thử lại từ 20/11/2026 15:31 (UTC+7)" in shown(answer.text)


class TestEnd:
    @pytest.mark.parametrize("how", ENDS)
    def test_is_told_to_the_holder_of_the_code(
        self, office: Office, client: TestClient, created: Created, how: str
    ) -> None:
        path = f"/s/{created.code}"
        end(office, created, how)

        for answer in (client.get(path, headers=HTML), client.post(path, headers=HTML)):
            assert answer.status_code == 410
            assert ENDS[how] in shown(answer.text)
            assert NAME not in answer.text
            assert 'name="ticket"' not in answer.text

    @pytest.mark.parametrize("how", ["withdrawn", "expired", "paused"])
    def test_closes_the_page_that_is_open(
        self, small_office: Office, small_client: TestClient, small: Created, how: str
    ) -> None:
        path = f"/s/{small.code}"
        small_office.clock.now = small.expires_at - MINUTE
        ticket, _ = opened(small_client, path)
        end(small_office, small, how)

        for again in (path, f"{path}/copy"):
            answer = small_client.post(again, data={"ticket": ticket}, headers=HTML)
            assert answer.status_code == 410
            assert ENDS[how] in shown(answer.text)

    def test_of_the_book_is_told_and_counts_no_view(
        self, small_office: Office, small_client: TestClient, small: Created
    ) -> None:
        small_office.revoke_all()

        _, answer = opened(small_client, f"/s/{small.code}")

        assert answer.status_code == 409
        assert "Sổ hiện không có bản còn hiệu lực" in shown(answer.text)
        assert views(small_office) == [0]


class TestOpened:
    def test_shows_what_is_shared_and_hints_at_nothing_else(
        self, office: Office, client: TestClient, created: Created
    ) -> None:
        _, answer = opened(client, f"/s/{created.code}")

        words = shown(answer.text)
        assert answer.status_code == 200
        for said in (NAME, OFFER.purpose, "Khớp đóng bảo hiểm", "Số lần mở còn lại 2"):
            assert said in words
        assert words.count("OK (Đạt)") == 3
        hints = ("Văn bằng", "Khoảng trống", "Quốc tịch", "Số định danh", "Sổ số", "thất nghiệp")
        assert [hint for hint in (*hints, "lương", "lý do", "*") if hint in words] == []
        assert views(office) == [1]

    def test_says_what_the_recipient_must_do(
        self, small_client: TestClient, small: Created
    ) -> None:
        _, answer = opened(small_client, f"/s/{small.code}")

        words = shown(answer.text)
        assert "Chỉ dùng đúng mục đích" in words
        assert "Không tuyển thì xóa" in words
        assert "91/2025/QH15, Điều 25" in words

    def test_keeps_its_title_and_address_free_of_names(
        self, small_client: TestClient, small: Created
    ) -> None:
        _, answer = opened(small_client, f"/s/{small.code}")

        (title,) = re.findall("<title>(.*)</title>", answer.text)
        assert title == "Phần sổ lao động được chia sẻ · Sổ lao động điện tử"
        assert not any("Nguyễn" in unquote(each) for each in Outline(answer.text).links)

    def test_tells_the_worker_what_for(
        self, small_office: Office, small_client: TestClient, small: Created
    ) -> None:
        opened(small_client, f"/s/{small.code}", purpose="Xét hồ sơ thợ hàn")

        (own,) = shares.mine(small_office.inst, small_office.clock.now)
        assert [(each.purpose, each.means) for each in own.seen] == [("Xét hồ sơ thợ hàn", "link")]

    @pytest.mark.parametrize("purpose", ["x" * 201, "a\nb\x00"])
    def test_is_not_opened_for_a_purpose_that_cannot_be_one(
        self, small_office: Office, small_client: TestClient, small: Created, purpose: str
    ) -> None:
        _, answer = opened(small_client, f"/s/{small.code}", purpose=purpose)

        assert answer.status_code == 422
        assert "Chưa mở: mục đích cần là một dòng chữ" in shown(answer.text)
        assert ticket_on(answer.text)
        assert views(small_office) == [0]

    def test_writes_a_purpose_as_text(self, small_client: TestClient, small: Created) -> None:
        _, answer = opened(small_client, f"/s/{small.code}", purpose='"><script>alert(1)</script>')

        assert answer.status_code == 200
        assert "<script" not in answer.text

    def test_changes_language_and_reloads_without_another_view(
        self, office: Office, client: TestClient, created: Created
    ) -> None:
        path = f"/s/{created.code}"
        ticket, _ = opened(client, path)

        again = [
            client.post(f"{path}?lang={language}", data={"ticket": ticket}, headers=HTML)
            for language in ("en", "vi", "en")
        ]

        assert [each.headers["content-language"] for each in again] == ["en", "vi", "en"]
        assert "Genuine and valid" in shown(again[0].text)
        assert "Openings left 2" in shown(again[0].text)
        assert views(office) == [1]

    def test_counts_every_opening_without_a_ticket(
        self, small_office: Office, small_client: TestClient, small: Created
    ) -> None:
        for _ in range(2):
            answer = small_client.post(f"/s/{small.code}", headers=HTML)

        assert answer.status_code == 200
        assert 'name="ticket"' not in answer.text
        assert views(small_office) == [2]

    def test_says_that_a_newer_version_was_made_since(
        self, small_office: Office, small_client: TestClient, small: Created
    ) -> None:
        path = f"/s/{small.code}"
        ticket, first = opened(small_client, path)
        small_office.clock.now += MINUTE
        add_diploma(small_office.inst.engine, small_office.people[0], 1, at=small_office.clock.now)
        small_office.issue(small_office.people[0])
        small_office.clock.now += MINUTE

        again = small_client.post(path, data={"ticket": ticket}, headers=HTML)

        assert "Sổ đã có bản mới hơn" not in shown(first.text)
        assert "Sổ đã có bản mới hơn kể từ lúc bạn mở" in shown(again.text)


class TestCopy:
    def test_is_what_was_shown_and_verifies(
        self, office: Office, client: TestClient, created: Created
    ) -> None:
        ticket, _ = opened(client, f"/s/{created.code}")

        answer = client.post(f"/s/{created.code}/copy", data={"ticket": ticket}, headers=HTML)

        assert answer.headers["content-type"] == "application/dc+sd-jwt"
        assert answer.headers["content-disposition"] == 'attachment; filename="so-lao-dong.sd-jwt"'
        assert answer.headers["cache-control"] == "no-store"
        checked = client.post("/verify", json={"credential": answer.text}).json()
        assert [checked[each]["answer"] for each in ("genuine", "current", "issuer")] == ["yes"] * 3
        assert views(office) == [1]

    def test_is_for_who_has_just_opened_it(
        self, small_office: Office, small_client: TestClient, small: Created
    ) -> None:
        ticket, _ = opened(small_client, f"/s/{small.code}")
        path = f"/s/{small.code}/copy"
        small_office.clock.now += 16 * MINUTE

        for form in ({}, {"ticket": ticket}):
            answer = small_client.post(path, data=form, headers=HTML)
            assert answer.status_code == 410
            assert "Hãy mở lại phần được chia sẻ" in shown(answer.text)
            assert f'href="/s/{small.code}?lang=en"' in answer.text


class TestLiveCode:
    def test_opens_once_and_asks_for_a_fresh_one_then(
        self, office: Office, client: TestClient, created: Created
    ) -> None:
        path = live_path(office, created.share_id)

        ticket, first = opened(client, path)
        again = client.post(path, data={"ticket": ticket}, headers=HTML)
        copied = client.post(f"{path}/copy", data={"ticket": ticket}, headers=HTML)
        replays = (client.get(path, headers=HTML), client.post(path, headers=HTML))

        assert NAME in first.text
        assert (again.status_code, copied.status_code) == (200, 200)
        for replayed in replays:
            assert replayed.status_code == 410
            assert "Mã động này đã hết hiệu lực hoặc đã được dùng" in shown(replayed.text)
            assert NAME not in replayed.text
        assert views(office) == [1]

    def test_is_refused_when_late(
        self, small_office: Office, small_client: TestClient, small: Created
    ) -> None:
        path = live_path(small_office, small.share_id)
        ticket = ticket_on(small_client.get(path).text)
        small_office.clock.now += timedelta(seconds=small_office.inst.limits.live_code_seconds)

        answer = small_client.post(f"{path}?lang=en", data={"ticket": ticket}, headers=HTML)

        assert answer.status_code == 410
        assert "Ask for a fresh code" in shown(answer.text)
        assert views(small_office) == [0]

    def test_is_not_used_up_by_a_purpose_that_cannot_be_one(
        self, small_office: Office, small_client: TestClient, small: Created
    ) -> None:
        path = live_path(small_office, small.share_id)

        _, refused = opened(small_client, path, purpose="x" * 201)
        _, answer = opened(small_client, path)

        assert (refused.status_code, answer.status_code) == (422, 200)


class TestEveryPage:
    @pytest.fixture(params=["cover", "opened", "unknown", "withdrawn", "live", "demo"])
    def page(
        self,
        request: pytest.FixtureRequest,
        small_office: Office,
        small_client: TestClient,
        small: Created,
    ) -> str:
        path = f"/s/{small.code}"
        match request.param:
            case "opened":
                return str(opened(small_client, path)[1].text)
            case "unknown":
                path = "/s/x"
            case "withdrawn":
                end(small_office, small, "withdrawn")
            case "live":
                path = live_path(small_office, small.share_id)
            case "demo":
                path = "/demo"
        return small_client.get(path, headers=HTML).text

    def test_is_small_and_loads_nothing(self, page: str) -> None:
        outline = Outline(page)

        assert len(page.encode()) < LARGEST_PAGE
        assert not {"script", "img", "link", "iframe", "object", "embed"} & set(outline.tags)
        assert not {each for each in outline.attributes if each.startswith("on")}
        assert "style" not in outline.attributes

    def test_links_only_within(self, page: str) -> None:
        within = rf"/(?!/)|[?#]|{PUBLIC_URL}/[vs]/"
        assert all(re.match(within, each) for each in Outline(page).links)

    def test_is_built_for_everybody(self, page: str) -> None:
        outline = Outline(page)
        headings = [int(tag[1]) for tag in outline.tags if re.fullmatch(r"h[1-6]", tag)]

        assert headings.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(headings))
        assert {name for each in outline.labelled for name in each.split()} <= set(outline.ids)
        assert len(outline.ids) == len(set(outline.ids))


class TestAccessLog:
    def test_names_the_route_and_never_the_code(
        self, small_client: TestClient, small: Created
    ) -> None:
        stream = io.StringIO()
        with access_log.written_to(stream):
            opened(small_client, f"/s/{small.code}")
            small_client.get("/l/some-live-code")
            time.sleep(0.1)

        lines = [json.loads(line) for line in stream.getvalue().splitlines()]
        assert [each["route"] for each in lines] == ["/s/{code}", "/s/{code}", "/l/{code}"]
        assert small.code not in stream.getvalue()


class TestDemo:
    def test_shows_a_share_that_opens(self, office: Office, client: TestClient) -> None:
        office.issue(office.people[0])
        links = [each for each in Outline(client.get("/demo").text).links if "/s/" in each]

        assert len(links) == 1
        _, answer = opened(client, links[0].removeprefix(PUBLIC_URL))
        assert NAME in answer.text

    def test_shows_the_same_one_until_it_is_used_up(
        self, small_office: Office, small_client: TestClient
    ) -> None:
        small_office.issue(small_office.people[0])

        def address() -> str:
            (link,) = re.findall(r'href="[^"]*(/s/\w+)"', small_client.get("/demo").text)
            return str(link)

        first = address()
        assert address() == first
        (own,) = shares.mine(small_office.inst, small_office.clock.now)
        end(small_office, Created(own.id, own.code, own.url, own.expires_at), "withdrawn")
        assert address() != first

    def test_shows_the_books_alone_while_sharing_is_frozen(
        self, small_office: Office, small_client: TestClient
    ) -> None:
        small_office.issue(small_office.people[0])
        with deed(small_office.inst.engine) as db:
            sharing.freeze(db, WORKER, now=small_office.clock.now)

        answer = small_client.get("/demo")

        assert answer.status_code == 200
        assert "/s/" not in answer.text
