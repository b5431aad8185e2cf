from dataclasses import replace

import pytest

from labour_book import data
from labour_book.domain.people import PartialDate
from labour_book.domain.reconciliation import CAUSES, Registered, Stated, compare, levels

BINH = Registered(
    personal_id="001090123456",
    full_name="TRẦN XUÂN HÒA BÌNH",
    birth_date=PartialDate(1990, 5, 17),
    sex="M",
    old_numbers=("012345678", "001090999999"),
)
SAID = Stated(("001090123456",), "Trần Xuân Hòa Bình", PartialDate(1990, 5, 17), "M")


class TestCompare:
    def test_finds_nothing_where_all_agrees(self) -> None:
        assert compare(SAID, BINH) == ()

    def test_finds_nothing_where_nothing_is_stated(self) -> None:
        assert compare(Stated(), BINH) == ()

    @pytest.mark.parametrize(
        ("full_name", "cause"),
        [
            ("Trần Xuân Hoà Bình", "NAME_TONE_MARKS"),
            ("Tran Xuan Hoa Binh", "NAME_TONE_MARKS"),
            ("Trần Xuân Hòa Bìn", "NAME_SPELLING"),
            ("Bình Trần Xuân Hòa", "NAME_WORD_ORDER"),
            ("Trần Hòa Bình", "NAME_SHORTENED"),
            ("T. X. H. Bình", "NAME_SHORTENED"),
            ("T X H Bình", "NAME_SHORTENED"),
            ("Lê Thị Sen", "NAME_DIFFERS"),
        ],
    )
    def test_tells_how_a_name_differs(self, full_name: str, cause: str) -> None:
        assert compare(replace(SAID, full_name=full_name), BINH) == (cause,)

    @pytest.mark.parametrize(
        ("stated", "known", "cause"),
        [
            ("1990-05", "1990-05-17", "BIRTH_DATE_PARTIAL"),
            ("1990-05-17", "1990-05", "BIRTH_DATE_PARTIAL"),
            ("1990", "1990-05-17", "BIRTH_DATE_YEAR_ONLY"),
            ("1990-05-17", "1990", "BIRTH_DATE_YEAR_ONLY"),
            ("1990-08-21", "1990-05-17", "BIRTH_DATE_YEAR_ONLY"),
            ("1990-07-05", "1990-05-07", "BIRTH_DATE_SWAPPED"),
            ("1991-05-17", "1990-05-17", "BIRTH_DATE_DIFFERS"),
        ],
    )
    def test_tells_how_a_birth_date_differs(self, stated: str, known: str, cause: str) -> None:
        said = replace(SAID, birth_date=PartialDate.parse(stated))

        assert compare(said, replace(BINH, birth_date=PartialDate.parse(known))) == (cause,)

    @pytest.mark.parametrize(
        ("number", "cause"),
        [
            ("012345678", "OLD_NUMBER"),
            ("001090999999", "CANCELLED_NUMBER"),
            ("001090123457", "ONE_DIGIT"),
            ("001090123465", "ONE_DIGIT"),
            ("079090555555", "ONE_PERSON_TWO_NUMBERS"),
        ],
    )
    def test_tells_what_is_wrong_with_a_number(self, number: str, cause: str) -> None:
        assert compare(replace(SAID, numbers=(number,)), BINH) == (cause,)

    def test_believes_the_best_of_several_numbers(self) -> None:
        assert compare(replace(SAID, numbers=("012345678", "001090123456")), BINH) == ()

    def test_says_only_that_a_number_is_somebody_elses(self) -> None:
        other = Stated(("001090123456",), "Lê Thị Sen", PartialDate(1985, 1, 2), "F")

        assert compare(other, BINH) == ("TWO_PEOPLE_ONE_NUMBER",)

    def test_tells_of_another_sex(self) -> None:
        assert compare(replace(SAID, sex="F"), BINH) == ("SEX_DIFFERS",)

    def test_adds_that_somebody_has_died(self) -> None:
        died = replace(BINH, is_deceased=True)

        assert compare(replace(SAID, sex="F"), died) == ("SEX_DIFFERS", "DECEASED")

    def test_shows_no_number(self) -> None:
        assert "001090123456" not in f"{SAID}{BINH}"


class TestCauses:
    def test_have_words_an_owner_and_a_way_out(self) -> None:
        every = {*CAUSES.values(), *data.match_causes()}

        assert every == set(data.match_causes())
        assert every <= set(data.causes())
        owners = {row["owner"] for row in data.match_causes().values()}
        assert owners == {"population", "insurance", "commune", "province"}


class TestLevels:
    def test_say_nothing_of_what_is_not_stated(self) -> None:
        found = levels(Stated(full_name="Trần Xuân Hòa Bình"), BINH)

        assert (found.number, found.name, found.birth, found.sex) == (
            *("unsaid", "same", "unsaid", "unsaid"),
        )
