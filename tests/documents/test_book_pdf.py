"""The labour book on paper: every page is read as an employer, a scanner and a court would."""

import hashlib
import os
import re
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pikepdf
import pytest

from labour_book.documents import Issuer
from labour_book.domain.assurance import Assurance
from labour_book.domain.book import Discrepancy, Gap, LabourBook
from labour_book.domain.months import Month
from labour_book.errors import Invalid
from tests.documents import books, reading
from tests.documents.books import book, entry, identity, printed

GOLDEN = Path(__file__).parent / "golden"
WHITE = 255


def marked(entries: int) -> LabourBook:
    """Return a book whose entries begin and end with words found nowhere else."""
    lines = tuple(
        entry(number, of=entries, position=f"đầu{number:02d}x", contract_id=f"cuối{number:02d}x")
        for number in range(1, entries + 1)
    )
    return book(entries, employments=lines)


@cache
def pages_of(entries: int) -> list[str]:
    return reading.words(printed(marked(entries)))


@pytest.fixture(scope="module")
def typical() -> bytes:
    return printed(book(8))


@pytest.fixture(scope="module")
def long() -> bytes:
    return printed(marked(30))


class TestWords:
    def test_are_those_of_the_golden_file(self, typical: bytes) -> None:
        read = "\n=== page ===\n".join(reading.words(typical)) + "\n"
        golden = GOLDEN / "book.txt"
        if os.environ.get("UPDATE_GOLDEN"):
            golden.write_text(read, "utf-8")

        assert read == golden.read_text("utf-8")

    def test_stand_under_the_state_header(self, typical: bytes) -> None:
        text = reading.flat(typical)

        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc" in text
        assert "SỞ NỘI VỤ THÀNH PHỐ HÀ NỘI" in text
        assert "Hà Nội, ngày 05 tháng 11 năm 2026" in text
        assert "SỔ LAO ĐỘNG ĐIỆN TỬ" in text

    def test_mask_the_personal_id(self, typical: bytes) -> None:
        text = reading.flat(typical)

        assert "********3456" in text
        assert "001185" not in text.replace(" ", "")

    def test_show_the_personal_id_where_the_worker_wants_it(self) -> None:
        text = reading.flat(printed(book(1), whole_personal_id=True))

        assert "001 185 123456" in text

    def test_invent_no_day_of_birth(self) -> None:
        text = reading.flat(printed(book(1, identity=identity(birth_date="1965"))))

        assert "1965" in text
        assert "01/01/1965" not in text

    def test_tell_what_nobody_knows(self) -> None:
        blank = identity(birth_date=None, sex=None, personal_id=None, residence=None)

        text = reading.flat(printed(book(1, identity=blank)))

        assert text.count("không rõ") >= 4
        assert "None" not in text

    def test_say_that_a_person_has_died(self) -> None:
        text = reading.flat(printed(book(1, identity=identity(life_status="DECEASED"))))

        assert "đã chết" in text

    @pytest.mark.parametrize(
        ("match_state", "words"),
        [
            ("NOT_FOUND", "Not found in the population register."),
            ("MISMATCH", "Does not agree with the population register."),
            ("UNCHECKED", "Not checked against the population register."),
        ],
    )
    def test_say_who_was_not_found_in_the_population_register(
        self, match_state: str, words: str
    ) -> None:
        text = reading.flat(printed(book(1, identity=identity(match_state=match_state))))

        assert "Chưa đối chiếu được với CSDL quốc gia về dân cư" in text
        assert words in text

    @pytest.mark.parametrize("match_state", ["MATCHED", "DECEASED", ""])
    def test_say_nothing_of_who_was_found(self, match_state: str) -> None:
        text = reading.flat(printed(book(1, identity=identity(match_state=match_state))))

        assert "Chưa đối chiếu" not in text

    def test_invent_neither_start_nor_end(self) -> None:
        held = entry(1, first_day=None, known_since=Month.of(2026, 9))
        left_open = entry(2, running=False, last_day=None, known_until=Month.of(2022, 4))

        text = reading.flat(printed(book(0, employments=(held, left_open))))

        assert "không rõ ngày bắt đầu; có mặt tại thời điểm thu thập 09/2026" in text
        assert "không rõ ngày kết thúc; có dữ liệu đến 04/2022" in text
        assert "nay" not in text.split()

    def test_tell_gaps_without_a_reason(self, typical: bytes) -> None:
        assert "không có dữ liệu (2 tháng)" in reading.flat(typical)

    def test_tell_open_points_in_words(self) -> None:
        point = Discrepancy(
            cause="DATES_DIFFER",
            field="first_day",
            entry_number=1,
            detail={"source": "FORM03", "says": "2019-05", "record": "2019-06-01"},
        )

        text = reading.flat(printed(book(1, discrepancies=(point,))))

        assert "Dòng 1: Nguồn phiếu mẫu 03 ghi 05/2019; sổ ghi 01/06/2019." in text

    @pytest.mark.parametrize("level", Assurance)
    def test_name_the_assurance_and_show_its_sign(self, level: Assurance) -> None:
        text = reading.flat(printed(book(1, employments=(entry(1, of=1, assurance=level),))))

        sign = "○◔◑◕●◉"[level]
        assert text.count(sign) >= 2

    def test_of_an_empty_book_say_so(self) -> None:
        totals = replace(book(1).insurance, by_fund={}, arrears={}, first_month=None)

        text = reading.flat(
            printed(book(0, employments=(), gaps=(), qualifications=(), insurance=totals))
        )

        assert "Chưa có quá trình làm việc" in text


