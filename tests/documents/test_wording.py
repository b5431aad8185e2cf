from datetime import date

import pytest

from labour_book.documents import wording
from labour_book.domain.assurance import Assurance, Source
from labour_book.domain.book import SourceRef


class TestTables:
    def test_have_words_for_every_code(self) -> None:
        assert set(wording.LEVELS) == set(Assurance)
        assert set(wording.SOURCES) == set(Source)

    def test_have_a_sign_of_its_own_for_every_level(self) -> None:
        assert len({level.sign for level in wording.LEVELS.values()}) == len(Assurance)


class TestMonthBar:
    @pytest.mark.parametrize(
        ("paid", "arrears", "unknown", "bar"),
        [
            (96, 0, 0, "█" * 20),
            (0, 0, 1, "░" * 20),
            (50, 50, 0, "█" * 10 + "▒" * 10),
            (400, 1, 1, "█" * 18 + "▒░"),
            (1, 1, 400, "█▒" + "░" * 18),
        ],
    )
    def test_shows_whatever_there_is(self, paid: int, arrears: int, unknown: int, bar: str) -> None:
        assert wording.month_bar(paid=paid, arrears=arrears, unknown=unknown) == bar + "▏"

    def test_is_empty_without_months(self) -> None:
        assert wording.month_bar(paid=0, arrears=0, unknown=0) == ""


class TestMonthsInWords:
    def test_leaves_out_what_there_is_none_of(self) -> None:
        words = wording.months_in_words(paid=96, arrears=0, unknown=2, credited=1)

        assert words.replace("\xa0", " ") == (
            "96 tháng đã đóng, 2 tháng chưa rõ, trong đó 1 tháng chỉ tính thời gian"
        )

    def test_says_that_nothing_is_reported_yet(self) -> None:
        words = wording.months_in_words(paid=0, arrears=0, unknown=0, credited=0)

        assert words == "chưa đến kỳ báo cáo"


class TestShown:
    @pytest.mark.parametrize(
        ("wire", "paper"),
        [
            ("1985", "1985"),
            ("1985-07", "07/1985"),
            ("1985-07-09", "09/07/1985"),
            (None, "không rõ"),
        ],
    )
    def test_invents_no_day(self, wire: str | None, paper: str) -> None:
        assert wording.shown(wire) == paper


class TestSourcesInWords:
    def test_names_each_source_once_with_its_newest_month(self) -> None:
        sources = [
            SourceRef(Source.INSURANCE, date(2026, 9, 1)),
            SourceRef(Source.INSURANCE, date(2026, 11, 1)),
            SourceRef(Source.FORM03, date(2026, 9, 20)),
        ]

        assert wording.sources_in_words(sources) == "BHXH (11/2026), phiếu mẫu 03 (09/2026)"


class TestDetail:
    def test_is_written_for_people(self) -> None:
        given: dict[str, str | int] = {"source": "FORM03", "says": "2019-05", "months": 3}

        assert wording.detail(given) == {"source": "phiếu mẫu 03", "says": "05/2019", "months": 3}


class TestEmployerStatus:
    def test_is_the_label_of_the_register(self) -> None:
        assert wording.employer_status("ACTIVE") == "đang hoạt động"

    @pytest.mark.parametrize("code", [None, "NEVER_HEARD_OF"])
    def test_is_unknown_where_no_register_knows(self, code: str | None) -> None:
        assert wording.employer_status(code) == "không rõ tình trạng"


class TestQualification:
    @pytest.mark.parametrize(
        ("kind", "level", "words"),
        [
            ("DIPLOMA", "6", "Bằng đại học"),
            ("DIPLOMA", "99", "Văn bằng bậc 99"),
            ("VOCATIONAL_CERTIFICATE", "2", "Chứng chỉ sơ cấp II"),
            ("NATIONAL_SKILL_CERTIFICATE", "3", "Chứng chỉ kỹ năng nghề quốc gia bậc 3"),
            ("LANGUAGE", "B1", "Chứng chỉ ngoại ngữ B1"),
        ],
    )
    def test_is_called_as_the_framework_calls_it(self, kind: str, level: str, words: str) -> None:
        assert wording.qualification(kind, level) == words
