from dataclasses import replace

from app.answers import Background, Doubt, Gap, OwnBook
from app.health import WORDS, Word, four_words
from app.parts.basic import Tone
from tests.app.samples import BOOK, NOW, OFFICE, OWN, SEWING

NOTHING_DOUBTED = Background((), ())
LINE = Doubt("DATES_DIFFER", 1, "Ngày khác nhau", "Dates differ")
PERSON = Doubt("TWO_NUMBERS", None, "Hai số", "Two numbers")
WHOLE = replace(OWN, book=replace(BOOK, gaps=()))


def told(
    own: OwnBook = WHOLE, background: Background | None = NOTHING_DOUBTED, asked: int = 0
) -> dict[str, Word]:
    return {each.name: each for each in four_words(own, background, asked, NOW)}


class TestFourWords:
    def test_are_good_for_a_good_book(self) -> None:
        assert {each.tone for each in told().values()} == {Tone.GOOD}
        assert tuple(told()) == WORDS

    def test_are_not_right_where_sources_of_a_line_differ(self) -> None:
        word = told(background=Background((), (LINE, PERSON)))["right"]
        assert (word.tone, word.why, word.count) == (Tone.CARE, "no", 1)

    def test_are_not_right_while_the_owner_contests_a_line(self) -> None:
        word = told(asked=2)["right"]
        assert (word.tone, word.why, word.count) == (Tone.CARE, "asked", 2)

    def test_do_not_say_what_could_not_be_loaded(self) -> None:
        words = told(background=None)
        assert {words[each].tone for each in ("right", "clean")} == {Tone.PLAIN}

    def test_are_not_complete_with_unknown_months_and_not_quite_with_gaps(self) -> None:
        unknown = replace(BOOK, employments=(replace(OFFICE, months_unknown=3),))
        gaps = replace(BOOK, employments=(SEWING, OFFICE), gaps=(Gap("2021-03", "2023-08"),))

        assert told(replace(OWN, book=unknown))["complete"].tone == Tone.CARE
        assert told(replace(OWN, book=gaps))["complete"].tone == Tone.PLAIN

    def test_are_not_clean_without_the_population_register_or_with_a_flag(self) -> None:
        worker = replace(BOOK.worker, population_check="MISMATCH") if BOOK.worker else None
        flagged = told(background=Background((), (PERSON,)))["clean"]

        assert told(replace(OWN, book=replace(BOOK, worker=worker)))["clean"].tone == Tone.CARE
        assert (flagged.tone, flagged.why, flagged.count) == (Tone.CARE, "flags", 1)

    def test_are_not_alive_once_revoked_or_not_reported_for_months(self) -> None:
        assert BOOK.insurance is not None
        late = replace(BOOK, insurance=replace(BOOK.insurance, as_of_month="2026-06"))

        assert told(replace(OWN, state="revoked"))["alive"].tone == Tone.BAD
        assert told(replace(OWN, book=late))["alive"].tone == Tone.CARE