class TestSecrets:
    def test_of_leaving_and_pay_change_no_byte(self) -> None:
        quiet = book(2)
        other = replace(
            quiet,
            employments=tuple(
                replace(each, end_reason_clause=8, wage_base_vnd=98_765_432)
                for each in quiet.employments
            ),
        )

        assert printed(quiet) == printed(other)


class TestPages:
    def test_are_two_for_a_typical_worker(self, typical: bytes) -> None:
        assert len(reading.words(typical)) == 2

    def test_carry_address_code_number_and_version(self, long: bytes) -> None:
        for number, page in enumerate(reading.words(long), start=1):
            assert books.ADDRESS in page
            assert books.CODE in page
            assert "SLD-01-2026-0000412" in page
            assert re.search(r"Phiên bản Version 3", page)
            assert f"Trang {number}" in page

    def test_carry_a_qr_code_that_a_scanner_reads(self, long: bytes) -> None:
        pages = reading.pictures(long, dpi=150)

        assert len(pages) >= 4
        assert [reading.qr_codes(page) for page in pages] == [[books.ADDRESS]] * len(pages)

    def test_can_be_read_in_pure_black_and_white(self, typical: bytes) -> None:
        for page in reading.pictures(typical, dpi=150):
            fax = page.convert("L").point(lambda shade: WHITE if shade > WHITE // 2 else 0)

            assert reading.qr_codes(fax) == [books.ADDRESS]

    def test_link_to_the_address(self, typical: bytes) -> None:
        with reading.opened(typical) as file:
            for page in file.pages:
                targets = {str(each.A.URI) for each in page.Annots}

                assert targets == {books.ADDRESS}

    @pytest.mark.parametrize("entries", [*range(1, 13), 30])
    def test_never_split_an_entry(self, entries: int) -> None:
        pages = pages_of(entries)

        for number in range(1, entries + 1):
            [first] = [place for place, page in enumerate(pages) if f"đầu{number:02d}x" in page]
            [last] = [place for place, page in enumerate(pages) if f"cuối{number:02d}x" in page]
            assert first == last

    @pytest.mark.parametrize("entries", [*range(1, 13), 30])
    def test_leave_no_heading_alone(self, entries: int) -> None:
        for page in pages_of(entries):
            if "II. Quá trình làm việc" in page:
                assert "đầu01x" in page
            if "III. Văn bằng" in page:
                assert "Bằng cao đẳng" in page

    def test_repeat_the_head_of_the_table(self, long: bytes) -> None:
        for page in reading.words(long):
            if "đầu" in page:
                assert "Đơn vị sử dụng lao động" in page

    def test_keep_their_letters_within_the_margins(self, long: bytes) -> None:
        assert reading.letters_outside(long, margin=36) == []


class TestArchiveForm:
    """ISO 19005-3, as far as it can be seen without a validator of its own."""

    def test_declares_itself(self, typical: bytes) -> None:
        with reading.opened(typical) as file:
            assert file.pdf_version == "1.7"
            with file.open_metadata() as xmp:
                assert xmp["pdfaid:part"] == "3"
                assert xmp["pdfaid:conformance"] == "B"

    def test_has_an_output_intent_with_its_profile(self, typical: bytes) -> None:
        with reading.opened(typical) as file:
            [intent] = file.Root.OutputIntents

            assert intent.S == "/GTS_PDFA1"
            assert intent.DestOutputProfile.N == 3
            assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"

    def test_embeds_every_font(self, typical: bytes) -> None:
        found = reading.fonts(typical)

        assert len(found) == 4
        assert all(found.values())

    def test_has_no_script_and_no_encryption(self, typical: bytes) -> None:
        with reading.opened(typical) as file:
            assert not file.is_encrypted
            assert "/OpenAction" not in file.Root
            assert "/AcroForm" not in file.Root

    def test_dates_the_file_by_the_day_of_issue(self, typical: bytes) -> None:
        with reading.opened(typical) as file:
            assert str(file.docinfo["/CreationDate"]) == "D:20261105000000+07'00"
            with file.open_metadata() as xmp:
                assert xmp["xmp:CreateDate"] == "2026-11-05T00:00:00+07:00"
                assert xmp["xmp:ModifyDate"] == xmp["xmp:CreateDate"]

    def test_names_each_attached_file_once_and_its_relationship(self, typical: bytes) -> None:
        with reading.opened(typical) as file:
            named = {str(each.UF): str(each.AFRelationship) for each in file.Root.AF}

            assert len(file.Root.AF) == 2
            assert named == {"claims.json": "/Data", "credential.sd-jwt": "/Alternative"}

    def test_gives_the_attached_files_back(self, typical: bytes) -> None:
        with reading.opened(typical) as file:
            given = {name: each.get_file().read_bytes() for name, each in file.attachments.items()}
            kinds = {str(each.EF.F.Subtype) for each in file.Root.AF}

        assert given == books.ATTACHMENTS
        assert kinds == {"/application/json", "/application/dc+sd-jwt"}

    def test_is_sound_for_another_reader(self, typical: bytes) -> None:
        with reading.opened(typical) as file:
            assert file.check_pdf_syntax() == []
            assert isinstance(file.Root.Names.EmbeddedFiles.Names, pikepdf.Array)

    def test_speaks_vietnamese(self, typical: bytes) -> None:
        with reading.opened(typical) as file:
            assert str(file.Root.Lang) == "vi"


class TestDeterminism:
    def test_same_input_gives_the_same_bytes(self, typical: bytes) -> None:
        printed(book(3))

        assert printed(book(8)) == typical

    @pytest.mark.parametrize(
        "change",
        [
            {"version": 4},
            {"issued_on": date(2026, 11, 6)},
            {"lookup_code": "OTHER"},
            {"attachments": {}},
        ],
    )
    def test_other_input_gives_other_bytes(self, change: dict[str, object]) -> None:
        digests = {hashlib.sha256(printed(book(1), **each)).digest() for each in ({}, change)}

        assert len(digests) == 2


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=file:///etc/passwd onerror=x>',
    "{{ 7 * 7 }}{% raw %}",
    "</td></tr></table><h1>giả",
    "&lt;b&gt;&#x0;",
    "\u202eđảo ngược\u200b",
    "a" * 400,
    "ẾỆỘ" * 200,
    "\x00\x08\x1b\ud800",
    "",
    " \n\n\n ",
    "]]>--><!--",
)


