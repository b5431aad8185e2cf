from dataclasses import replace
from datetime import date

import pytest

from app import guide
from app.guide import WRONGS, Draft, current_of, draft_of, mistakes, offered, typed_of, wire
from app.texts import Say, catalogue
from labour_book.domain.correction_fields import FIELDS, NEEDED_TO_ADD, Ask, CaseKind
from tests.app.samples import BOOK, NOW, OFFICE

TODAY = date(2026, 11, 20)
JOB = {"first_day": "2023-09-01", "last_day": "", "position": "Nhân viên"}


def draft(code: str, subject: str = "employment", **values: str) -> Draft:
    return Draft(subject, 2, 1, code, values)


class TestWrongs:
    @pytest.mark.parametrize("subject", WRONGS)
    def test_ask_only_for_what_the_service_knows(self, subject: str) -> None:
        for each in WRONGS[subject]:
            assert set(each.fields) | set(each.claimed) <= set(FIELDS[CaseKind(each.kind)])
            assert each.ask in set(Ask)
            assert f"wrong.{subject}.{each.code}" in catalogue()

    @pytest.mark.parametrize("subject", ["missing-job", "missing-study"])
    def test_ask_for_all_that_a_new_line_needs(self, subject: str) -> None:
        (only,) = WRONGS[subject]
        assert set(NEEDED_TO_ADD[CaseKind(only.kind)]) <= set(only.fields)

    def test_do_not_offer_that_a_running_job_still_runs(self) -> None:
        codes = {each.code for each in offered("employment", JOB)}
        ended = {each.code for each in offered("employment", JOB | {"last_day": "2024-01"})}

        assert "running" not in codes
        assert "running" in ended


class TestWire:
    @pytest.mark.parametrize(
        ("typed", "value"),
        [
            ("05/03/2021", "2021-03-05"),
            ("5/3/2021", "2021-03-05"),
            ("5.3.2021", "2021-03-05"),
            ("3/2021", "2021-03"),
            ("2021", "2021"),
            ("", ""),
        ],
    )
    def test_turns_a_day_round(self, typed: str, value: str) -> None:
        assert wire("first_day", typed) == (value or "")

    def test_is_undone_by_showing(self) -> None:
        assert typed_of("first_day", wire("first_day", "05/03/2021")) == "05/03/2021"
        assert wire("position", "  Thợ   may ") == "Thợ may"


class TestMistakes:
    @pytest.mark.parametrize(
        ("typed", "why"),
        [
            ("", "empty"),
            ("32/01/2021", "day"),
            ("hôm qua", "day"),
            ("21/2021", "day"),
            ("01/01/21", "day"),
            ("01/01/2030", "future"),
            ("01/09/2023", "same"),
        ],
    )
    def test_are_found_before_anything_is_sent(self, typed: str, why: str) -> None:
        found = mistakes(draft("first_day", first_day=typed), JOB, TODAY)
        assert found == {"first_day": f"correct.wrong.{why}"}

    @pytest.mark.parametrize("typed", ["05/03/2021", "03/2021", "2021"])
    def test_are_none_in_a_day_as_exact_as_it_is_remembered(self, typed: str) -> None:
        assert mistakes(draft("first_day", first_day=typed), JOB, TODAY) == {}

    def test_are_none_where_nothing_has_to_be_typed(self) -> None:
        assert mistakes(draft("never"), JOB, TODAY) == {}
        assert mistakes(draft("running"), JOB, TODAY) == {}

    def test_notice_an_end_before_the_beginning(self) -> None:
        months = draft(
            "months", "insurance", first_month="05/2021", last_month="03/2021", status="none"
        )
        assert mistakes(months, {}, TODAY) == {"last_month": "correct.wrong.order"}

    def test_want_a_month_where_months_are_meant(self) -> None:
        months = draft(
            "months", "insurance", first_month="05/03/2021", last_month="06/2021", status="none"
        )
        assert mistakes(months, {}, TODAY) == {"first_month": "correct.wrong.month"}

    @pytest.mark.parametrize(("code", "right"), [("0100109106", True), ("01001091O6", False)])
    def test_look_at_the_form_of_an_enterprise_code(self, code: str, *, right: bool) -> None:
        found = mistakes(draft("employer", employer="A", enterprise_code=code), {}, TODAY)
        assert (found == {}) == right


class TestDraft:
    def test_asks_for_what_differs_only(self) -> None:
        whole = draft(
            "several", first_day="02/09/2023", position="Nhân viên", last_day="", employer=""
        )
        assert whole.body(JOB)["claimed"] == {"first_day": "2023-09-02"}

    def test_names_the_line_and_the_version_it_was_read_in(self) -> None:
        body = draft("running").body(JOB | {"last_day": "2024-01"})

        assert (body["version"], body["line"], body["claimed"]) == (1, 2, {"last_day": ""})
        missing = Draft("missing-job", None, 1, "missing", {"employer": "A"}).body({})
        assert (missing["version"], missing["line"], missing["ask"]) == (None, None, "add")

    def test_is_read_as_it_was_kept(self) -> None:
        kept = guide.kept(draft("first_day", first_day="05/03/2021"), NOW)
        assert draft_of(kept.text()) == kept

    @pytest.mark.parametrize("text", [None, "", "{}", "x", '{"subject": "new"}'])
    def test_is_forgotten_where_it_cannot_be_read(self, text: str | None) -> None:
        assert draft_of(text) is None


class TestCurrentOf:
    def test_is_what_the_book_says(self) -> None:
        found = current_of(BOOK, "employment", OFFICE.no)
        assert found is not None
        assert (found["first_day"], found["last_day"]) == ("2023-09-01", "")

    def test_is_none_where_the_line_is_gone(self) -> None:
        assert current_of(BOOK, "employment", 9) is None
        assert current_of(BOOK, "qualification", 2) is None
        assert current_of(BOOK, "missing-job", None) == {}

    def test_has_words_for_every_field(self) -> None:
        say = Say("vi")
        for kind in CaseKind:
            for name in FIELDS[kind]:
                assert say.code("correct-field", name) != name


def test_a_draft_without_a_choice_is_about_nothing_yet() -> None:
    assert replace(draft("x"), code="").wrong is None
