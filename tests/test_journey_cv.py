"""A worker makes a CV, lets the employment service see it, and learns what is due to them."""

from io import BytesIO

import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.api.conftest import Office
from tests.documents import reading
from tests.support import app_site
from tests.support.app_site import sign_in
from tests.support.screen import PATIENCE

browser, office, device, phone = app_site.browser, app_site.office, app_site.device, app_site.phone

MARK = "tự khai, chưa xác thực"


def picture() -> bytes:
    written = BytesIO()
    Image.new("RGB", (600, 800), "teal").save(written, "PNG")
    return written.getvalue()


def cv(page: Page) -> dict[str, object]:
    """Return the CV as the interface tells it."""
    told: dict[str, object] = asked(page, "/me/cv")
    return told


def asked(page: Page, path: str) -> dict[str, object]:
    token = page.request.post("/session/token").json()["access_token"]
    answer = page.request.get(path, headers={"authorization": f"Bearer {token}"})
    told: dict[str, object] = answer.json()
    return told


def reads(page: Page, text: str) -> None:
    """Wait until a screen reader would read it: by itself, or as part of a card."""
    whole = page.locator(f'[aria-label*="{text}"]').or_(page.get_by_text(text))
    expect(whole.first).to_be_attached(timeout=PATIENCE)


class TestCv:
    def test_is_chosen_added_to_and_taken_along(self, phone: Page) -> None:
        screen = sign_in(phone, "/app/cv")
        screen.tap("cv-add", then="section-skills")
        screen.tap("section-skills", then="field-level")
        screen.type("field-title", "Lái xe nâng")
        screen.tap("cv-save", then="cv-preview")
        reads(phone, "Lái xe nâng")
        reads(phone, MARK)

        screen.tap("cv-about", then="field-headline")
        screen.type("field-headline", "Thợ hàn 3G")
        screen.tap("cv-save", then="cv-preview")
        reads(phone, "Thợ hàn 3G")
        text = reading.flat(screen.downloaded("cv-pdf").path().read_bytes())

        assert "Lái xe nâng" in text
        assert "Thợ hàn 3G" in text
        assert MARK in text

        screen.tap("cv-preview", then="cv-page-1")

    def test_leaves_out_a_line_and_takes_a_photo(self, phone: Page) -> None:
        screen = sign_in(phone, "/app/cv")
        screen.shows("cv-preview")
        lines = cv(phone)["lines"]
        assert isinstance(lines, list)
        work = next(each["ref"] for each in lines if each["section"] == "work")
        screen.tap(f"show-{work}")
        with phone.expect_file_chooser(timeout=PATIENCE) as chooser:
            screen.click("photo-pick")
        chooser.value.set_files(FilePayload(name="anh.png", mimeType="image/png", buffer=picture()))
        screen.shows("cv-photo")

        assert cv(phone)["has_photo"] is True
        assert str(cv(phone)["lines"]).count("'shown': False") == 1

    def test_is_seen_by_the_employment_service_until_that_is_stopped(self, phone: Page) -> None:
        screen = sign_in(phone, "/app/cv/seeking")
        screen.tap("shows-work")
        screen.type("field-wanted", "Thợ hàn")
        screen.tap("seeking-begin", then="seeking-on")
        reads(phone, "Hà Nội")

        assert asked(phone, "/me/job-seeking")["active"] is True
        screen.tap("seeking-end", then="seeking-begin")
        assert asked(phone, "/me/job-seeking")["active"] is False


class TestRights:
    def test_open_to_what_each_figure_rests_on(self, phone: Page) -> None:
        screen = sign_in(phone, "/app/more")
        screen.tap("go-rights", then="right-pension")
        reads(phone, "Thông tin tham khảo, không phải quyết định")
        reads(phone, "68 tháng (5 năm 8 tháng)")
        screen.tap("how-pension", then="right-results")
        reads(phone, "Luật BHXH 41/2024/QH15")
        reads(phone, "chưa kiểm chứng")

    def test_say_which_months_are_missing_and_what_to_do(
        self, phone: Page, office: tuple[Office, str]
    ) -> None:
        with office[0].inst.engine.begin() as connection:
            connection.execute(sa.text("UPDATE insurance_fact SET last_month = '2025-12'"))
            connection.execute(sa.text("UPDATE employer_status SET status = 'CLOSED'"))

        screen = sign_in(phone, "/app/rights")
        screen.tap("gap-1", then="way-complain")
        reads(phone, "Nơi này đã ngừng hoạt động")
        reads(phone, "01/2026 - 09/2026")
        screen.tap("go-bridge", then="right-results")
        reads(phone, "66.000 đồng")
