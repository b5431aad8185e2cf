import re
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from api.pages.rendering import STYLE
from labour_book.database import transaction
from labour_book.queries.rows import table_of
from labour_book.tables import Person
from tests.api.conftest import Office
from tests.services.people import add_diploma, personal_id

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
LARGEST_PAGE = 50 * 1024
LARGEST_REFERENCE = 250 * 1024
"""The reference of the whole interface is for integrators at a desk."""


class Outline(HTMLParser):
    """What a page is made of, as far as tests ask."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.labelled: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        for name, value in attrs:
            if name in {"href", "src", "action"}:
                self.links.append(value or "")
            if name == "id":
                self.ids.append(value or "")
            if name in {"aria-labelledby", "aria-describedby", "for"}:
                self.labelled.append(value or "")


def shown(text: str) -> str:
    """The words a person sees."""
    body = re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


@pytest.fixture
def code(office: Office) -> str:
    return office.code(office.issue(office.people[0]))


class TestAnswer:
    def test_about_a_current_book_is_yes_three_times(self, client: TestClient, code: str) -> None:
        answer = client.get(f"/v/{code}", headers=HTML)

        words = shown(answer.text)
        assert answer.status_code == 200
        assert "Sổ thật, còn hiệu lực" in words
        assert words.count("OK (Đạt)") == 3
        assert "Do SỞ NỘI VỤ cấp" in words
        assert "Nguyễn Thị Số 1" in words
        assert "Khớp đóng bảo hiểm" in words

    def test_shows_nothing_to_pry_with_and_does_not_hint_at_it(
        self, client: TestClient, code: str
    ) -> None:
        words = client.get(f"/v/{code}", headers=HTML).text

        assert personal_id() not in words
        assert personal_id()[-4:] not in words
        assert not re.search(r"7\.?654\.?321", words)
        assert "05-17" not in words
        assert "17/05" not in words
        for hint in ("lương", "lý do", "số định danh", "wage", "reason for", "*"):
            assert hint not in shown(words).lower()

    def test_says_that_the_population_register_knows_nobody_of_the_name(
        self, office: Office, client: TestClient
    ) -> None:
        with transaction(office.inst.engine) as db:
            db.execute(
                sa.update(table_of(Person))
                .where(table_of(Person).c.id == office.people[0])
                .values(match_state="NOT_FOUND")
            )
        code = office.code(office.issue(office.people[0]))

        words = shown(client.get(f"/v/{code}", headers=HTML).text)
        in_english = shown(client.get(f"/v/{code}?lang=en", headers=HTML).text)

        assert "Chưa đối chiếu được với CSDL quốc gia về dân cư" in words
        assert "Not found in the population register" in in_english

    def test_says_nothing_of_who_was_found_and_of_months_without_payment(
        self, client: TestClient, code: str
    ) -> None:
        words = shown(client.get(f"/v/{code}", headers=HTML).text)

        assert "dân cư" not in words
        assert "chỉ tính thời gian" not in words.lower()

    def test_leaves_one_trace_row(self, office: Office, client: TestClient, code: str) -> None:
        before = len(office.traced())

        client.get(f"/v/{code}", headers=HTML)

        assert office.traced()[before:] == [("book.verify", "ok", office.people[0])]

    def test_about_a_superseded_book_is_clear_but_not_alarming(
        self, office: Office, client: TestClient, code: str
    ) -> None:
        add_diploma(office.inst.engine, office.people[0], 1, at=office.clock.now)
        office.issue(office.people[0])

        words = shown(client.get(f"/v/{code}", headers=HTML).text)

        assert "Sổ thật, nhưng đã có bản mới hơn" in words
        assert "SUPERSEDED (Lưu ý)" in words
        assert "Không có gì sai" in words

    def test_about_a_revoked_book_shows_nothing_of_it(
        self, office: Office, client: TestClient, code: str
    ) -> None:
        office.revoke_all()

        words = shown(client.get(f"/v/{code}", headers=HTML).text)

        assert "Bản này đã bị thu hồi" in words
        assert "REVOKED (Không đạt)" in words
        assert "Nguyễn" not in words

    def test_about_an_expired_book_says_so(
        self, office: Office, client: TestClient, code: str
    ) -> None:
        office.clock.now += timedelta(days=400)

        assert "Sổ thật, nhưng đã hết hạn" in client.get(f"/v/{code}", headers=HTML).text

    def test_about_an_altered_record_is_no(
        self, office: Office, client: TestClient, code: str
    ) -> None:
        office.alter_credentials()

        words = shown(client.get(f"/v/{code}", headers=HTML).text)

        assert "Không phải bản gốc" in words
        assert "RECORD_ALTERED (Không đạt)" in words

    @pytest.mark.parametrize(
        "code",
        ["0" * 28, "x", "%00", "%F0%9F%98%80", "a%20b", "..%5C..%5Cetc", "%3Cscript%3E", "0" * 900],
    )
    def test_about_an_unknown_code_is_always_the_same(
        self, small_office: Office, small_client: TestClient, code: str
    ) -> None:
        before = small_office.traced()
        known = small_client.get("/v/" + "1" * 28, headers=HTML)

        answer = small_client.get(f"/v/{code}", headers=HTML)

        assert answer.status_code == 404
        assert answer.text == known.text
        assert "Không có sổ nào mang mã này" in answer.text
        assert small_office.traced() == before

    def test_reads_a_code_as_people_write_it(self, client: TestClient, code: str) -> None:
        spelled = "-".join(code[at : at + 4] for at in range(0, 28, 4)).lower().replace("0", "o")

        assert client.get(f"/v/{spelled}", headers=HTML).status_code == 200


class TestLookUp:
    def test_goes_to_the_address_of_a_code(self, client: TestClient, code: str) -> None:
        written = "-".join(code[at : at + 4] for at in range(0, 28, 4)).lower()

        answer = client.post("/v?lang=en", data={"code": f" {written} "})

        assert answer.status_code == 303
        assert answer.headers["location"] == f"/v/{code}?lang=en"

    @pytest.mark.parametrize("typed", ["", "//evil.example", "x\r\nSet-Cookie: a=b", "\x00", "ệ"])
    def test_goes_nowhere_else(self, small_client: TestClient, typed: str) -> None:
        answer = small_client.post("/v", data={"code": typed}, headers=HTML)

        assert answer.headers.get("location", "/v/0") == "/v/0"
        assert "set-cookie" not in answer.headers

    def test_takes_a_file(self, client: TestClient, worker: dict[str, str]) -> None:
        pdf = client.get("/me/book.pdf", headers=worker).content

        answer = client.post("/verify/file", files={"file": ("so.pdf", pdf)}, headers=HTML)

        words = shown(answer.text)
        assert "Sổ thật, còn hiệu lực" in words
        assert "Nguyễn Thị Số 1" in words

    def test_says_so_when_there_is_no_file(self, small_client: TestClient) -> None:
        answer = small_client.post("/verify/file", files={"file": ("", b"")}, headers=HTML)

        assert answer.status_code == 422
        assert "Chưa có tệp để kiểm tra" in answer.text

    def test_says_so_when_the_file_is_too_large(self, small_client: TestClient) -> None:
        files = {"file": ("x.pdf", bytes(11 * 1024 * 1024))}

        answer = small_client.post("/verify/file", files=files, headers=HTML)

        assert answer.status_code == 413
        assert "Tệp quá lớn" in answer.text

    def test_has_no_address_for_an_answer_about_a_file(self, small_client: TestClient) -> None:
        assert small_client.get("/verify/file?lang=en").headers["location"] == "/verify?lang=en"


class TestLanguage:
    @pytest.mark.parametrize(
        ("query", "accepted", "language"),
        [
            ("", "", "vi"),
            ("", "vi-VN,vi;q=0.9,en;q=0.8", "vi"),
            ("", "en-US,en;q=0.9,vi;q=0.8", "en"),
            ("", "de-DE,de;q=0.9", "en"),
            ("", "fr;q=0.9,vi;q=0.1", "vi"),
            ("", "*", "vi"),
            ("", "en;q=0,vi", "vi"),
            ("", "en;q=x", "vi"),
            ("?lang=en", "vi", "en"),
            ("?lang=vi", "en", "vi"),
            ("?lang=xx", "", "vi"),
            ("?lang=%3Cscript%3E", "", "vi"),
        ],
    )
    def test_is_asked_for_or_preferred_or_vietnamese(
        self, small_client: TestClient, query: str, accepted: str, language: str
    ) -> None:
        answer = small_client.get(f"/{query}", headers={"Accept-Language": accepted})

        assert f'<html lang="{language}">' in answer.text
        assert answer.headers["content-language"] == language
        assert answer.headers["vary"] == "Accept-Language"


class TestEveryPage:
    @pytest.fixture(
        params=[
            *("/", "/v", "/verify", "/demo", "/v/x", "/nowhere", "answer"),
            *("/docs", "/docs/operations/corrections", "/docs/operations/nothing"),
        ]
    )
    def text(
        self, request: pytest.FixtureRequest, small_office: Office, small_client: TestClient
    ) -> str:
        code = small_office.code(small_office.issue(small_office.people[0]))
        path = f"/v/{code}" if request.param == "answer" else request.param
        return small_client.get(path, headers=HTML).text

    def test_is_small_and_loads_nothing(self, text: str, request: pytest.FixtureRequest) -> None:
        page = Outline(text)
        is_reference = request.node.callspec.params["text"].startswith("/docs")

        assert len(text.encode()) < (LARGEST_REFERENCE if is_reference else LARGEST_PAGE)
        assert not {"script", "img", "link", "iframe", "object", "embed"} & set(page.tags)
        assert not {each for each in page.attributes if each.startswith("on")}
        assert "style" not in page.attributes

    def test_links_only_within(self, text: str) -> None:
        assert all(
            re.match(r"/(?!/)|[?#]|https://so\.example\.vn/[vs]/", each)
            for each in Outline(text).links
        )

    def test_is_built_for_everybody(self, text: str) -> None:
        page = Outline(text)
        headings = [int(tag[1]) for tag in page.tags if re.fullmatch(r"h[1-6]", tag)]

        assert headings[0] == 1
        assert headings.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(headings))
        assert {"main", "header", "footer"} <= set(page.tags)
        assert set(page.labelled) <= set(page.ids)
        assert len(page.ids) == len(set(page.ids))

    def test_says_that_it_is_a_demonstration(self, text: str) -> None:
        assert re.search("Bản trình diễn|Demonstration", text)


class TestSamples:
    def test_are_shown_with_their_codes(self, client: TestClient, code: str) -> None:
        answer = client.get("/demo", headers=HTML)

        assert f"/v/{code}" in answer.text
        assert "<svg" in answer.text

    def test_are_not_there_outside_the_demonstration(self, real_client: TestClient) -> None:
        assert real_client.get("/demo").status_code == 404
        assert "Bản trình diễn" not in real_client.get("/").text
        assert "/demo" not in real_client.get("/").text


COLOUR = r"--([\w-]+):(#\w+)"


class TestColours:
    @pytest.mark.parametrize("theme", ["light", "dark"])
    @pytest.mark.parametrize(
        ("text", "ground"),
        [
            ("ink", "paper"),
            ("ink", "ground"),
            ("soft", "paper"),
            ("soft", "ground"),
            ("link", "paper"),
            ("link", "ground"),
            ("white", "state"),
            ("white", "button"),
            *(
                (tone, ground)
                for tone in ("yes", "warn", "no", "unknown")
                for ground in ("paper", f"{tone}-bg")
            ),
            *(("ink", f"{tone}-bg") for tone in ("yes", "warn", "no", "unknown")),
        ],
    )
    def test_can_be_told_apart_by_weak_eyes(self, text: str, ground: str, theme: str) -> None:
        light, _, dark = STYLE.partition("prefers-color-scheme:dark")
        colours = {"white": "#fff"} | dict(re.findall(COLOUR, light if theme == "light" else dark))

        lighter, darker = sorted(
            (luminance(colours[text]), luminance(colours[ground])), reverse=True
        )

        assert (lighter + 0.05) / (darker + 0.05) >= 4.5  # WCAG 2.2, 1.4.3


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(each * 2 for each in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
