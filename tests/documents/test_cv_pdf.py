"""The e-CV on paper."""

import os
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from labour_book.documents import render_cv_pdf
from labour_book.documents.photo import HEIGHT, WIDTH, printable_photo
from labour_book.domain.cv import Contact, Cv, CvLine, Section, cv_of
from labour_book.domain.months import Month
from labour_book.errors import Invalid
from tests.documents import books, reading

GOLDEN = Path(__file__).parent / "golden"
NOT_VERIFIED = "tự khai, chưa xác thực"


def photo(kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (900, 1200)) -> bytes:
    written = BytesIO()
    Image.new(mode, size, 120 if mode == "L" else None or 0).save(written, kind)
    return written.getvalue()


def cv(entries: int = 3, own: tuple[CvLine, ...] = (), **changes: Any) -> Cv:
    values: dict[str, Any] = {
        "contact": Contact("huong@example.vn", "0912 345 678"),
        "headline": "Tổ trưởng chuyền may",
        "summary": "Quen với đơn hàng xuất khẩu.",
        "verify_at": books.ADDRESS,
    }
    return cv_of(books.book(entries), own, **values | changes)


def printed(of: Cv, **changes: Any) -> bytes:
    values: dict[str, Any] = {"issued_on": books.ISSUED_ON, "lookup_code": books.CODE}
    return render_cv_pdf(of, **values | changes)


OWN = (
    CvLine(Section.SKILLS, "Vận hành máy may Juki", level="thành thạo"),
    CvLine(Section.PROJECTS, "Tổ trưởng công đoàn", first_day="2019", last_day="2021-02"),
    CvLine(Section.WORK, "Thợ may tại nhà", organisation="Tự do", first_day="2009"),
)


class TestRenderCvPdf:
    def test_reads_as_the_golden_file(self) -> None:
        read = "\n=== page ===\n".join(reading.words(printed(cv(3, OWN)))) + "\n"
        golden = GOLDEN / "cv.txt"
        if os.environ.get("UPDATE_GOLDEN"):
            golden.write_text(read, "utf-8")

        assert read == golden.read_text("utf-8")

    def test_takes_one_page_for_a_typical_worker(self) -> None:
        assert len(reading.words(printed(cv(4, OWN), photo=photo()))) == 1

    def test_marks_every_line_of_the_workers_own(self) -> None:
        none_own = reading.flat(printed(cv(0, (), headline="", summary="")))
        three_own = reading.flat(printed(cv(0, OWN, headline="", summary="")))

        assert none_own.count(NOT_VERIFIED) == 0
        assert three_own.count(NOT_VERIFIED) == len(OWN) + 1  # and in the legend

    def test_marks_a_line_of_the_book_that_only_the_worker_stated(self) -> None:
        of_form03 = cv_of(books.book(1), keep=lambda line: hasattr(line, "employer"))

        text = reading.flat(printed(of_form03))

        assert not of_form03.lines[0].verified
        assert NOT_VERIFIED in text

    def test_says_what_nobody_knows_of_start_and_end(self) -> None:
        held = books.entry(1, first_day=None, known_since=Month.of(2026, 9))
        left_open = books.entry(2, running=False, last_day=None, known_until=Month.of(2022, 4))
        made = cv_of(books.book(0, employments=(held, left_open)))

        text = reading.flat(printed(made))

        assert "không rõ ngày bắt đầu; có mặt tại thời điểm thu thập 09/2026" in text
        assert "không rõ ngày kết thúc; có dữ liệu đến 04/2022" in text

    def test_marks_what_the_worker_says_of_themself(self) -> None:
        assert NOT_VERIFIED in reading.flat(printed(cv(0, ())))

    def test_shows_sign_and_words_of_assurance(self) -> None:
        text = reading.flat(printed(cv(3)))

        assert "● khớp đóng bảo hiểm" in text
        assert "◔ có hồ sơ đối chiếu" in text

    def test_carries_a_qr_code_on_every_page(self) -> None:
        pages = reading.pictures(printed(cv(30, OWN)), dpi=150)

        assert len(pages) > 1
        assert [reading.qr_codes(page) for page in pages] == [[books.ADDRESS]] * len(pages)

    def test_says_so_where_there_is_no_address(self) -> None:
        pdf = printed(cv(1, verify_at=None))

        assert "không kèm địa chỉ kiểm tra" in reading.flat(pdf)
        assert reading.qr_codes(reading.pictures(pdf, dpi=150)[0]) == []

    def test_holds_no_personal_id(self) -> None:
        assert "3456" not in reading.flat(printed(cv(3))).replace("0912 345 678", "")

    def test_gives_the_same_bytes_for_the_same_input(self) -> None:
        assert printed(cv(2, OWN), photo=photo()) == printed(cv(2, OWN), photo=photo())

    @pytest.mark.parametrize("words", ["<script>x</script>", "a" * 400, "\x00\u202e", "\n\n"])
    def test_prints_hostile_words_and_nothing_else(self, words: str) -> None:
        line = CvLine(Section.SKILLS, words, organisation=words, level=words, text=words)

        pdf = printed(cv(1, (line,), headline=words, summary=words, contact=Contact(words)))

        assert reading.letters_outside(pdf, margin=36) == []

    def test_is_an_archive_form_too(self) -> None:
        attached = {"resume.json": b"{}"}

        with reading.opened(printed(cv(1), attachments=attached)) as file:
            [named] = file.Root.AF

            assert str(named.UF) == "resume.json"
            with file.open_metadata() as xmp:
                assert xmp["pdfaid:part"] == "3"


class TestPrintablePhoto:
    @pytest.mark.parametrize(
        ("kind", "mode"),
        [("PNG", "RGBA"), ("PNG", "L"), ("PNG", "P"), ("JPEG", "CMYK"), ("WEBP", "RGB")],
    )
    def test_is_a_jpeg_of_three_by_four(self, kind: str, mode: str) -> None:
        with Image.open(BytesIO(printable_photo(photo(kind, mode)))) as small:
            assert (small.format, small.mode, small.size) == ("JPEG", "RGB", (WIDTH, HEIGHT))

    def test_forgets_where_it_was_taken(self) -> None:
        exif = Image.Exif()
        exif[0x8825] = {2: (21.0, 1.0, 40.0)}
        exif[0x010F] = "a camera"
        written = BytesIO()
        Image.new("RGB", (300, 400)).save(written, "JPEG", exif=exif)

        with Image.open(BytesIO(printable_photo(written.getvalue()))) as small:
            assert not small.getexif()

    @pytest.mark.parametrize(
        "content",
        [b"", b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>", photo()[:20], b"GIF89a"],
    )
    def test_refuses_what_is_no_photo(self, content: bytes) -> None:
        with pytest.raises(Invalid):
            printable_photo(content)

    def test_refuses_a_bomb(self) -> None:
        with pytest.raises(Invalid):
            printable_photo(photo(mode="L", size=(9_000, 9_000)))

    def test_refuses_a_file_too_large(self) -> None:
        with pytest.raises(Invalid):
            printable_photo(b"\0" * (10 * 1024 * 1024 + 1))
