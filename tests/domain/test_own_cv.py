import json
from dataclasses import fields, replace

import pytest

from labour_book.domain.cv_lines import Contact, CvLine, Section, cv_of
from labour_book.domain.own_cv import (
    LONGEST,
    MOST_LINES,
    Choices,
    OwnCv,
    OwnLine,
    TooManyLines,
    check_choices,
    check_line,
)
from labour_book.errors import Invalid, NotFound
from tests.domain.factories import OTHER, book, insured, job, qualification

LINE = OwnLine("aa", Section.SKILLS, "Lái xe nâng", level="thành thạo")
WORK = OwnLine("bb", Section.WORK, "Thợ may tại nhà", first_day="2009", last_day="2012-03")
BOOK = book(
    insured("1", "2020-01", "2020-12"),
    job("2", "2021-03-01", employer_code=OTHER, employer_name="Công ty B"),
    qualification("3"),
)


class TestOwnLine:
    def test_has_nothing_that_could_say_who_vouches_for_it(self) -> None:
        names = {each.name for each in fields(OwnLine)}

        assert not names & {"verified", "assurance", "source", "sources"}
        assert LINE.as_cv_line() == CvLine(
            Section.SKILLS, "Lái xe nâng", level="thành thạo", ref="aa"
        )
        assert not LINE.as_cv_line().verified


class TestOwnCv:
    def test_comes_back_from_json_as_it_was(self) -> None:
        choices = Choices("Thợ hàn", "Quen việc.", Contact("a@b.vn"), ("x",), ("y", "aa"))
        cv = OwnCv(choices, (LINE, WORK))

        assert OwnCv.from_json(json.loads(json.dumps(cv.as_json()))) == cv

    def test_adds_changes_and_removes_lines(self) -> None:
        cv = OwnCv().with_line(LINE).with_line(WORK)
        changed = cv.with_changed(replace(LINE, title="Lái xe tải"))

        assert [each.title for each in changed.lines] == ["Lái xe tải", "Thợ may tại nhà"]
        assert cv.without_line("aa").lines == (WORK,)

    def test_forgets_the_place_of_a_line_that_is_removed(self) -> None:
        cv = OwnCv(Choices(hidden=("aa", "x"), order=("bb", "aa")), (LINE, WORK))

        choices = cv.without_line("aa").choices

        assert (choices.hidden, choices.order) == (("x",), ("bb",))

    def test_knows_only_its_own_lines(self) -> None:
        with pytest.raises(NotFound):
            OwnCv().without_line("aa")
        with pytest.raises(NotFound):
            OwnCv().with_changed(LINE)

    def test_takes_no_more_lines_than_it_may_have(self) -> None:
        full = OwnCv(lines=tuple(replace(LINE, line_id=str(n)) for n in range(MOST_LINES)))

        with pytest.raises(TooManyLines):
            full.with_line(LINE)


class TestCheckLine:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"title": " "}, "title"),
            ({"title": "x" * (LONGEST["title"] + 1)}, "title"),
            ({"title": "a\nb"}, "title"),
            ({"organisation": "a\u202eb"}, "organisation"),
            ({"text": "\x00"}, "text"),
            ({"first_day": "2021-13"}, "first_day"),
            ({"first_day": "05/2021"}, "first_day"),
            ({"last_day": "2021-02-30"}, "last_day"),
            ({"first_day": "2021-03", "last_day": "2021-02"}, "last_day"),
        ],
    )
    def test_refuses_what_no_line_can_be(self, changes: dict[str, str], field: str) -> None:
        with pytest.raises(Invalid) as refused:
            check_line(replace(LINE, **changes))

        assert refused.value.facts["field"] == field

    @pytest.mark.parametrize(
        "changes",
        [
            {"text": "Hai dòng\nđể kể"},
            {"first_day": "2021-03-15", "last_day": "2021"},
            {"first_day": "2021", "last_day": "2021-01"},
        ],
    )
    def test_takes_several_lines_of_text_and_dates_known_in_part(
        self, changes: dict[str, str]
    ) -> None:
        check_line(replace(LINE, **changes))


class TestCheckChoices:
    @pytest.mark.parametrize(
        ("contact", "field"),
        [
            (Contact(email="không có"), "email"),
            (Contact(phone="<script>"), "phone"),
            (Contact(phone="12"), "phone"),
            (Contact(url="javascript:alert(1)"), "url"),
        ],
    )
    def test_refuses_where_nobody_can_be_reached(self, contact: Contact, field: str) -> None:
        with pytest.raises(Invalid) as refused:
            check_choices(Choices(contact=contact))

        assert refused.value.facts["field"] == field

    def test_takes_what_people_write(self) -> None:
        check_choices(
            Choices("Thợ hàn", "a\nb", Contact("a@b.vn", "+84 912 345 678", "https://a.vn"))
        )


class TestCvOf:
    def test_names_each_line_the_same_as_it_grows(self) -> None:
        ended = book(
            insured("1", "2020-01", "2020-12"),
            job("2", "2021-03-01", "2026-10-31", employer_code=OTHER, employer_name="Công ty B"),
            qualification("3"),
        )

        assert {each.ref for each in cv_of(BOOK).lines} == {each.ref for each in cv_of(ended).lines}

    def test_tells_lines_apart_that_have_one_name(self) -> None:
        twice = book(qualification("1", level="6"), qualification("2", level="7"))

        refs = [each.ref for each in cv_of(twice).lines]

        assert len(set(refs)) == 2
        assert refs[1] == f"{refs[0]}-2"

    def test_leaves_out_what_is_hidden(self) -> None:
        whole = cv_of(BOOK, [WORK.as_cv_line()])
        hidden = [whole.lines[0].ref, "bb", "nothing"]

        made = cv_of(BOOK, [WORK.as_cv_line()], hidden=hidden)

        assert [each.ref for each in made.lines] == [
            each.ref for each in whole.lines[1:] if each.ref != "bb"
        ]

    def test_stands_in_the_order_that_was_chosen(self) -> None:
        newest, oldest = cv_of(BOOK).section(Section.WORK)

        made = cv_of(BOOK, order=[oldest.ref, newest.ref])

        assert made.section(Section.WORK) == (oldest, newest)

    def test_keeps_own_lines_below_verified_ones_whatever_the_order_says(self) -> None:
        made = cv_of(BOOK, [WORK.as_cv_line()], order=["bb"])

        assert [each.verified for each in made.section(Section.WORK)] == [True, True, False]