class TestHostileWords:
    @pytest.mark.parametrize("words", HOSTILE)
    def test_are_printed_and_nothing_else(self, words: str) -> None:
        line = entry(
            1, of=1, employer=words, position=words, contract_id=words, workplace=words,
            enterprise_code=words, employer_status=words, contract_kind=words,
        )  # fmt: skip
        hostile = book(
            1,
            employments=(line,),
            identity=identity(full_name=words, residence=words, nationality=words),
            qualifications=(books.qualification(field=words, issuer=words, number=words),),
        )

        pdf = printed(hostile, issuer=Issuer(words, words, words), lookup_code=words)

        assert reading.letters_outside(pdf, margin=36) == []
        assert reading.qr_codes(reading.pictures(pdf, dpi=150)[0]) == [books.ADDRESS]
        with reading.opened(pdf) as file:
            targets = {str(each.A.URI) for page in file.pages for each in page.Annots}
            assert targets == {books.ADDRESS}

    def test_appear_as_they_are(self) -> None:
        text = reading.flat(printed(book(1, identity=identity(full_name=HOSTILE[0]))))

        assert HOSTILE[0] in text

    def test_in_the_address_are_refused_when_too_long(self) -> None:
        with pytest.raises(Invalid):
            printed(book(1), verify_url="https://x.vn/" + "a" * 2_000)


class TestGaps:
    def test_stand_where_they_fall_in_time(self) -> None:
        gaps = (Gap(Month.of(2030, 1), Month.of(2030, 1)),)

        text = reading.flat(printed(book(2, gaps=gaps)))

        assert text.index("Thợ hàn") < text.index("01/2030: không có dữ liệu (1 tháng)")
