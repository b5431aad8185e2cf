from dataclasses import replace
from datetime import date

from app.answers import Background, Doubt, OwnBook
from app.health import attention, four_words
from app.parts.basic import Tone
from tests.app.samples import BOOK, IDENTITY, NOW, OFFICE, OWN, VIEWED

NOTHING_DOUBTED = Background((), ())
DOUBTED = Background((), (Doubt("DATES_DIFFER", 1, "Ngày khác nhau", "Dates differ"),))


def tones(own: OwnBook = OWN, background: Background | None = NOTHING_DOUBTED) -> dict[str, Tone]:
    return {each.name: each.tone for each in four_words(own, background, NOW)}


class TestFourWords:
    def test_are_good_for_a_good_book(self) -> None:
        assert set(tones().values()) == {Tone.GOOD}

    def test_are_not_right_without_the_population_register(self) -> None:
        worker = replace(BOOK.worker, population_check="MISMATCH") if BOOK.worker else None
        assert tones(replace(OWN, book=replace(BOOK, worker=worker)))["right"] == Tone.CARE

    def test_are_not_complete_with_unknown_months(self) -> None:
        book = replace(BOOK, employments=(replace(OFFICE, months_unknown=3),))
        assert tones(replace(OWN, book=book))["complete"] == Tone.CARE

    def test_are_not_clean_where_sources_differ_and_silent_where_they_are_not_known(self) -> None:
        assert tones(background=DOUBTED)["clean"] == Tone.CARE
        assert tones(background=None)["clean"] == Tone.PLAIN

    def test_are_not_alive_once_revoked_or_not_reported_for_months(self) -> None:
        assert BOOK.insurance is not None
        late = replace(BOOK, insurance=replace(BOOK.insurance, as_of_month="2026-06"))

        assert tones(replace(OWN, state="revoked"))["alive"] == Tone.BAD
        assert tones(replace(OWN, book=late))["alive"] == Tone.CARE


class TestAttention:
    def test_names_unpaid_months_first_and_new_looks(self) -> None:
        found = attention(OWN, [VIEWED, VIEWED], IDENTITY, NOW)

        assert [(each.what, each.count) for each in found] == [
            ("attention.arrears", 9),
            ("attention.looked", 2),
        ]

    def test_forgets_looks_that_were_read_of(self) -> None:
        read = replace(VIEWED, read_at=NOW)
        assert [each.what for each in attention(OWN, [read], IDENTITY, NOW)] == [
            "attention.arrears"
        ]

    def test_tells_a_level_that_is_too_low_and_a_book_that_ends_soon(self) -> None:
        own = replace(OWN, expires_on=date(2026, 12, 1))
        found = [each.what for each in attention(own, [], replace(IDENTITY, level=1), NOW)]

        assert found == ["attention.arrears", "attention.level", "attention.expires"]

    def test_puts_a_revoked_book_above_all(self) -> None:
        found = attention(replace(OWN, state="revoked"), [], IDENTITY, NOW)
        assert found[0].what == "attention.state.revoked"
